import type { FieldMapping } from '../mapping/tableMapping';
import type { SyncSession } from '../session';
import type { TableSource } from '../systems/system';

/** Length of a code that Business Central makes of a label (default mappings §7). */
const CODE_LENGTH = 10;

interface ChoiceTable {
	byCode: Map<string, number>;
	byValue: Map<number, string>;
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
		const ambiguous = new Set<string>();
		for (const { value, label } of options) {
			const code = shortCode(label);
			byValue.set(Number(value), code);
			if (byCode.has(code)) ambiguous.add(code);
			byCode.set(code, Number(value));
		}
		for (const code of ambiguous) byCode.delete(code);
		for (const { value, label } of options) byCode.set(label.trim().toUpperCase(), Number(value));
		for (const pair of field.options ?? []) {
			byCode.set(pair.businessCentral.trim().toUpperCase(), pair.crm);
			byValue.set(pair.crm, pair.businessCentral);
		}
		this.tables.set(field.key, { byCode, byValue });
	}

	/** Choice value for a code (upper case); undefined when no label fits. */
	valueOf(field: FieldMapping, code: string): number | undefined {
		return this.tables.get(field.key)?.byCode.get(code);
	}

	/** Code for a choice value; undefined when the column has no such value. */
	codeOf(field: FieldMapping, value: number): string | undefined {
		return this.tables.get(field.key)?.byValue.get(value);
	}
}

const shortCode = (label: string): string => label.trim().toUpperCase().slice(0, CODE_LENGTH).trim();
