import { SyncError } from '../../model/errors';
import type { Connection } from '../odata/connection';
import type { Row } from '../odata/envelope';
import { NoAnswer } from '../odata/transport';
import type { Addresses } from './address';
import { type Companions, joinValue, normalKey } from './companions';
import { type CompanionPlace, type CompanionRead, companionFields } from './fields';
import { writeResult } from './outcome';
import { valuesOf } from './records';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';
import type { WriteOutcome } from '../../ports/write';

/** Companion fields of one record that are to be written after the record itself. */
export interface CompanionTask {
	/** Position in the call of `write`. */
	index: number;
	inserted: boolean;
	/** Version the change was decided on, where the record itself was not written and has not checked it. */
	guard: string | null;
	/** The record after its own write. */
	record: SystemRecord;
	/** By full field name, `companion/property`; wire values. */
	values: Readonly<Record<FieldName, FieldValue>>;
}

/**
 * Writes companion rows: reads their versions, makes sure that the records are still as they were decided on, sends the changes guarded by those
 * versions, and reads the records once more, because a change of a companion row moves the version and the stamp of the record it shows.
 * That version only counts where the companion row still is as it was left: else it already belongs to what somebody entered since.
 */
export class CompanionWriter {
	/** Versions of companion rows after they were written. */
	private readonly left: Array<{ task: CompanionTask; place: CompanionPlace; version: string }> = [];

	constructor(
		private readonly companions: Companions,
		private readonly connection: Connection,
		private readonly readOwn: (ids: readonly string[]) => Promise<Map<string, SystemRecord>>,
		/** Fields whose values are wanted back, own and companion ones. */
		private readonly wanted: readonly FieldName[],
	) {}

	async write(table: TableSource, tasks: readonly CompanionTask[]): Promise<Map<number, WriteOutcome>> {
		const outcomes = new Map<number, WriteOutcome>();
		const empty = tasks.filter((task) => Object.keys(task.values).length === 0);
		const checked = [...(await this.check(empty, outcomes)), ...tasks.filter((task) => !empty.includes(task))];
		const written = new Map<number, Record<FieldName, FieldValue>>(checked.map((task) => [task.index, {}]));
		for (const part of companionFields(
			this.companions.addresses,
			table,
			checked.flatMap((task) => Object.keys(task.values)),
		)) {
			await this.writeOneOrFail(table, part, checked, outcomes, written);
		}
		await this.readAgain(table, checked, outcomes, written);
		return outcomes;
	}

	/**
	 * Is the version of the records still the one the change was decided on, or the one their own write left? To be asked after the versions of
	 * the companion rows were read: whoever changes those later is caught by them, whoever changed them before moved this one.
	 */
	private async check(tasks: readonly CompanionTask[], outcomes: Map<number, WriteOutcome>): Promise<CompanionTask[]> {
		const current = await this.currentOrError(tasks);
		return tasks.flatMap((task) => {
			const record = current instanceof SyncError ? current : current.get(task.record.id);
			if (record instanceof SyncError) this.fail(task, outcomes, record);
			else if (record && record.version === (task.guard ?? task.record.version)) return [{ ...task, record: newer(task, record) }];
			else if (task.inserted) this.fail(task, outcomes, this.changedMeanwhile(task));
			else outcomes.set(task.index, { status: record ? 'stale' : 'missing' });
			return [];
		});
	}

	private async currentOrError(tasks: readonly CompanionTask[]): Promise<Map<string, SystemRecord> | SyncError> {
		if (tasks.length === 0) return new Map();
		try {
			return await this.readOwn(tasks.map((task) => task.record.id));
		} catch (error) {
			if (error instanceof SyncError) return error;
			throw error;
		}
	}

