import { spelledCode } from '../../model/upperCase';
import { isOff } from '../../mapping/notCoupled';
import { labelPairs, type LabelPairs } from '../../mapping/optionLabels';
import type { TableMapping } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import { choiceValue, type ChoiceValue, OptionCouplings } from './optionCouplings';
import type { FieldValue, TableSource } from '../../model/record';
import type { PassDirection } from '../../model/direction';
import type { FieldMapping } from '../../model/fieldMapping';
import type { UnresolvedReference } from '../../model/failure';

/**
 * Choice values of CRM columns against codes of Business Central: by the couplings of the option mapping that the field
 * names, then by the pairs of the field mapping, then by label.
 */
export class Choices {
	private readonly labels = new Map<string, LabelPairs>();
	private readonly couplings = new Map<string, OptionCouplings>();

	constructor(
		private readonly session: SyncSession,
		private readonly mappings: ReadonlyMap<string, TableMapping>,
	) {}

	/** Loads what is known of the codes (upper case) or values of a field; labels only where couplings do not tell. */
	async prepare(direction: PassDirection, table: TableSource, field: FieldMapping, wanted: readonly string[]): Promise<void> {
		const coupled = this.coupledBy(field);
		await coupled?.prepare(direction, wanted);
		const open = wanted.some((value) =>
			direction === 'toCrm' ? coupled?.valueOf(value) === undefined : coupled?.codeOf(choiceValue(value)) === undefined,
		);
		if (!open || this.labels.has(field.key)) return;
		const shape = await this.session.crm.describe(table);
		this.labels.set(field.key, labelPairs(shape.columns.get(field.crmField!)?.options ?? []));
	}

	/** Choice value for a code (upper case); undefined when nothing tells. */
	valueOf(field: FieldMapping, code: string): FieldValue | undefined {
		const coupled = this.coupledBy(field);
		const known = coupled?.valueOf(code);
		if (known !== undefined) return known;
		const pair = field.options?.find(({ businessCentral }) => spelledCode(businessCentral) === code);
		if (pair) return pair.crm;
		const value = this.labels.get(field.key)?.byCode.get(code);
		// A value that is coupled with another code is that one's, whatever it is called.
		return value !== undefined && coupled?.hasValue(value) ? undefined : value;
	}

	/** Code for a choice value; undefined when nothing tells. */
	codeOf(field: FieldMapping, value: ChoiceValue): string | undefined {
		const coupled = this.coupledBy(field);
		const known = coupled?.codeOf(value);
		if (known !== undefined) return known;
		const pair = field.options?.find(({ crm }) => crm === value);
		if (pair) return pair.businessCentral;
		const code = typeof value === 'number' ? this.labels.get(field.key)?.byValue.get(value) : undefined;
		return code !== undefined && coupled?.hasCode(code) ? undefined : code;
	}

	/** Labels among which a code or a choice value cannot be told apart; empty when that is not the reason. */
	sharing(field: FieldMapping, codeOrValue: string | number): readonly string[] {
		return this.labels.get(field.key)?.sharing.get(codeOrValue) ?? [];
	}

	labelOf(field: FieldMapping, value: ChoiceValue): string | undefined {
		return typeof value === 'number' ? this.labels.get(field.key)?.labels.get(value) : undefined;
	}

	isOff({ mapping }: FieldMapping): boolean {
		return mapping !== undefined && isOff(this.mappings, mapping);
	}

	/** What could not be resolved is looked up again: it may have been created. */
	forget(missing: readonly UnresolvedReference[]): void {
		for (const { mapping, field } of missing) {
			if (mapping !== null) this.couplings.delete(mapping);
			this.labels.delete(field);
		}
	}

	private coupledBy({ mapping }: FieldMapping): OptionCouplings | undefined {
		const known = mapping === undefined ? undefined : this.couplings.get(mapping);
		const table = mapping === undefined ? undefined : this.mappings.get(mapping);
		if (known || !table) return known;
		const made = new OptionCouplings(this.session, table);
		this.couplings.set(table.name, made);
		return made;
	}
}
