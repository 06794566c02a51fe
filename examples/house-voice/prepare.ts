import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from '../../src/core/index.ts';
import { inputOf, readSupportTurns, type SupportTurn } from './dstc11.ts';

/**
 * `node prepare.ts OUT`: replies of a support desk as rows for tuning. Whole hotels and restaurants go to test, so that no reply about a
 * tested one is learnt from; the choice is by hash. At most six sentences are known, as fits a small model.
 */
const mostKnown = 6;
const counts = { train: 400, validation: 40, test: 100 };

const [out = '.fulcrum/replies.jsonl'] = process.argv.slice(2);
const turns = readSupportTurns()
  .filter(({ known }) => known.length <= mostKnown)
  .sort((a, b) => (sha256(a.id) < sha256(b.id) ? -1 : 1));
const bySplit = Map.groupBy(turns, splitOf);
const rows = (['train', 'validation', 'test'] as const).flatMap((split) =>
  bySplit
    .get(split)!
    .slice(0, counts[split])
    .map((turn) => ({
      id: turn.id,
      group: turn.entity,
      input: inputOf(turn),
      target: turn.reply,
      split,
    })),
);
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
console.log(`${out}: train ${counts.train}, validation ${counts.validation}, test ${counts.test}`);

function splitOf({ entity }: SupportTurn): 'train' | 'validation' | 'test' {
  const place = Number.parseInt(sha256(entity).slice(0, 8), 16) % 10;
  return place < 2 ? 'test' : place === 2 ? 'validation' : 'train';
}