	/** Trouble with the page as a whole must not hide what became of the records themselves: it is told for each of them. */
	private async writeOneOrFail(
		table: TableSource,
		part: CompanionRead,
		tasks: readonly CompanionTask[],
		outcomes: Map<number, WriteOutcome>,
		written: Map<number, Record<FieldName, FieldValue>>,
	): Promise<void> {
		try {
			await this.writeOne(table, part, tasks, outcomes, written);
		} catch (error) {
			if (!(error instanceof SyncError)) throw error;
			const concerned = tasks.filter((task) => Object.keys(task.values).some((field) => fieldsOf(part).includes(field)));
			for (const task of concerned) if (!outcomes.has(task.index)) this.fail(task, outcomes, error);
		}
	}

	private async writeOne(
		table: TableSource,
		part: CompanionRead,
		tasks: readonly CompanionTask[],
		outcomes: Map<number, WriteOutcome>,
		written: Map<number, Record<FieldName, FieldValue>>,
	): Promise<void> {
		const { place } = part;
		const prefix = `${place.service}/`;
		const own = tasks.flatMap((task) => {
			const values = Object.fromEntries(
				Object.entries(task.values).flatMap(([field, value]) =>
					fieldsOf(part).includes(field) ? [[field.slice(prefix.length), value]] : [],
				),
			);
			return Object.keys(values).length > 0 && !outcomes.has(task.index)
				? [{ task, values, key: joinValue(table, place, task.record) }]
				: [];
		});
		if (own.length === 0) return;
		const rows = await this.companions.rowsByKey(
			place,
			[],
			own.map(({ key }) => key),
		);
		if (rows === null) return;
		// An earlier page of the same call has moved the version of the records it wrote.
		const untouched = own.map(({ task }) => task).filter((task) => Object.keys(written.get(task.index)!).length === 0);
		const known = new Map((await this.check(untouched, outcomes)).map((task) => [task.index, task.record]));
		for (const { task } of own) task.record = known.get(task.index) ?? task.record;
		const present = own.filter(({ task, key }) => {
			if (outcomes.has(task.index)) return false;
			if (rows.has(normalKey(key))) return true;
			this.fail(task, outcomes, this.rowMissing(place, key));
			return false;
		});
		const wanted = wantedOf(this.companions.addresses, table, place, this.wanted);
		const changes = present.map(({ key, values }) => {
			const row = rows.get(normalKey(key))!;
			return { key: String(row[place.rowKey]), version: String(row['@odata.etag'] ?? ''), values };
		});
		const answers = await this.companions.write(place, changes, wanted);
		for (const [position, { task, values }] of present.entries()) {
			const result = writeResult(answers[position]!, 'update', this.connection.context(false, place.service, task.record.id));
			if ('row' in result) {
				const row = result.row && place.kind !== 'apiV2' ? place.here(result.row) : null;
				Object.assign(written.get(task.index)!, prefixed(prefix, row, values, wanted));
				this.left.push({ task, place, version: String(result.row?.['@odata.etag'] ?? '') });
			} else if (result.outcome.status === 'failed' || result.outcome.status === 'unknown')
				this.fail(task, outcomes, result.outcome.error, result.outcome.status);
			// The page misses something. Whether the record itself is there was just looked at.
			else if (result.outcome.status === 'missing' && result.outcome.error) this.fail(task, outcomes, result.outcome.error);
			else if (task.inserted) this.fail(task, outcomes, this.changedMeanwhile(task));
			else outcomes.set(task.index, result.outcome);
		}
	}

	/** An inserted record exists, whatever became of its companion: its outcome must lead to a coupling, or it would be inserted twice. */
	private fail(task: CompanionTask, outcomes: Map<number, WriteOutcome>, error: SyncError, status: 'failed' | 'unknown' = 'failed'): void {
		outcomes.set(task.index, task.inserted ? { status: 'written', record: task.record, incomplete: error } : { status, error });
	}

