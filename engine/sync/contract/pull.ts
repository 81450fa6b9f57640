import type { UnresolvedReference } from '../../model/failure';

/** Brings in records that others refer to; answers whether any was created. */
export type Pull = (missing: readonly UnresolvedReference[]) => Promise<boolean>;
