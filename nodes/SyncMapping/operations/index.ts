import type { Operation } from '../../shared/operation';
import { settleRestored } from './settleRestored';
import { synchronizeAllMappings } from './synchronizeAllMappings';
import { synchronizeModified } from './synchronizeModified';
import { synchronizeSelected } from './synchronizeSelected';

/** A new operation is one file and one line here, in the order of use; the first is the default. */
export const operations: readonly Operation[] = [synchronizeModified, synchronizeAllMappings, synchronizeSelected, settleRestored];
