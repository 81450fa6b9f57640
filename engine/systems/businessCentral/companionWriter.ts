import { SyncError } from '../../errors';
import type { Connection } from '../odata/connection';
import type { Row } from '../odata/envelope';
import { NoAnswer } from '../odata/transport';
import type { CompanionSource, FieldName, FieldValue, SystemRecord, TableSource, WriteOutcome } from '../system';
import { joinValue, normalKey, type Companions } from './companions';
import { companionFields } from './fields';
import { writeResult } from './outcome';
import { valuesOf } from './records';

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
 * Writes companion rows: reads their versions, sends the changes guarded by them, and reads the records once more, because a change of a
 * companion row moves the version and the stamp of the record it shows.
 */
export class CompanionWriter {
	constructor(
		private readonly companions: Companions,
		private readonly connection: Connection,
		private readonly readOwn: (ids: readonly string[]) => Promise<Map<string, SystemRecord>>,
		/** Fields whose values are wanted back, own and companion ones. */
		private readonly wanted: readonly FieldName[],
	) {}

	async write(table: TableSource, tasks: readonly CompanionTask[]): Promise<Map<number, WriteOutcome>> {
		const outcomes = new Map<number, WriteOutcome>();
		const checked = await this.check(tasks, outcomes);
		const written = new Map<number, Record<FieldName, FieldValue>>(checked.map((task) => [task.index, {}]));
		for (const { companion } of companionFields(
			table,
			checked.flatMap((task) => Object.keys(task.values)),
		)) {
			await this.writeOneOrFail(table, companion, checked, outcomes, written);
		}
		await this.readAgain(checked, outcomes, written);
		return outcomes;
	}

	/** Records whose own part was not written: is their version still the one the change was decided on? */
	private async check(tasks: readonly CompanionTask[], outcomes: Map<number, WriteOutcome>): Promise<CompanionTask[]> {
		const guarded = tasks.filter((task) => task.guard !== null);
		const current = await this.currentOrError(guarded);
		return tasks.flatMap((task) => {
			if (task.guard === null) return [task];
			const record = current instanceof SyncError ? current : current.get(task.record.id);
			if (record instanceof SyncError) outcomes.set(task.index, { status: 'failed', error: record });
			else if (!record) outcomes.set(task.index, { status: 'missing' });
			else if (record.version !== task.guard) outcomes.set(task.index, { status: 'stale' });
			else return [{ ...task, record }];
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
		companion: CompanionSource,
		tasks: readonly CompanionTask[],
		outcomes: Map<number, WriteOutcome>,
		written: Map<number, Record<FieldName, FieldValue>>,
	): Promise<void> {
		try {
			await this.writeOne(table, companion, tasks, outcomes, written);
		} catch (error) {
			if (!(error instanceof SyncError)) throw error;
			const concerned = tasks.filter((task) => Object.keys(task.values).some((field) => field.startsWith(`${companion.service}/`)));
			for (const task of concerned) if (!outcomes.has(task.index)) this.fail(task, outcomes, error);
		}
	}

	private async writeOne(
		table: TableSource,
		companion: CompanionSource,
		tasks: readonly CompanionTask[],
		outcomes: Map<number, WriteOutcome>,
		written: Map<number, Record<FieldName, FieldValue>>,
	): Promise<void> {
		const prefix = `${companion.service}/`;
		const own = tasks.flatMap((task) => {
			const values = Object.fromEntries(
				Object.entries(task.values).flatMap(([field, value]) => (field.startsWith(prefix) ? [[field.slice(prefix.length), value]] : [])),
			);
			return Object.keys(values).length > 0 && !outcomes.has(task.index)
				? [{ task, values, key: joinValue(table, companion, task.record) }]
				: [];
		});
		if (own.length === 0) return;
		const rows = await this.companions.rowsByKey(
			companion,
			[],
			own.map(({ key }) => key),
		);
		if (rows === null) return;
		const present = own.filter(({ task, key }) => {
			if (rows.has(normalKey(key))) return true;
			this.fail(task, outcomes, this.rowMissing(companion, key));
			return false;
		});
		const wanted = this.wanted.flatMap((field) => (field.startsWith(prefix) ? [field.slice(prefix.length)] : []));
		const changes = present.map(({ key, values }) => {
			const row = rows.get(normalKey(key))!;
			return { key: String(row[companion.companionKey]), version: String(row['@odata.etag'] ?? ''), values };
		});
		const answers = await this.companions.write(companion, changes, wanted);
		for (const [position, { task, values }] of present.entries()) {
			const result = writeResult(answers[position]!, 'update', this.connection.context(false, companion.service, task.record.id));
			if ('row' in result) Object.assign(written.get(task.index)!, prefixed(prefix, result.row, values, wanted));
			else if (result.outcome.status === 'failed' || result.outcome.status === 'unknown')
				this.fail(task, outcomes, result.outcome.error, result.outcome.status);
			else if (task.inserted) this.fail(task, outcomes, this.changedMeanwhile(companion, task));
			else outcomes.set(task.index, result.outcome);
		}
	}

	/** An inserted record exists, whatever became of its companion: its outcome must lead to a coupling, or it would be inserted twice. */
	private fail(task: CompanionTask, outcomes: Map<number, WriteOutcome>, error: SyncError, status: 'failed' | 'unknown' = 'failed'): void {
		outcomes.set(task.index, task.inserted ? { status: 'written', record: task.record, incomplete: error } : { status, error });
	}

	/** Version and stamp as they are after everything. Where they cannot be read, the older ones make the next run look again, no more. */
	private async readAgain(
		tasks: readonly CompanionTask[],
		outcomes: Map<number, WriteOutcome>,
		written: ReadonlyMap<number, Record<FieldName, FieldValue>>,
	): Promise<void> {
		const touched = tasks.filter((task) => Object.keys(written.get(task.index) ?? {}).length > 0);
		const current = touched.length === 0 ? new Map<string, SystemRecord>() : await this.readAgainOrKeep(touched);
		for (const task of tasks) {
			const known = outcomes.get(task.index);
			if (known && known.status !== 'written') continue;
			const record = current.get(task.record.id) ?? task.record;
			const incomplete = known?.status === 'written' ? known.incomplete : undefined;
			const values = { ...task.record.values, ...onlyOf(record.values, task.record.values), ...written.get(task.index) };
			outcomes.set(task.index, { status: 'written', record: { ...record, values }, ...(incomplete ? { incomplete } : {}) });
		}
	}

	private async readAgainOrKeep(tasks: readonly CompanionTask[]): Promise<Map<string, SystemRecord>> {
		try {
			return await this.readOwn(tasks.map((task) => task.record.id));
		} catch (error) {
			if (error instanceof SyncError || error instanceof NoAnswer) return new Map();
			throw error;
		}
	}

	private rowMissing(companion: CompanionSource, key: string): SyncError {
		return new SyncError({
			code: 'BC_COMPANION_ROW_MISSING',
			errorClass: 'data',
			system: 'businessCentral',
			table: companion.service,
			message: `The page "${companion.service}" shows no row for "${key}", so its fields could not be written.`,
			hint: 'Check the filters of that page and the permissions of the user, or disable the fields that live there.',
		});
	}

	private changedMeanwhile(companion: CompanionSource, task: CompanionTask): SyncError {
		return new SyncError({
			code: 'BC_STALE',
			errorClass: 'transient',
			system: 'businessCentral',
			table: companion.service,
			recordId: task.record.id,
			message: `The new record changed while its fields on "${companion.service}" were being written.`,
			hint: 'Nothing needs to be done: the next run writes the remaining fields.',
		});
	}
}

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
