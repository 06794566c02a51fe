import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { corpusBleu } from './text/bleu.ts';
import { rouge, rougeTokens } from './text/rouge.ts';

// Four published score files of DSTC11 track 5 (alexa/dstc11-track5, results/), recomputed from the systems' outputs
// as scripts/scores.py there defines them. METEOR is left out: it needs its Java program and paraphrase table.

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../../../shared/data');
const folder = join(shared, 'dstc11-sktod', 'metric-parity');

interface Snippet {
  readonly domain: string;
  readonly entity_id: number;
  readonly doc_type: string;
  readonly doc_id: number;
  readonly sent_id?: number;
}
interface Turn {
  readonly target: boolean;
  readonly knowledge?: readonly Snippet[];
  readonly response?: string;
}

const read = (name: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(join(folder, `${name}.json.gz`))).toString('utf8'));

describe.skipIf(!existsSync(folder))('DSTC11 (shared data)', () => {
  const labels = existsSync(folder) ? (read('test.labels') as Turn[]) : [];
  const systems = ['team00-entry0', 'team02-entry3', 'team06-entry0', 'team07-entry4'];
  it.each(systems)('%s reproduces its published scores to 6 decimals', (system) => {
    const turns = read(system) as Turn[];
    const published = read(`${system}.score`) as Record<string, Record<string, number>>;
    const ours = scoreSystem(labels, turns);
    for (const [part, figures] of Object.entries(ours))
      for (const [figure, value] of Object.entries(figures))
        expect(value, `${part} ${figure}`).toBeCloseTo(published[part]![figure]!, 6);
    expect(Object.values(ours).flatMap(Object.keys)).toHaveLength(11);
  });
});

function scoreSystem(
  labels: readonly Turn[],
  turns: readonly Turn[],
): Record<string, Record<string, number>> {
  const wanted = labels.filter(({ target }) => target).length;
  const found = turns.filter(({ target }) => target).length;
  const both = labels.flatMap((label, index) => {
    const turn = turns[index]!;
    if (!label.target || !turn.target) return [];
    return [{ hypothesis: turn.response!, references: [label.response!] }];
  });
  // A sum of scores over the turns that were rightly answered, as an F over those answered and those to be answered.
  const weighted = (total: number): number => harmonic(total / found, total / wanted);
  const rougeSum = (type: 'rouge1' | 'rouge2' | 'rougeL'): number =>
    both.reduce(
      (total, { hypothesis, references }) =>
        total + rouge(references[0]!, hypothesis, type, stemmedTokens).fmeasure,
      0,
    );
  return {
    detection: {
      prec: both.length / found,
      rec: both.length / wanted,
      f1: harmonic(both.length / found, both.length / wanted),
    },
    selection: selection(labels, turns),
    generation: {
      bleu: weighted((corpusBleu(both)!.score / 100) * both.length),
      rouge_1: weighted(rougeSum('rouge1')),
      rouge_2: weighted(rougeSum('rouge2')),
      rouge_l: weighted(rougeSum('rougeL')),
    },
  };
}

function selection(labels: readonly Turn[], turns: readonly Turn[]): Record<string, number> {
  let hits = 0;
  let found = 0;
  let wanted = 0;
  let exact = 0;
  let asked = 0;
  for (const [index, label] of labels.entries()) {
    const gold = (label.knowledge ?? []).map(key);
    const selected = new Set((turns[index]!.knowledge ?? []).map(key));
    if (gold.length === 0 && selected.size === 0) continue;
    const matched = gold.filter((one) => selected.has(one)).length;
    asked += 1;
    hits += matched;
    found += selected.size;
    wanted += gold.length;
    if (gold.length === selected.size && matched === gold.length) exact += 1;
  }
  return {
    prec: hits / found,
    rec: hits / wanted,
    f1: harmonic(hits / found, hits / wanted),
    em_acc: exact / asked,
  };
}

/** Each text is cut once for the three measures and four systems. */
const known = new Map<string, string[]>();
function stemmedTokens(text: string): string[] {
  const tokens = known.get(text) ?? rougeTokens(text, true);
  known.set(text, tokens);
  return tokens;
}

const key = ({ domain, entity_id, doc_type, doc_id, sent_id }: Snippet): string =>
  [domain, entity_id, doc_type, doc_id, doc_type === 'review' ? sent_id : ''].join(' ');

const harmonic = (a: number, b: number): number => (2 * a * b) / (a + b);
