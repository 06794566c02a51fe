import { z } from 'zod';
import { defaultParsingLimits } from './parsing-limits.ts';

/** `parsing` of the config. */
export const parsingConfigSchema = z.strictObject({
  /** Seconds that one document may take. */
  seconds: z.number().positive().max(86_400).default(defaultParsingLimits.seconds),
  /** Memory that the process which parses a document may take, in MB. */
  memoryMb: z.number().int().min(128).default(defaultParsingLimits.memoryMb),
  /** Largest file that is read, in bytes. */
  bytes: z.number().int().positive().max(1_000_000_000).default(defaultParsingLimits.bytes),
});
