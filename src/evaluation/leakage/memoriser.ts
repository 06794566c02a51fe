import type { Sample } from '../../core/index.ts';
import { type MeanInterval, meanInterval } from '../statistics/mean-interval.ts';
import { type IndexedRows, indexRows, nearestRow } from './find-leaks.ts';
import type { Memoriser } from './leakage-report.ts';

/** Similarities to the nearest training row below which a sample is far, and from which it is near. */
export const bandLimits = { far: 0.3, near: 0.7 } as const;

export type Band = 'far' | 'middle' | 'near';

/** Band of a similarity. */
export function bandOf(similarity: number): Band {
  return similarity < bandLimits.far ? 'far' : similarity >= bandLimits.near ? 'near' : 'middle';
}

/**
 * The memoriser probe: predicts the label of each test sample as that of its nearest training row (character 5-grams, the
 * first of equals), over all and by band. A tuned model that beats it only where it is near has learnt the
 * rows by heart. Where nothing has a label the reference is taken as one. Null where neither side has any.
 */
export function probeMemoriser(samples: readonly Sample[], sides: readonly IndexedRows[]): Memoriser | null {
  const rows = sides.flatMap((side) => side.rows);
  const labelOf = [labelled, referenced].find(
    (label) => samples.some((sample) => label(sample)) && rows.some(({ sample }) => label(sample)),
  );
  if (!labelOf) return null;
  const usable = sides.map((side) => {
    const withLabel = side.rows.filter(({ sample }) => labelOf(sample));
    return withLabel.length === side.rows.length ? side : indexRows({ ...side, rows: withLabel });
  });
  const asked = samples.filter((sample) => labelOf(sample));
  const outcomes = asked.map((sample) => {
    const nearest = nearestRow(sample, usable);
    const predicted = nearest ? labelOf(nearest.against.rows[nearest.row]!.sample) : undefined;
    return {
      right: predicted === labelOf(sample) ? 1 : 0,
      band: bandOf(nearest?.similarity ?? 0),
      group: sample.group ?? sample.id,
    };
  });
  const measured = (
    chosen: typeof outcomes,
  ): Omit<MeanInterval, 'mean' | 'clusters'> & { accuracy: number | null } => {
    const { mean, low, high } = meanInterval(
      chosen.map(({ right }) => right),
      chosen.map(({ group }) => group),
      0.95,
    );
    return { accuracy: mean, low, high };
  };
  const limits = {
    far: [0, bandLimits.far],
    middle: [bandLimits.far, bandLimits.near],
    near: [bandLimits.near, 1],
  };
  return {
    n: asked.length,
    unlabelled: {
      samples: samples.length - asked.length,
      rows: rows.length - usable.reduce((sum, side) => sum + side.rows.length, 0),
    },
    ...measured(outcomes),
    bands: (['far', 'middle', 'near'] as const).map((band) => {
      const chosen = outcomes.filter((outcome) => outcome.band === band);
      const [from = 0, to = 1] = limits[band];
      return { band, from, to, n: chosen.length, ...measured(chosen) };
    }),
  };
}

function labelled({ label }: Sample): string | undefined {
  return label || undefined;
}

function referenced({ reference }: Sample): string | undefined {
  return reference?.trim().toLowerCase() || undefined;
}
