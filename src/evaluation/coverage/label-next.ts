import { comparableText } from '../leakage/comparable-text.ts';

/** A row of traffic with its topic and how near it is to the centre. */
export interface TopicRow {
  readonly row: number;
  readonly text: string;
  readonly topic: number;
  readonly closeness: number;
}

/**
 * Traffic rows that bring the shares of topics in the test set nearest to those of traffic, one after the other: always from
 * the topic that lacks most, its most typical question that is not in the test set or chosen yet.
 * @param sampleCounts test samples by topic.
 */
export function chooseLabelNext(
  rows: readonly TopicRow[],
  sampleTexts: readonly string[],
  sampleCounts: readonly number[],
  count: number,
): TopicRow[] {
  const seen = new Set(sampleTexts.map(comparableText));
  const shares = sampleCounts.map(
    (_, topic) => rows.filter((row) => row.topic === topic).length / rows.length,
  );
  const queues = sampleCounts.map((_, topic) =>
    rows.filter((row) => row.topic === topic).sort((a, b) => b.closeness - a.closeness || a.row - b.row),
  );
  const counts = [...sampleCounts];
  let total = counts.reduce((sum, value) => sum + value, 0);
  const chosen: TopicRow[] = [];
  while (chosen.length < count) {
    const lacking = counts
      .map((there, topic) => ({ topic, lack: shares[topic]! * (total + 1) - there }))
      .filter(({ topic }) => queues[topic]!.length > 0)
      .sort((a, b) => b.lack - a.lack || a.topic - b.topic)[0];
    if (!lacking) break;
    const next = queues[lacking.topic]!.shift()!;
    const text = comparableText(next.text);
    if (seen.has(text)) continue;
    seen.add(text);
    chosen.push(next);
    counts[lacking.topic] = counts[lacking.topic]! + 1;
    total++;
  }
  return chosen;
}
