import type { SyncError } from '../../../model/errors';
import type { BatchPart } from '../../odata/batch';
import type { BatchRunner } from '../../odata/batchRunner';
import { fixedSize } from '../../odata/batchSize';
import type { Connection } from '../../odata/connection';
import { noAnswerError, serviceError } from '../../odata/errors';
import { NoAnswer } from '../../odata/transport';
import type { Metadata } from '../metadata';
import { type ChoiceColumn, type ChoiceColumns, choiceUnknown } from './choiceColumns';
import { choiceRecord } from './choiceRecords';
import { insertOption, relabelOption } from './optionActions';
import { planOption, type Task } from './planOption';
import { publish } from './publisher';
import { notAllowed } from './refusals';
import type { ChoiceSource } from '../../../model/record';
import type { RecordOperation, WriteOutcome } from '../../../ports/write';

/** Actions in one request. */
const BATCH = 100;

/** What became of one action. A refused insert may mean that the value is there, unpublished: that only shows after publishing. */
type Sent = { is: 'accepted' } | { is: 'lost' | 'refused' | 'failed'; error: SyncError };

/**
 * Inserts and relabels values of a choice column. An insert names its value, so that it can be repeated: one that is taken is answered `exists`.
 * Mirrored columns come first: whoever finds a value in the column itself finds it in them, too. Then everything is published in one request,
 * because nobody sees an unpublished value.
 */
