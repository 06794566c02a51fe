import { packageVersion } from '../../core/index.ts';

/** Version field of signatures: the release that is reproduced, and that it is this port that computed. */
export function portVersion(reproduced: string): string {
  return `${reproduced}+fulcrum.${packageVersion()}`;
}
