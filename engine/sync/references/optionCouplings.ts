import { spelledCode } from '../../model/upperCase';
import { SyncError } from '../../model/errors';
import type { TableMapping } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import type { PassDirection } from '../../model/direction';
import type { Coupling } from '../../model/coupling';

const PAGE = 1000;

/** The value of a choice; words where CRM has not given it yet. */
export type ChoiceValue = number | string;

export const choiceValue = (id: string): ChoiceValue => (/^-?\d+$/.test(id) ? Number(id) : id);

/**
 * What the couplings of an option mapping say about its codes and values. There are few of them, so all are read at once; without any, nothing
 * else is.
 */
export class OptionCouplings {
	private readonly byValue = new Map<ChoiceValue, Coupling>();
	private readonly byBcId = new Map<string, Coupling>();
	private readonly valueByCode = new Map<string, ChoiceValue | null>();
	private readonly codeByValue = new Map<ChoiceValue, string | null>();
	private loaded = false;

	constructor(
		private readonly session: SyncSession,
		private readonly mapping: TableMapping,
	) {}

	/** Loads what the couplings say about the codes (upper case) or values: one request at most. */
	async prepare(direction: PassDirection, wanted: readonly string[]): Promise<void> {
		await this.load();
		if (this.byValue.size === 0) return;
		if (direction === 'toCrm') await this.prepareCodes(wanted.filter((code) => !this.valueByCode.has(code)));
		else await this.prepareValues(wanted.map(choiceValue).filter((value) => this.byValue.has(value) && !this.codeByValue.has(value)));
	}

	valueOf(code: string): ChoiceValue | undefined {
		return this.valueByCode.get(code) ?? undefined;
	}

	codeOf(value: ChoiceValue): string | undefined {
		return this.codeByValue.get(value) ?? undefined;
	}

	/** The value belongs to a code already. */
	hasValue(value: ChoiceValue): boolean {
		return this.byValue.has(value);
	}

	/** The code belongs to a value already, as far as it was coupled under that name. */
	hasCode(code: string): boolean {
		return [...this.byValue.values()].some(({ bcNumber }) => spelled(bcNumber) === code);
	}

	private async load(): Promise<void> {
		if (this.loaded) return;
		let next: string | undefined;
		do {
			const page = await this.session.store.findCouplings({ mapping: this.mapping.name, limit: PAGE, ...(next ? { next } : {}) });
			for (const coupling of page.rows) {
				this.byValue.set(choiceValue(coupling.crmId), coupling);
				this.byBcId.set(coupling.bcId, coupling);
			}
			next = page.next;
		} while (next);
		this.loaded = true;
	}

	/** Codes are looked up in Business Central: a renamed record keeps its coupling. */
	private async prepareCodes(codes: readonly string[]): Promise<void> {
		if (codes.length === 0) return;
		const { bc } = this.mapping;
		for (const code of codes) this.valueByCode.set(code, null);
		try {
			for (const record of await this.session.businessCentral.readByValues(bc, bc.numberField!, codes, [])) {
				const coupling = this.byBcId.get(record.id);
				if (coupling) this.valueByCode.set(spelled(record.number), choiceValue(coupling.crmId));
			}
		} catch (error) {
			this.unreadable(error);
			for (const { bcNumber, crmId } of this.byValue.values()) this.valueByCode.set(spelled(bcNumber), choiceValue(crmId));
		}
	}

	private async prepareValues(values: readonly ChoiceValue[]): Promise<void> {
		if (values.length === 0) return;
		const bcIdOf = (value: ChoiceValue): string => this.byValue.get(value)!.bcId;
		try {
			const records = await this.session.businessCentral.readByIds(this.mapping.bc, values.map(bcIdOf), []);
			for (const value of values) this.codeByValue.set(value, records.get(bcIdOf(value))?.number ?? null);
		} catch (error) {
			this.unreadable(error);
			for (const value of values) this.codeByValue.set(value, this.byValue.get(value)!.bcNumber);
		}
	}

	/** A page that is no longer published must not stop the records that use its codes: they go by the codes as they were coupled. */
	private unreadable(error: unknown): void {
		if (!(error instanceof SyncError) || error.errorClass !== 'setup') throw error;
	}
}

const spelled = (code: string): string => spelledCode(code);