export class ChoiceWriter {
	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly about: { columns: ChoiceColumns; metadata: Metadata },
		private readonly root: string,
		private readonly warn: (text: string) => void,
	) {}

	async write(choice: ChoiceSource, operations: readonly RecordOperation[]): Promise<WriteOutcome[]> {
		if (operations.length === 0) return [];
		const { column, mirrors } = await this.read(choice);
		const planned = operations.map((operation) => planOption(column, mirrors, operation));
		const tasks = planned.filter((each): each is Task => !('status' in each));
		const outcomes = new Map<Task, WriteOutcome>();
		if (tasks.length > 0) await this.carryOut(choice, column, mirrors, tasks, outcomes);
		return planned.map((each) => ('status' in each ? each : outcomes.get(each)!));
	}

	/** The column and its mirrors as they are now. A mirror that the environment does not have is left out, with a warning. */
	async read(choice: ChoiceSource): Promise<{ column: ChoiceColumn; mirrors: ChoiceColumn[] }> {
		const [column, ...found] = await this.about.columns.readAll([choice, ...choice.mirrors]);
		if (!column) throw choiceUnknown(choice);
		const mirrors = found.flatMap((mirror, index) => {
			if (mirror) return mirror.globalName !== null && mirror.globalName === column.globalName ? [] : [mirror];
			const { table, column: name } = choice.mirrors[index]!;
			this.warn(`New and changed choices of ${choice.column} are not added to ${name} of ${table}: there is no such column.`);
			return [];
		});
		return { column, mirrors };
	}

	private async carryOut(
		choice: ChoiceSource,
		column: ChoiceColumn,
		mirrors: readonly ChoiceColumn[],
		tasks: readonly Task[],
		outcomes: Map<Task, WriteOutcome>,
	): Promise<void> {
		this.connection.counts.writes += tasks.length;
		const { errors: unmirrored, saved } = await this.mirror(tasks, mirrors);
		for (const [task, error] of unmirrored) outcomes.set(task, undelivered(error));
		const ready = tasks.filter((task) => !unmirrored.has(task));
		const sent = await this.send(
			ready.map(({ kind, value, label }) => (kind === 'insert' ? insertOption : relabelOption)(this.root, column, value, label)),
		);
		const changed = saved || sent.some(({ is }) => is !== 'failed');
		const unpublished = changed ? await publish(this.connection, this.root, [column, ...mirrors]) : null;
		for (const { table } of [column, ...mirrors]) this.about.metadata.forget(table);
		const now = !unpublished && sent.some(({ is }) => is === 'refused') ? await this.about.columns.read(choice) : column;
		ready.forEach((task, index) => outcomes.set(task, outcomeOf(task, sent[index]!, unpublished, now)));
	}

	/** Brings the values into the mirrored columns; answers the errors of those that could not be, and whether anything was saved. */
	private async mirror(
		tasks: readonly Task[],
		mirrors: readonly ChoiceColumn[],
	): Promise<{ errors: Map<Task, SyncError>; saved: boolean }> {
		const wanted = mirrors.flatMap((mirror) => tasks.map((task) => ({ task, mirror, action: mirrorAction(task, mirror) })));
		for (const { task, mirror, action } of wanted) {
			if (action !== 'theirs') continue;
			const own = mirror.options.get(task.value)!.label;
			this.warn(
				`The choice ${task.value} is called "${own}" in ${mirror.column} of ${mirror.table}, and was not renamed to "${task.label}".`,
			);
		}
		const inserts = wanted.filter(({ action }) => action === 'insert');
		const sent = await this.send(inserts.map(({ task, mirror }) => insertOption(this.root, mirror, task.value, task.label)));
		// A value that is refused exists, unpublished: it gets the label as well.
		const refused = inserts.filter((_, index) => sent[index]!.is === 'refused');
		const relabels = [...wanted.filter(({ action }) => action === 'relabel'), ...refused];
		const again = await this.send(relabels.map(({ task, mirror }) => relabelOption(this.root, mirror, task.value, task.label)));
		const errors = new Map<Task, SyncError>();
		const note = (task: Task, each: Sent): void => {
			if (each.is !== 'accepted') errors.set(task, each.error);
		};
		inserts.forEach((each, index) => sent[index]!.is !== 'refused' && note(each.task, sent[index]!));
		relabels.forEach(({ task }, index) => note(task, again[index]!));
		return { errors, saved: [...sent, ...again].some(({ is }) => is === 'accepted' || is === 'lost') };
	}

	private async send(parts: readonly BatchPart[]): Promise<Sent[]> {
		if (parts.length === 0) return [];
		const call = { url: `${this.root}/$batch`, repeatable: true, reading: false, sequential: true, sizer: fixedSize(BATCH) };
		const answers = await this.runner.run(parts, call);
		return answers.map((answer): Sent => {
			const context = this.connection.context(false);
			if (answer instanceof NoAnswer) return { is: answer.delivered ? 'lost' : 'failed', error: noAnswerError(answer, context) };
			if (answer.status >= 200 && answer.status < 300) return { is: 'accepted' };
			const error = serviceError(answer, context);
			if (answer.status === 403) return { is: 'failed', error: notAllowed(error) };
			return { is: error.errorClass === 'data' ? 'refused' : 'failed', error };
		});
	}
}

/** `theirs`: the mirrored column calls the value something of its own. */
function mirrorAction({ value, label, before }: Task, mirror: ChoiceColumn): 'insert' | 'relabel' | 'theirs' | 'nothing' {
	const current = mirror.options.get(value)?.label;
	if (current === undefined) return 'insert';
	if (current === label) return 'nothing';
	return before === null || current.toUpperCase() === before.toUpperCase() ? 'relabel' : 'theirs';
}

/** What may pass is left open, so that the same number is tried again: mirrored columns may have it already. */
const undelivered = (error: SyncError): WriteOutcome => ({ status: error.errorClass === 'transient' ? 'unknown' : 'failed', error });

function outcomeOf(task: Task, sent: Sent, unpublished: SyncError | null, now: ChoiceColumn): WriteOutcome {
	if (sent.is === 'failed' || sent.is === 'lost') return undelivered(sent.error);
	// Saved, but not to be seen: a later run sends it again and publishes it.
	if (unpublished) return undelivered(unpublished);
	if (sent.is === 'accepted') return { status: 'written', record: choiceRecord(task.value, task.label) };
	const there = now.options.has(task.value);
	if (task.kind === 'insert' && there) return { status: 'exists' };
	return task.kind === 'update' && !there ? { status: 'missing' } : { status: 'failed', error: sent.error };
}
