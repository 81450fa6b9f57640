import type { MissingReference } from '../../model/failure';

/** Brings in records that others refer to; answers whether any came into being, or, in a preview, would. */
export type Pull = (missing: readonly MissingReference[]) => Promise<boolean>;
