export {
  type Answer,
  type AnswerNotice,
  answerNoticeSchema,
  answerSchema,
  type Citation,
  type CitationPlace,
  type Claim,
  type ClaimState,
  type ClaimSupport,
  type Context,
  citationPlaceSchema,
  citationSchema,
  claimSchema,
  claimStateSchema,
  claimSupportSchema,
  contextSchema,
  type Quotation,
  quotationSchema,
  type Refusal,
  type RequestContextRecord,
  refusalReasonSchema,
  refusalSchema,
  requestContextRecordSchema,
  type SupportFailure,
  supportFailureSchema,
} from './answer.ts';
export { type ErasedDocuments, type ErasedSurface, textsInside } from './erasure.ts';
export { type ErrorCode, errorCatalogue } from './errors/catalogue.ts';
export type { ErrorEntry } from './errors/entry.ts';
export { type ErrorData, FulcrumError, suggest, toFulcrumError } from './errors.ts';
export { decodedPieces, readWholeText, startsAsUtf16, wholeFileLimit } from './files/decoded-text.ts';
export { type Line, readJsonLines, readLines } from './files/json-lines.ts';
export { readTableRows } from './files/table-rows.ts';
export { canonicalJson, contentHash, newId, sha256 } from './ids.ts';
export {
  everyone,
  localOwner,
  ownersGroup,
  type Principal,
  parsePrincipal,
  principalSchema,
  readerTokens,
} from './principal.ts';
export type { OnProgress, Progress, WorkOptions } from './progress.ts';
export {
  type Evidence,
  evidenceSchema,
  type Sample,
  type SplitName,
  sampleSchema,
  splitNameSchema,
} from './sample.ts';
export { errorScore, type Score, scored, scoreSchema, undefinedScore } from './score.ts';
export {
  addCost,
  addUsage,
  type Cost,
  costSchema,
  type InputParts,
  inputPartNames,
  inputPartsSchema,
  noCost,
  noUsage,
  priceSourceSchema,
  type Usage,
  usageSchema,
} from './usage.ts';
export { packageVersion } from './version.ts';
