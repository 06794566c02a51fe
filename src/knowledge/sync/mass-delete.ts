import { FulcrumError } from '../../core/index.ts';

/** A source that lists far fewer documents than it did. */
export interface MassDeletion {
  readonly source: string;
  /** Documents that would go; renamed ones are not among them. */
  readonly lost: number;
  /** Documents that the source had. */
  readonly known: number;
  /** Whether the source is no longer configured, rather than listing less. */
  readonly left: boolean;
}

/** So few documents may always go. */
const fewDocuments = 9;
/** Share of a source's documents that may go unasked. */
const smallShare = 0.2;

/**
 * Whether somebody should be asked first: more than 9 documents and more than a fifth of the source would go; or all of them, at
 * least 3, although the source is still configured: an empty folder is mostly one that is not mounted.
 */
export function isMassDeletion({ lost, known, left }: MassDeletion): boolean {
  if (lost > fewDocuments && lost > known * smallShare) return true;
  return !left && lost === known && known >= 3;
}

/** Who may say that documents go all the same. */
export interface MassDeletePermission {
  readonly allowMassDelete?: boolean | undefined;
  readonly confirmMassDelete?: ((loss: MassDeletion) => Promise<boolean>) | undefined;
}

/** Decides on each loss, and remembers those that were not let go. */
export function createMassDeleteGuard({ allowMassDelete, confirmMassDelete }: MassDeletePermission) {
  const losses: MassDeletion[] = [];
  const mayRemove = async (loss: MassDeletion): Promise<boolean> => {
    if (allowMassDelete || !isMassDeletion(loss)) return true;
    if (await confirmMassDelete?.(loss)) return true;
    losses.push(loss);
    return false;
  };
  return { losses, mayRemove };
}

export function massDeletionError(losses: readonly MassDeletion[]): FulcrumError {
  const figures = losses.map(({ source, lost, known, left }) =>
    left ? `${source} (no longer configured): all ${known}` : `${source}: ${lost} of ${known}`,
  );
  return new FulcrumError('sync-mass-delete', { losses: figures.join('; ') });
}
