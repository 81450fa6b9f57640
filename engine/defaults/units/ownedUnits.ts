import { DEFAULT_PRICES } from '../products/access';
import type { FieldTranslation, MappingRules, RuleContext } from '../../mapping/rules';
import { isOff, notCoupled } from '../../mapping/notCoupled';
import { linesOfUnits } from '../prices/linesOf';
import { priceOfUnits } from '../products/priceOfUnits';
import { targetFields } from '../targetFields';
import { ownerOf } from './groupNames';
import { baseUnitsOf, codeOf, rowsAmong } from './unitRows';
import type { SystemRecord } from '../../model/record';
import type { OwnedUnits } from './ownedUnitsKind';

/** Units of an item or resource, in the unit group that is its own. */
export function unitRules(kind: OwnedUnits): MappingRules {
	return {
		// A unit points to the base unit of its group, and gets its price.
		access: () => ({
			businessCentral: { [kind.owner === 'Item' ? 'items' : 'ResourceCard']: ['Read'] },
			crm: { ...DEFAULT_PRICES, uom: ['Read', 'Append', 'AppendTo'] },
		}),
		translations: { uomscheduleid: intoOwnGroup(kind) },
		/** The partner of an uncoupled unit: the unit of that name in the item's group. */
		async findPartner(context, records) {
			const { session, mapping } = context;
			const groups = await groupsOf(context, kind, records);
			const units = await session.crm.readByValues(mapping.crm, 'uomscheduleid', rowsAmong(groups.values()), [
				...targetFields(mapping),
				'uomscheduleid',
			]);
			const key = (group: unknown, name: unknown): string => `${String(group)} ${codeOf(name)}`;
			const byName = new Map(units.map((unit) => [key(unit.values['uomscheduleid'], unit.name), unit]));
			return new Map(
				records.flatMap((record): Array<[string, SystemRecord]> => {
					const unit = byName.get(key(groups.get(numberOf(kind, record)), record.number));
					return unit ? [[record.id, unit]] : [];
				}),
			);
		},
		/** Dataverse creates a unit only with its group and a base unit that it is measured by. */
		async beforeInsert({ session }, inserts) {
			const groupOf = (value: unknown): string | null =>
				value !== null && typeof value === 'object' && 'id' in value ? String(value.id) : null;
			const groups = inserts.flatMap(({ values }) => groupOf(values['uomscheduleid']) ?? []);
			const bases = await baseUnitsOf(session, groups);
			for (const { values } of inserts) {
				const base = bases.get(groupOf(values['uomscheduleid']) ?? '');
				if (base) values['baseuom'] = { table: 'uom', id: base };
			}
		},
		afterWrite: priceOfUnits(kind),
		dependents: linesOfUnits(kind.owner),
	};
}

const numberOf = ({ ownerField }: OwnedUnits, record: SystemRecord): string => codeOf(record.values[ownerField]);

const intoOwnGroup =
	(kind: OwnedUnits): FieldTranslation =>
	async (context, field, records) => {
		const groups = await groupsOf(context, kind, records);
		return (source) => {
			const number = numberOf(kind, source);
			const group = groups.get(number);
			if (group) return { kind: 'value', value: group };
			return {
				kind: 'error',
				error: notCoupled({ caption: field.caption, value: number, mapping: 'UNIT GROUP', off: isOff(context.mappings, 'UNIT GROUP') }),
				refersTo: { mapping: 'UNIT GROUP', value: number },
			};
		};
	};

/** Coupled unit groups by number of the item or resource; the two may share a number, and each has a group. */
async function groupsOf(context: RuleContext, kind: OwnedUnits, records: readonly SystemRecord[]): Promise<Map<string, string>> {
	const { bc } = context.mappings.get('UNIT GROUP') ?? {};
	const numbers = [...new Set(records.map((record) => numberOf(kind, record)))];
	if (!bc || numbers.length === 0) return new Map();
	const found = await context.session.businessCentral.readByValues(bc, bc.numberField!, numbers, ['Source_Type']);
	const own = found.filter((group) => ownerOf(group) === kind.owner);
	const rows = await context.references.coupledRows(
		'UNIT GROUP',
		own.map(({ id }) => id),
	);
	return new Map(
		own.flatMap((group): Array<[string, string]> => {
			const row = rows.get(group.id);
			return row ? [[codeOf(group.number), row]] : [];
		}),
	);
}
