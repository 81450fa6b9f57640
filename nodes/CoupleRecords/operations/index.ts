import type { Operation } from '../../shared/operation';
import { couple } from './couple';
import { coupleRecordsWithSurvivor } from './coupleWithSurvivor';
import { createAllAndCouple } from './createAndCoupleAll';
import { createRecordsAndCouple } from './createAndCouple';
import { deleteTheOtherRecord } from './deleteOther';
import { findDeleted } from './findForDeleted';
import { getMany } from './getMany';
import { matchBased } from './matchBased';
import { restore } from './restore';
import { retry } from './retry';
import { synchronizeRecordsWithSide } from './synchronizeWithSide';
import { uncouple } from './uncouple';

/** A new operation is one file and one line here, in the order of use; the first is the default. */
export const operations: readonly Operation[] = [
	couple,
	matchBased,
	createRecordsAndCouple,
	createAllAndCouple,
	getMany,
	retry,
	synchronizeRecordsWithSide,
	findDeleted,
	restore,
	deleteTheOtherRecord,
	coupleRecordsWithSurvivor,
	uncouple,
];
