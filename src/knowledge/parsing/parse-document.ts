import type { ParsedDocument, RawDocument } from '../document.ts';
export declare function parseDocument(raw: RawDocument): ParsedDocument;