	/** Version and stamp as they are after everything. Where they cannot be read, the older ones make the next run look again, no more. */
	private async readAgain(
		table: TableSource,
		tasks: readonly CompanionTask[],
		outcomes: Map<number, WriteOutcome>,
		written: ReadonlyMap<number, Record<FieldName, FieldValue>>,
	): Promise<void> {
		const touched = tasks.filter((task) => Object.keys(written.get(task.index) ?? {}).length > 0);
		const current = touched.length === 0 ? new Map<string, SystemRecord>() : await this.readAgainOrKeep(table, touched);
		for (const task of tasks) {
			const known = outcomes.get(task.index);
			if (known && known.status !== 'written') continue;
			const record = current.get(task.record.id) ?? task.record;
			const incomplete = known?.status === 'written' ? known.incomplete : undefined;
			const values = { ...task.record.values, ...onlyOf(record.values, task.record.values), ...written.get(task.index) };
			outcomes.set(task.index, { status: 'written', record: { ...record, values }, ...(incomplete ? { incomplete } : {}) });
		}
	}

	private async readAgainOrKeep(table: TableSource, tasks: readonly CompanionTask[]): Promise<Map<string, SystemRecord>> {
		try {
			const current = await this.readOwn(tasks.map((task) => task.record.id));
			for (const { id } of await this.changedSince(table)) current.delete(id);
			return current;
		} catch (error) {
			if (error instanceof SyncError || error instanceof NoAnswer) return new Map();
			throw error;
		}
	}

	/** Records with a companion row that is no longer as it was left. */
	private async changedSince(table: TableSource): Promise<SystemRecord[]> {
		const changed: SystemRecord[] = [];
		for (const place of new Set(this.left.map((each) => each.place))) {
			const own = this.left.filter((each) => each.place === place);
			const keyOf = ({ task }: (typeof own)[number]): string => joinValue(table, place, task.record);
			const rows = await this.companions.rowsByKey(place, [], own.map(keyOf));
			for (const each of own) {
				const version = rows?.get(normalKey(keyOf(each)))?.['@odata.etag'];
				if (version !== each.version) changed.push(each.task.record);
			}
		}
		return changed;
	}

	private rowMissing({ service }: CompanionPlace, key: string): SyncError {
		return new SyncError({
			code: 'BC_COMPANION_ROW_MISSING',
			errorClass: 'data',
			system: 'businessCentral',
			table: service,
			message: `The page "${service}" shows no row for "${key}", so its fields could not be written.`,
			hint: 'Check the filters of that page and the permissions of the user, or disable the fields that live there.',
		});
	}

	private changedMeanwhile(task: CompanionTask): SyncError {
		return new SyncError({
			code: 'BC_STALE',
			errorClass: 'transient',
			system: 'businessCentral',
			recordId: task.record.id,
			message: 'The new record changed while its fields on additional pages were being written.',
			hint: 'Nothing needs to be done: the next run writes the remaining fields.',
		});
	}
}

const fieldsOf = ({ place, properties }: CompanionRead): FieldName[] => properties.map((property) => `${place.service}/${property}`);

/** Properties wanted back from one place, without the prefix. */
const wantedOf = (addresses: Addresses, table: TableSource, of: CompanionPlace, wanted: readonly FieldName[]): string[] =>
	companionFields(addresses, table, wanted).find(({ place }) => place.service === of.service && place.kind === of.kind)?.properties ?? [];

/** A record whose own part was not written is known by its identity only. */
const newer = (task: CompanionTask, record: SystemRecord): SystemRecord => (task.guard === null ? task.record : record);

/** Values of the companion as it sent them back, else as they were sent. */
function prefixed(
	prefix: string,
	row: Row | null,
	sent: Record<string, FieldValue>,
	wanted: readonly string[],
): Record<FieldName, FieldValue> {
	const values = row ? { ...sent, ...valuesOf(row, wanted) } : sent;
	return Object.fromEntries(Object.entries(values).map(([property, value]) => [prefix + property, value]));
}

const onlyOf = (
	values: Readonly<Record<FieldName, FieldValue>>,
	names: Readonly<Record<FieldName, FieldValue>>,
): Record<FieldName, FieldValue> => Object.fromEntries(Object.entries(values).filter(([name]) => name in names));
