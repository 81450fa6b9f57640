import type { Operation } from '../../shared/operation';
import { couple } from './couple';
import { createRecordsAndCouple } from './createAndCouple';
import { getMany } from './getMany';
import { uncouple } from './uncouple';

/** A new operation is one file and one line here; the first is the default. */
export const operations: readonly Operation[] = [couple, createRecordsAndCouple, uncouple, getMany];
