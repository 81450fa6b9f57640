import type { Operation } from '../../shared/operation';
import { companySettings } from './companySettings';
import { create } from './create';
import { deleteMapping } from './deleteMapping';
import { enable } from './enable';
import { exportMappings } from './exportMappings';
import { get } from './get';
import { getMany } from './getMany';
import { importMappings } from './importMappings';
import { optionValues } from './optionValues';
import { reset } from './reset';
import { setFields } from './setFields';
import { update } from './update';

/** A new operation is one file and one line here, in the order of use; the first is the default. */
export const operations: readonly Operation[] = [
	getMany,
	get,
	enable,
	create,
	update,
	setFields,
	optionValues,
	companySettings,
	exportMappings,
	importMappings,
	reset,
	deleteMapping,
];
