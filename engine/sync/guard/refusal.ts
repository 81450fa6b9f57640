import { SyncError } from '../../model/errors';
import { type DayOfChanges, LOSSES, lossesOf, type Loss } from '../../model/massChange';
import type { MassChangeLimits } from '../../model/tableMapping';

/** What the error tells of a run that was stopped. */
interface Stopped {
	mapping: string;
	day: DayOfChanges;
	/** What it would have done next. */
	would: DayOfChanges['counts'];
	/** Of some of these records. */
	titles: readonly string[];
	limit: number;
	/** Records that the run had changed before it was stopped. */
	changed: number;
	preview: boolean;
}

const PAST: Readonly<Record<Loss, string>> = { delete: 'deleted', uncouple: 'uncoupled', overwrite: 'overwritten', empty: 'emptied' };

/** @returns `MASS_CHANGE` (setup): records would lose something, and were more than a day allows. `base`: couplings at the beginning of the day. */
export function tooManyLosses(stopped: Stopped & { limits: MassChangeLimits; base: number }): SyncError {
	const { mapping, day, would, limit, limits, base, titles } = stopped;
	const [next, before] = [lossesOf(would), lossesOf(day.counts)];
	const share = (count: number): string => (base > 0 ? `${Math.round((count / base) * 100)} %` : '');
	const shares = base === 0 ? '' : ` (${share(next)}${before > 0 ? `, ${share(next + before)} with the last 24 hours` : ''})`;
	const done = before === 0 ? '' : ` ${inWords(day.counts)} in the last 24 hours${named(day.titles, before)}.`;
	const endsCouples = would.delete + would.uncouple > 0;
	return massChange(stopped, {
		message: `This run would ${list(LOSSES.filter((action) => would[action] > 0).map((action) => `${action} ${would[action]}`))} of ${base} coupled records of ${mapping}${shares}; more than ${limit} a day need your consent (limits: ${Math.round(limits.share * 100)} % of the couplings, ${limits.absolute} records).${done} ${soFar(stopped)} For instance: ${some(titles, next)}.`,
		hint: `Find out why there are so many: a mistaken import or deletion, or rows and columns the user of the credential may no longer see, look the same. If it is meant, run once with the option "Allow Mass Changes", or raise the limits of the table mapping.${endsCouples ? ' To go on without the deletions, set "Find Deleted Records" to "Not in This Run".' : ''}`,
	});
}

/** @returns `MASS_CHANGE` (setup): more records than a day allows would be created. */
export function tooManyCreations(stopped: Stopped): SyncError {
	const { mapping, day, would, limit, titles } = stopped;
	const before = day.counts.create;
	const done = before === 0 ? '' : ` ${before} ${before === 1 ? 'was' : 'were'} created in the last 24 hours.`;
	return massChange(stopped, {
		message: `This run would create ${would.create} record${would.create === 1 ? '' : 's'} of ${mapping}; more than ${limit} a day need your consent.${done} ${soFar(stopped)} For instance: ${some(titles, would.create)}.`,
		hint: 'Find out why there are so many: an import gone wrong, or a filter that was widened by mistake, looks the same. If it is meant, run the table mapping once with Full Sync, or with the option "Allow Mass Changes", or raise its limit of created records.',
	});
}

const massChange = ({ mapping }: Stopped, text: { message: string; hint: string }): SyncError =>
	new SyncError({ code: 'MASS_CHANGE', errorClass: 'setup', system: 'engine', table: mapping, ...text });

/** For instance "9 were deleted and 1 overwritten". */
function inWords(counts: DayOfChanges['counts']): string {
	const [first, ...others] = LOSSES.filter((action) => counts[action] > 0);
	if (first === undefined) return '';
	return list([
		`${counts[first]} ${counts[first] === 1 ? 'was' : 'were'} ${PAST[first]}`,
		...others.map((action) => `${counts[action]} ${PAST[action]}`),
	]);
}

const soFar = ({ changed, preview }: Stopped): string =>
	changed === 0
		? 'Nothing was changed.'
		: `Before it stopped, this run ${preview ? 'would have changed' : 'changed'} ${changed} record${changed === 1 ? '' : 's'}.`;

const some = (titles: readonly string[], count: number): string => `${titles.join(', ')}${count > titles.length ? ', …' : ''}`;

const named = (titles: readonly string[], count: number): string => (titles.length === 0 ? '' : `: ${some(titles, count)}`);

const list = (words: readonly string[]): string => words.join(', ').replace(/, ([^,]*)$/, ' and $1');
