import { DataverseError } from '../errors';
import type { StateDefinition } from '../model';
import { next, type Rules, type Write } from './rule';

/** statecode and statuscode of every table that has them: defaults, pairs that belong together (schema conventions, statecode/statuscode). */
export const states: Rules = {
	tables: 'all',
	check(write) {
		const { states: definition } = write.table;
		if (!definition) return;
		complete(write, definition);
		const state = next(write, 'statecode');
		const status = next(write, 'statuscode');
		const known = definition.values[String(state)];
		if (!known) {
			throw new DataverseError(
				400,
				'0x80048408',
				`${String(state)} is not a valid state code on ${write.table.logicalName} with Id ${write.id}.`,
			);
		}
		if (!known.statuses.includes(Number(status))) {
			throw new DataverseError(
				400,
				'0x80048408',
				`${String(status)} is not a valid status code for state code ${schemaName(write)}State.${known.label} on ${write.table.logicalName} with Id ${write.id}.`,
			);
		}
	},
	fill(write) {
		if (write.table.states) complete(write, write.table.states);
	},
};

function complete(write: Write, definition: StateDefinition): void {
	const { changes, before } = write;
	if (changes.statecode === null) delete changes.statecode;
	if (changes.statuscode === null) delete changes.statuscode;
	if (before === null && changes.statecode === undefined) changes.statecode = definition.default[0];
	if (changes.statecode !== undefined && changes.statuscode === undefined) {
		const sameState = before !== null && before.statecode === changes.statecode;
		if (!sameState) changes.statuscode = before === null && changes.statecode === definition.default[0] ? definition.default[1] : (definition.values[String(changes.statecode)]?.defaultStatus ?? null); // prettier-ignore
	}
}

function schemaName({ table }: Write): string {
	return table.schemaName ?? table.logicalName.charAt(0).toUpperCase() + table.logicalName.slice(1);
}
