import { SyncError } from '../../model/errors';
import type { Coupling } from '../../model/coupling';
import { SYSTEM_NAMES } from '../../model/side';
import type { TableMapping } from '../../model/tableMapping';
import type { PutBack } from './witnesses';

const NAMED = 3;
const minute = (stamp: string): string => `${stamp.slice(0, 16).replace('T', ' ')} UTC`;
const nameOf = ({ bcNumber, bcName, crmName, crmId }: Coupling): string => [bcNumber, bcName || crmName].filter(Boolean).join(' ') || crmId;

function inWords({ side, rolledBack, gone, since, more }: PutBack): string {
	const count = (found: readonly Coupling[], what: string): string[] => {
		if (found.length === 0) return [];
		const names = found.slice(0, NAMED).map(nameOf).join(', ');
		return [
			`${more ? 'at least ' : ''}${found.length} ${found.length === 1 ? 'record' : 'records'} ${what} (${names}${found.length > NAMED ? ', …' : ''})`,
		];
	};
	const parts = [...count(rolledBack, 'as before that time'), ...count(gone, 'created since missing')];
	return `${SYSTEM_NAMES[side]} seems to have been put back to a state before ${minute(since)}: ${parts.join(', and ')}.`;
}

/** One error for all sides. */
export function restored(mapping: TableMapping, found: readonly PutBack[]): SyncError {
	const sides = found.map(({ side }) => SYSTEM_NAMES[side]).join(' and ');
	return new SyncError({
		code: 'RESTORED',
		errorClass: 'setup',
		system: found.length === 1 ? found[0]!.side : 'engine',
		message: `${found.map(inWords).join(' ')} ${mapping.name} was not run, and nothing was written: old values are no edits, and what is missing was not deleted by anybody.`,
		hint: `If ${sides} was restored or copied over: Sync Mapping → Settle Restored System, with Preview first. It either sends the other side's values again, or accepts the restored ones. If nothing was restored (a clock was set back, records were deleted by hand), the same operation has "It Was Not Restored".`,
	});
}
