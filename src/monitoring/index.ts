export { type TracesConfig, tracesConfigSchema } from './config.ts';
export { eraseFromTraces } from './erase-documents.ts';
export { type Feedback, feedbackSchema, type StoredFeedback } from './feedback/feedback.ts';
export { createFeedbackStore, type FeedbackFigures, type FeedbackStore } from './feedback/feedback-store.ts';
export { type JudgedSample, type LeftOut, sampleFromFeedback } from './feedback/samples-from-feedback.ts';
export { monitoringMigrations } from './migrations.ts';
export {
  type AskedRequest,
  newTraceId,
  type RequestOutcome,
  traceOf,
  traceUser,
} from './traces/record-answer.ts';
export { type Span, type Trace, traceSchema } from './traces/trace.ts';
export {
  createTraceStore,
  type TraceFilter,
  type TracePage,
  type TraceReader,
  type TraceStore,
} from './traces/trace-store.ts';
export { createTraceWriter, type TraceWriter, type TraceWriterFigures } from './traces/trace-writer.ts';
