import type { UnresolvedReference } from '../../model/failure';

/** Brings in records that others refer to; answers whether any was created, or, in a preview, would be. */
export type Pull = (missing: readonly UnresolvedReference[]) => Promise<boolean>;
