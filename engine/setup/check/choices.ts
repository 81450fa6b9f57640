import type { Condition, Filter } from '../../model/filter';
import type { Finding } from '../../model/finding';
import type { CompanyMapping } from '../../model/mappingStages';
import type { FieldName, TableSource } from '../../model/record';
import type { RecordSystem } from '../../ports/recordSystem';
import { SIDES, type Side, SYSTEM_NAMES } from '../../model/side';
import { filterOn, tableOn } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import { orNull } from './checked';

interface Wanted {
	field: FieldName;
	value: string;
	purpose: string;
}

/** Values of choices and enums that filters, constants and templates name, and that are not among those of the column. */
export async function checkChoices(session: SyncSession, read: Readonly<Record<Side, readonly CompanyMapping[]>>): Promise<Finding[]> {
	const found = new Map<string, Finding>();
	for (const side of SIDES) {
		for (const mapping of read[side]) {
			const table = tableOn(mapping, side);
			const wanted = wantedOn(mapping, side);
			if (wanted.length === 0 || table.choice) continue;
			const choices = (await orNull(choicesOf(session[side], table))) ?? new Map<FieldName, readonly string[]>();
			for (const { field, value, purpose } of wanted) {
				const options = choices.get(field) ?? [];
				if (options.length === 0 || options.includes(value)) continue;
				const subject = `${table.name}.${field} = ${value}`;
				const neededBy = [...(found.get(`${side} ${subject}`)?.neededBy ?? []), `${mapping.name} (${purpose})`];
				found.set(`${side} ${subject}`, missing(side, { subject, table: table.name, field, value, neededBy: [...new Set(neededBy)] }));
			}
		}
	}
	return [...found.values()];
}

/** Values by column, as texts. */
async function choicesOf(system: RecordSystem, table: TableSource): Promise<Map<FieldName, readonly string[]>> {
	const known = await system.choicesOf?.(table);
	if (known) return new Map([...known].map(([column, values]) => [column, values.map(String)]));
	const { columns } = await system.describe(table);
	return new Map([...columns].map(([name, { options = [] }]) => [name, options.map(({ value }) => String(value))]));
}

function wantedOn(mapping: CompanyMapping, side: Side): Wanted[] {
	const bc = side === 'businessCentral';
	const constants = mapping.fields.flatMap(({ enabled, constant, bcField, crmField, caption }): Wanted[] => {
		const field = bc ? bcField : crmField;
		const isConstant = bc ? crmField === null : bcField === null;
		return enabled && isConstant && field !== null && constant !== undefined && constant !== null
			? [{ field, value: String(constant), purpose: caption }]
			: [];
	});
	const pairs = bc
		? []
		: mapping.fields.flatMap(({ enabled, options = [], crmField, caption }): Wanted[] =>
				enabled && crmField !== null ? options.map(({ crm }) => ({ field: crmField, value: String(crm), purpose: caption })) : [],
			);
	const templates = (mapping.templates?.[side] ?? []).flatMap(({ name, values }) =>
		Object.entries(values).flatMap(([field, value]): Wanted[] =>
			value === null || typeof value === 'object' ? [] : [{ field, value: String(value), purpose: `template ${name}` }],
		),
	);
	return [...constants, ...pairs, ...templates, ...inFilter(filterOn(mapping, side))];
}

/** Values that a filter compares for equality. */
const inFilter = ({ conditions, groups = [] }: Filter): Wanted[] => [
	...conditions
		.filter(({ operator, type }) => ['eq', 'in', 'ne'].includes(operator) && (type === 'number' || type === 'enum'))
		.flatMap(({ field, value }) => valuesOf(value).map((each): Wanted => ({ field, value: String(each), purpose: 'the filter' }))),
	...groups.flatMap(inFilter),
];

const valuesOf = (value: Condition['value']): unknown[] => (Array.isArray(value) ? value : [value]).filter((each) => each !== null);

function missing(
	side: Side,
	{ subject, table, field, value, neededBy }: { subject: string; table: string; field: string; value: string; neededBy: string[] },
): Finding {
	return {
		severity: 'error',
		area: 'choice',
		system: side,
		subject,
		neededBy,
		message: `${SYSTEM_NAMES[side]} has no value ${value} among the choices of ${field} in "${table}".`,
		remedy: 'Bring the value back, or correct what names it in Table Mappings.',
		page: 'concepts/setup-check.md#what-is-missing',
	};
}
