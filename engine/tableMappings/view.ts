import type { SyncSession } from '../ports/session';
import { filterInWords } from '../mapping/filters/words';
import type { TableMapping } from '../model/tableMapping';
import type { Direction } from '../model/direction';
import type { FieldMapping } from '../model/fieldMapping';
import type { Job } from '../model/job';

/** One side of a mapping, as people see it. */
export interface SideView {
	/** Entity set, page or logical table name. */
	table: string;
	/** The filter in words; empty for all records. */
	filter: string;
}

/** A mapping with its results. */
export interface MappingView {
	mapping: string;
	caption: string;
	/** Made by a user. */
	own: boolean;
	/** A default mapping that a user changed. */
	changed: boolean;
	enabled: boolean;
	direction: Direction;
	onlyCoupled: boolean;
	businessCentral: SideView;
	crm: SideView;
	conflict: TableMapping['conflict'];
	deletion: TableMapping['deletion'];
	dependsOn: readonly string[];
	/** Enabled field mappings. */
	fields: number;
	couplings: number;
	failed: number;
	skipped: number;
	/** Records that did not fail and are looked at again: by the next run, or once what they refer to is coupled. */
	waiting: number;
	running: boolean;
	lastRun: Pick<Job, 'id' | 'type' | 'direction' | 'status' | 'startedAt' | 'finishedAt' | 'message'> | null;
}

export async function viewOf(
	session: SyncSession,
	mapping: TableMapping,
	known: { changed: boolean; running: ReadonlySet<string> },
): Promise<MappingView> {
	const { store } = session;
	const { failed, skipped } = await store.countFailures(mapping.name);
	const waiting = (await store.countRequeued(mapping.name)).reduce((sum, { records }) => sum + records, 0);
	const [job] = (await store.jobs({ mapping: mapping.name, limit: 1 })).rows;
	return {
		mapping: mapping.name,
		caption: mapping.caption,
		own: mapping.own ?? false,
		changed: known.changed,
		enabled: mapping.enabled,
		direction: mapping.direction,
		onlyCoupled: mapping.onlyCoupled,
		businessCentral: { table: mapping.bc.name, filter: filterInWords(mapping.bcFilter) },
		crm: { table: mapping.crm.name, filter: filterInWords(mapping.crmFilter) },
		conflict: mapping.conflict,
		deletion: mapping.deletion,
		dependsOn: mapping.dependsOn,
		fields: mapping.fields.filter(({ enabled }) => enabled).length,
		couplings: await store.countCouplings(mapping.name),
		failed,
		skipped,
		waiting,
		running: known.running.has(mapping.name),
		lastRun: job ? lastRunOf(job) : null,
	};
}

const lastRunOf = ({ id, type, direction, status, startedAt, finishedAt, message }: Job): MappingView['lastRun'] => ({
	id,
	type,
	direction,
	status,
	startedAt,
	finishedAt,
	message,
});

/** A field mapping as people see it; what is not set is left out. */
export function fieldView(field: FieldMapping) {
	const { key, caption, bcField, crmField, direction, kind, enabled, constant, mapping, options, match, transform, own } = field;
	return {
		key,
		caption,
		bcField,
		crmField,
		direction,
		kind,
		enabled,
		own: own ?? false,
		clearOnFailure: field.clearOnFailure ?? false,
		notNull: field.notNull ?? false,
		insertOnly: field.insertOnly ?? false,
		match: match !== undefined,
		caseSensitive: match?.caseSensitive ?? false,
		priority: match?.priority ?? 0,
		...(field.conflict === undefined ? {} : { conflict: field.conflict }),
		...(constant === undefined ? {} : { constant }),
		...(mapping === undefined ? {} : { refersTo: mapping }),
		...(options === undefined ? {} : { options }),
		...(transform === undefined ? {} : { transform }),
	};
}
export type FieldView = ReturnType<typeof fieldView>;
