import type { FieldMapping } from '../mapping/tableMapping';
import type { SyncSession } from '../session';
import type { TableSource } from '../systems/system';

/** Length of a code that Business Central makes of a label (default mappings §7). */
const CODE_LENGTH = 10;

interface ChoiceTable {
	byCode: Map<string, number>;
	byValue: Map<number, string>;
	/** Labels that would become the same code, by that code and by each of their values. */
	sharing: Map<string | number, readonly string[]>;
}

/**
 * Choice values of CRM columns against codes of Business Central: by the pairs of the field mapping, else by label. The whole label is tried
 * first, then its first ten characters; a code that two labels share stands for neither.
 */
export class Choices {
	private readonly tables = new Map<string, ChoiceTable>();

	constructor(private readonly session: SyncSession) {}

	/** Reads the labels of the field's column, once. */
	async prepare(table: TableSource, field: FieldMapping): Promise<void> {
		if (this.tables.has(field.key)) return;
		const shape = await this.session.crm.describe(table);
		const options = shape.columns.get(field.crmField!)?.options ?? [];
		const byCode = new Map<string, number>();
		const byValue = new Map<number, string>();
		const sharing = new Map<string | number, readonly string[]>();
		const byShortCode = new Map<string, Array<{ value: number; label: string }>>();
		for (const { value, label } of options) {
			const code = shortCode(label);
			byShortCode.set(code, [...(byShortCode.get(code) ?? []), { value: Number(value), label: label.trim() }]);
		}
		for (const [code, alike] of byShortCode) {
			// A label that is the code itself keeps it; labels that only begin with it have no code of their own (sync-semantics 22.22).
			const exact = alike.filter(({ label }) => label.toUpperCase() === code);
			const owner = alike.length === 1 ? alike[0] : exact.length === 1 ? exact[0] : undefined;
			if (owner) {
				byCode.set(code, owner.value);
				byValue.set(owner.value, code);
			}
			if (alike.length === 1) continue;
			const labels = alike.map(({ label }) => label);
			for (const key of [code, ...alike.map(({ value }) => value)]) sharing.set(key, labels);
		}
		const whole = (label: string): string => label.trim().toUpperCase();
		for (const { value, label } of options) {
			if (options.filter((each) => whole(each.label) === whole(label)).length === 1) byCode.set(whole(label), Number(value));
		}
		for (const pair of field.options ?? []) {
			byCode.set(pair.businessCentral.trim().toUpperCase(), pair.crm);
			byValue.set(pair.crm, pair.businessCentral);
		}
		this.tables.set(field.key, { byCode, byValue, sharing });
	}

	/** Choice value for a code (upper case); undefined when no label fits. */
	valueOf(field: FieldMapping, code: string): number | undefined {
		return this.tables.get(field.key)?.byCode.get(code);
	}

	/** Code for a choice value; undefined when the column has no such value, or when its label shares its code with another one. */
	codeOf(field: FieldMapping, value: number): string | undefined {
		return this.tables.get(field.key)?.byValue.get(value);
	}

	/** Labels among which a code or a choice value cannot be told apart; empty when that is not the reason. */
	sharing(field: FieldMapping, codeOrValue: string | number): readonly string[] {
		return this.tables.get(field.key)?.sharing.get(codeOrValue) ?? [];
	}
}

const shortCode = (label: string): string => label.trim().toUpperCase().slice(0, CODE_LENGTH).trim();
