import { SyncError } from '../../model/errors';
import type { FieldName, TableSource } from '../../model/record';
import { INSERTS_SENT_WITHIN_MS } from '../../ports/write';
import type { ActionOperation, GroupOperation, RecordOperation, WriteOperation, WriteOutcome } from '../../ports/write';
import type { BatchPart, PartAnswer } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import { spread } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { noAnswerError, serviceError } from '../odata/errors';
import { groupOutcome } from '../odata/groupOutcome';
import { tooLarge } from '../odata/groupSize';
import { NoAnswer } from '../odata/transport';
import { type Addresses, sharesParent } from './address';
import { primarySet } from './primary';
import type { Writer } from './writer';

/** "100 operations per OData $batch" ("Operational limits for Business Central online"). */
const LARGEST_GROUP = 100;

type Single = RecordOperation | ActionOperation;

interface Planned {
	parts: BatchPart[];
	outcome(answers: ReadonlyArray<PartAnswer | NoAnswer>): WriteOutcome;
}

/**
 * Carries out operations of every kind: on records, bound actions, and groups, each as a batch of its own in one transaction. Posting commits on its
 * own: an action that posts does not belong in a group, whose failure would not undo it.
 */
export class Operations {
	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly writer: Writer,
		private readonly addresses: Addresses,
		private readonly batchSize: number,
	) {}

	async write(table: TableSource, operations: readonly WriteOperation[], returning: readonly FieldName[]): Promise<WriteOutcome[]> {
		const outcomes = new Array<WriteOutcome>(operations.length);
		const simple = operations.flatMap((operation, index) => (isRecord(operation) ? [{ operation, index }] : []));
		const written = await this.writer.write(
			table,
			simple.map(({ operation }) => operation),
			returning,
		);
		simple.forEach(({ index }, position) => (outcomes[index] = written[position]!));
		const actions = operations.flatMap((operation, index) => (operation.kind === 'action' ? [{ operation, index }] : []));
		for (const repeatable of [true, false]) {
			const those = actions.filter(({ operation }) => (operation.repeatable ?? false) === repeatable);
			const planned = those.map(({ operation }) => this.action(table, operation));
			const answers = await this.send(
				table,
				planned.flatMap(({ parts }) => parts),
				repeatable,
			);
			those.forEach(({ index }, position) => (outcomes[index] = planned[position]!.outcome([answers[position]!])));
		}
		for (const [index, operation] of operations.entries())
			if (operation.kind === 'group') outcomes[index] = await this.group(table, operation, returning);
		return outcomes;
	}

	private async group(table: TableSource, { operations }: GroupOperation, returning: readonly FieldName[]): Promise<WriteOutcome> {
		if (operations.length > LARGEST_GROUP)
			return { status: 'failed', error: tooLarge('businessCentral', table, operations.length, LARGEST_GROUP) };
		const members: Planned[] = [];
		for (const each of operations) {
			if (each.operation.kind !== 'action' && touchesCompanion(each.operation)) return { status: 'failed', error: apart(each.table) };
			members.push(await this.single(each.table, each.operation, each.table.name === table.name ? returning : []));
		}
		const parts = members.flatMap((member) => member.parts.map((part) => ({ ...part, group: 'all' })));
		const repeatable = operations.every(({ operation }) => mayRepeat(operation));
		const answers = await this.send(table, parts, repeatable);
		return groupOutcome(
			answers,
			members.map((member, position) => member.outcome([answers[position]!])),
		);
	}

	private async single(table: TableSource, operation: Single, returning: readonly FieldName[]): Promise<Planned> {
		if (operation.kind === 'action') return this.action(table, operation);
		const { parts, outcome } = await this.writer.prepared(table, [operation], returning);
		return { parts, outcome: ([answer]) => outcome(0, answer!) };
	}

	private action(table: TableSource, { id, name, parameters }: ActionOperation): Planned {
		const { path, set } = primarySet(this.addresses, table);
		const url = id === null ? `${path}/${name}` : `${path}(${id.toLowerCase()})/${name}`;
		return {
			parts: [{ method: 'POST', url, headers: {}, body: parameters }],
			outcome: ([answer]) => {
				const context = this.connection.context(false, set, id ?? undefined);
				if (answer instanceof NoAnswer) return { status: answer.delivered ? 'unknown' : 'failed', error: noAnswerError(answer, context) };
				if (answer!.status >= 400) return { status: 'failed', error: serviceError(answer!, context) };
				const record = { id: id ?? '', modifiedAt: '', version: '', number: '', name: '', values: {} };
				return { status: 'written', record, ...(answer!.body === undefined ? {} : { answer: answer!.body }) };
			},
		};
	}

	private async send(table: TableSource, parts: readonly BatchPart[], repeatable: boolean): Promise<Array<PartAnswer | NoAnswer>> {
		if (parts.length === 0) return [];
		const { root, set } = primarySet(this.addresses, table);
		this.connection.counts.writes += parts.length;
		const call = { url: `${root}/$batch`, table: set, repeatable, reading: false, sequential: sharesParent(set) };
		const within = repeatable ? {} : { sendWithinMs: INSERTS_SENT_WITHIN_MS };
		return await this.runner.run(parts, { ...call, ...within, sizer: spread(this.batchSize) });
	}
}

const isRecord = (operation: WriteOperation): operation is RecordOperation => operation.kind !== 'action' && operation.kind !== 'group';

/** What carries a condition may be sent twice: carried out already, it is refused the second time. An insert has none here. */
const mayRepeat = (operation: Single): boolean =>
	operation.kind === 'action' ? (operation.repeatable ?? false) : operation.kind !== 'insert';

const touchesCompanion = (operation: RecordOperation): boolean =>
	operation.kind !== 'delete' && Object.keys(operation.values).some((field) => field.includes('/'));

const apart = (table: TableSource): SyncError =>
	new SyncError({
		code: 'BC_GROUP_COMPANION',
		errorClass: 'setup',
		system: 'businessCentral',
		table: table.name,
		message: `Fields of additional pages of ${table.name} cannot be written in one transaction with others.`,
		hint: 'Disable their field mappings for this table.',
	});
