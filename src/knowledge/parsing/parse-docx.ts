import { unzipSync } from 'fflate';
import { parseFragment } from 'parse5';
import { FulcrumError } from '../../core/index.ts';
import type { DocumentAttributes, ParsedDocument } from '../document.ts';
import { canonicalText } from './canonical-text.ts';
import { languageTag } from './front-matter.ts';
import { parseHtml } from './parse-html.ts';

/** Most that the parts of a document may be together when unpacked, in bytes. */
const unpackedLimit = 256 * 1024 * 1024;
const mostParts = 20_000;

/**
 * The text of a Word document by way of HTML: headings, lists, tables, notes and text boxes stay; headers, footers,
 * comments and deleted text go. No file or address that it names is opened. Throws `document-damaged`.
 */
export async function parseDocx(bytes: Uint8Array, uri: string): Promise<ParsedDocument> {
  const damaged = (problem: string, cause?: unknown) =>
    new FulcrumError('document-damaged', { path: uri, problem }, { cause });
  const about = readAbout(bytes, damaged);
  const { default: mammoth } = await import('mammoth');
  let html: string;
  try {
    const converted = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) },
      {
        styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"],
        convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })),
        externalFileAccess: false,
        idPrefix: '',
      },
    );
    html = converted.value;
  } catch (cause) {
    const [line = ''] = ((cause as Error).message ?? '').split('\n');
    throw damaged(line === '' ? 'it is not a Word document.' : `${line.replace(/\.$/, '')}.`, cause);
  }
  const { title, ...parsed } = parseHtml(canonicalText(html, uri));
  // The lines of the HTML are not those of anything that a person opens.
  return { ...parsed, title: about.title ?? title, places: [], attributes: about.attributes };
}

interface About {
  readonly title: string | null;
  readonly attributes: DocumentAttributes;
}

/** Reads the properties, after a look at what all parts would be unpacked. */
function readAbout(bytes: Uint8Array, damaged: (problem: string, cause?: unknown) => FulcrumError): About {
  let total = 0;
  let count = 0;
  let properties: Uint8Array | undefined;
  try {
    const name = 'docProps/core.xml';
    properties = unzipSync(bytes, {
      filter(part) {
        total += part.originalSize;
        count += 1;
        if (total > unpackedLimit || count > mostParts) throw new RangeError('too large');
        return part.name === name && part.originalSize < 1_000_000;
      },
    })[name];
  } catch (cause) {
    if (cause instanceof RangeError)
      throw damaged(
        `it unpacks to more than ${unpackedLimit / 1024 / 1024} MB or ${mostParts} parts.`,
        cause,
      );
    throw damaged(`it is not a complete zip archive (${(cause as Error).message}).`, cause);
  }
  const said = properties ? memberTexts(new TextDecoder().decode(properties)) : new Map<string, string>();
  const language = languageTag(said.get('dc:language'));
  const day = /^\d{4}-\d{2}-\d{2}/.exec(
    said.get('dcterms:modified') ?? said.get('dcterms:created') ?? '',
  )?.[0];
  const date = day && !Number.isNaN(Date.parse(day)) ? day : null;
  const title = said.get('dc:title')?.replace(/\s+/g, ' ').trim().toWellFormed();
  return {
    title: title || null,
    attributes: { ...(language ? { language } : {}), ...(date ? { date } : {}) },
  };
}

/** Texts of the elements of a small XML file by their names. */
function memberTexts(xml: string): Map<string, string> {
  const texts = new Map<string, string>();
  const open = [...parseFragment(xml).childNodes];
  for (let node = open.pop(); node; node = open.pop()) {
    if (!('childNodes' in node)) continue;
    const [only] = node.childNodes;
    if (only && 'value' in only && 'tagName' in node) texts.set(node.tagName, only.value);
    open.push(...node.childNodes);
  }
  return texts;
}
