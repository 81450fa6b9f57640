import { randomUUID } from 'node:crypto';
import { DataverseError, keyExists } from '../errors';
import { next, type Rules } from './rule';

/** Unit groups bring their base unit; units need a group and a base unit, and their name is unique in the group. */
export const units: Rules = {
	tables: ['uomschedule', 'uom'],
	check(write) {
		const { table, before, crm, id } = write;
		const required =
			table.logicalName === 'uomschedule' ? ['name', ...(before ? [] : ['baseuomname'])] : ['name', 'uomscheduleid', 'quantity'];
		for (const column of required) {
			if (next(write, column) === null)
				throw new DataverseError(400, '0x80040203', `Required field '${column}' is missing for entity '${table.logicalName}'.`);
		}
		if (table.logicalName === 'uomschedule') {
			for (const other of crm.db.store('uomschedule').having('name', next(write, 'name'))) {
				if (other !== id)
					throw keyExists(`A unit group with the name '${String(next(write, 'name'))}' already exists. Cannot insert duplicate key.`);
			}
			return;
		}
		const isBase = before?.isschedulebaseuom === true;
		if (!isBase && next(write, 'baseuom') === null) {
			throw new DataverseError(400, '0x80040203', "Required field 'baseuom' is missing for entity 'uom'.");
		}
		for (const other of crm.db.store('uom').having('uomscheduleid', next(write, 'uomscheduleid'))) {
			const same = String(crm.db.row('uom', other)!.name).toLowerCase() === String(next(write, 'name')).toLowerCase();
			if (other !== id && same)
				throw keyExists(
					`A unit with the name '${String(next(write, 'name'))}' already exists in the unit group. Cannot insert duplicate key.`,
				);
		}
	},
	fill({ table, before, changes, crm }) {
		if (before === null && table.columns.has('organizationid')) changes.organizationid = crm.environment.organizationId;
		if (table.logicalName === 'uom' && before === null) changes.isschedulebaseuom ??= (changes.baseuom ?? null) === null;
	},
	after({ table, id, before, changes, crm, session }) {
		if (table.logicalName !== 'uomschedule' || before !== null) return;
		// Written by the platform: a base unit has no base unit of its own.
		crm.seed(
			'uom',
			{ uomid: randomUUID(), name: changes.baseuomname ?? null, quantity: 1, uomscheduleid: id, isschedulebaseuom: true },
			session,
		);
	},
	beforeDelete({ table, row, cascade }) {
		if (table.logicalName === 'uom' && row.isschedulebaseuom === true && !cascade) {
			throw new DataverseError(400, '0x80043b02', 'The base unit of a unit group cannot be deleted.');
		}
	},
};
