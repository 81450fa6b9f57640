import type { FieldName, TableSource } from '../../model/record';
import type { ActionOperation, GroupOperation, RecordOperation, WriteOperation, WriteOutcome } from '../../ports/write';
import type { BatchPart, PartAnswer } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import type { BatchSizer } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { groupOutcome } from '../odata/groupOutcome';
import { tooLarge } from '../odata/groupSize';
import type { NoAnswer } from '../odata/transport';
import { actionOutcome, actionPart } from './actions';
import type { Reader } from './reader';
import type { Writer } from './writer';

/** "The maximum number of requests in a batch is 1000" (Dataverse, "Execute batch operations using the Web API"). */
const LARGEST_GROUP = 1_000;

type Single = RecordOperation | ActionOperation;

/** One operation, or one group, with its parts and how their answers are read. */
interface Planned {
	index: number;
	parts: BatchPart[];
	repeatable: boolean;
	outcome(answers: ReadonlyArray<PartAnswer | NoAnswer>): WriteOutcome;
}

/** Carries out operations of every kind: on records, actions, and groups as change sets. */
export class Operations {
	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly tools: { reader: Reader; writer: Writer },
		private readonly root: string,
		private readonly sizer: BatchSizer,
	) {}

	async write(table: TableSource, operations: readonly WriteOperation[], returning: readonly FieldName[]): Promise<WriteOutcome[]> {
		const outcomes = new Array<WriteOutcome>(operations.length);
		const simple = operations.flatMap((operation, index) => (isRecord(operation) ? [{ operation, index }] : []));
		const planned: Planned[] = [];
		for (const [index, operation] of operations.entries()) {
			if (operation.kind === 'group' && operation.operations.length > LARGEST_GROUP)
				outcomes[index] = { status: 'failed', error: tooLarge('crm', table, operation.operations.length, LARGEST_GROUP) };
			else if (operation.kind === 'group') planned.push(await this.group(index, table, operation, returning));
			else if (operation.kind === 'action') planned.push(await this.single(index, table, operation, returning));
		}
		const written = await this.tools.writer.write(
			table,
			simple.map(({ operation }) => operation),
			returning,
		);
		simple.forEach(({ index }, position) => (outcomes[index] = written[position]!));
		for (const repeatable of [true, false]) {
			await this.send(
				table,
				planned.filter((each) => each.repeatable === repeatable),
				outcomes,
			);
		}
		return outcomes;
	}

	/** What may be sent twice goes apart from what may not. */
	private async send(table: TableSource, planned: readonly Planned[], outcomes: WriteOutcome[]): Promise<void> {
		if (planned.length === 0) return;
		const parts = planned.flatMap((each) => each.parts);
		this.connection.counts.writes += parts.length;
		const call = { url: `${this.root}/$batch`, table: table.name, reading: false, sizer: this.sizer };
		const answers = await this.runner.run(parts, { ...call, repeatable: planned[0]!.repeatable });
		let start = 0;
		for (const each of planned) {
			outcomes[each.index] = each.outcome(answers.slice(start, start + each.parts.length));
			start += each.parts.length;
		}
	}

	private async group(
		index: number,
		table: TableSource,
		{ operations }: GroupOperation,
		returning: readonly FieldName[],
	): Promise<Planned> {
		const members: Planned[] = [];
		for (const each of operations) {
			// Columns wanted back are those of the call's own table.
			members.push(await this.single(index, each.table, each.operation, each.table.name === table.name ? returning : []));
		}
		return {
			index,
			parts: members.flatMap(({ parts }) => parts.map((part) => ({ ...part, group: String(index) }))),
			repeatable: members.every(({ repeatable }) => repeatable),
			outcome: (answers) => {
				const outcomes = members.map((member, position) => member.outcome([answers[position]!]));
				const outcome = groupOutcome(answers, outcomes);
				const conditions = operations.some(({ operation: { kind } }) => kind === 'update' || kind === 'delete');
				// A change set that was refused need not say which of its parts it speaks of: then all of them are to be read again.
				const vague = (outcome.status === 'exists' || outcome.status === 'missing') && !answers.some(namesPart);
				return vague && conditions ? { status: 'stale' } : outcome;
			},
		};
	}

	private async single(index: number, table: TableSource, operation: Single, returning: readonly FieldName[]): Promise<Planned> {
		if (operation.kind !== 'action') {
			const { parts, outcome } = await this.tools.writer.prepared(table, [operation], returning);
			return { index, parts, repeatable: true, outcome: ([answer]) => outcome(0, answer!) };
		}
		const service = new URL(this.root).pathname;
		const path = operation.id === null ? service : `${service}/${(await this.tools.reader.shape(table, [])).set}`;
		return {
			index,
			parts: [actionPart(path, operation)],
			repeatable: operation.repeatable ?? false,
			outcome: ([answer]) => actionOutcome(this.connection, table, operation, answer!),
		};
	}
}

const namesPart = (answer: PartAnswer | NoAnswer): boolean => 'headers' in answer && answer.headers['content-id'] !== undefined;

const isRecord = (operation: WriteOperation): operation is RecordOperation => operation.kind !== 'action' && operation.kind !== 'group';
