import { defaultMappings, inDependencyOrder } from '../../../engine/defaults/catalog';
import { COMPANY } from '../../../engine/mapping/filter';
import { DEFAULT_SLEEP_MINUTES, type TableMapping } from '../../../engine/model/tableMapping';
import { setups } from '../masterMappings/compare';
import { code, table } from './markdown';
import type { Sections } from './sections';
import type { FieldValue } from '../../../engine/model/record';
import type { Direction } from '../../../engine/model/direction';
import type { Condition, Filter } from '../../../engine/model/filter';
import type { FieldMapping } from '../../../engine/model/fieldMapping';
import type { Setup } from '../../../engine/model/companySettings';



const DIRECTIONS: Record<Direction, string> = { toCrm: 'BC → CRM', fromCrm: 'CRM → BC', bidirectional: 'both' };
const STRATEGIES = { none: 'none', send: 'send', get: 'get', newest: 'newest', restore: 'restore', removeCoupling: 'remove coupling', deleteOther: 'delete the other record' };

/** Default table mappings and their fields, as a connection without own settings has them in any set-up. */
export function mappingSections(): Sections {
	const mappings = everyMapping();
	return {
		'default-mappings': table(
			['Mapping', 'Business Central', 'CRM', 'Direction', 'Only coupled', 'Update conflict', 'Deletion conflict', 'Inactivity sleep', 'Runs after'],
			mappings.map(({ mapping, when }) => [
				`[${code(mapping.name)}](../default-mappings.md#${anchor(mapping.name)}) ${mapping.caption}${when === '' ? '' : ` (${when})`}`,
				[mapping.bc.name, ...otherPages(mapping)].map((text) => text.replace(/^\S+/, code)).join(' + '),
				code(mapping.crm.name),
				DIRECTIONS[mapping.direction],
				mapping.onlyCoupled ? 'yes' : 'no',
				STRATEGIES[mapping.conflict],
				STRATEGIES[mapping.deletion],
				`${mapping.inactivitySleepMinutes ?? DEFAULT_SLEEP_MINUTES} min`,
				mapping.dependsOn.filter((name) => mappings.some((each) => each.mapping.name === name)).join(', '),
			]),
		),
		'default-fields': mappings.map((each) => fieldsOf(each, mappings.map(({ mapping }) => mapping))).join('\n\n'),
	};
}

interface InAnySetup {
	/** With the fields of all set-ups. */
	mapping: TableMapping;
	/** In which set-ups it is active; empty for all. */
	when: string;
	/** In which set-ups a field is mapped, by key, where not in all. */
	fieldsWhen: ReadonlyMap<string, string>;
}

function everyMapping(): InAnySetup[] {
	const bySetup = setups.map((setup) => ({ setup, mappings: new Map(defaultMappings(setup).map((mapping) => [mapping.name, mapping])) }));
	const names = [...new Set(bySetup.flatMap(({ mappings }) => [...mappings.keys()]))];
	const all = names.map((name): InAnySetup => {
		const active = bySetup.flatMap(({ setup, mappings }) => (mappings.has(name) ? [{ setup, mapping: mappings.get(name)! }] : []));
		const fields = new Map(active.flatMap(({ mapping }) => mapping.fields.map((field): [string, FieldMapping] => [field.key, field])));
		const fieldsWhen = [...fields.keys()].map((key): [string, string] => [
			key,
			conditionOf(active.filter(({ mapping }) => mapping.fields.some((field) => field.key === key)).map(({ setup }) => setup), active.map(({ setup }) => setup)),
		]);
		const dependsOn = [...new Set(active.flatMap(({ mapping }) => mapping.dependsOn))];
		return {
			mapping: { ...active[0]!.mapping, dependsOn, fields: [...fields.values()] },
			when: conditionOf(active.map(({ setup }) => setup), setups),
			fieldsWhen: new Map(fieldsWhen.filter(([, when]) => when !== '')),
		};
	});
	const order = inDependencyOrder(all.map(({ mapping }) => mapping));
	return order.map((mapping) => all.find((each) => each.mapping === mapping)!);
}

/** The switches that are the same in all of `some` and not in all of `among`. */
function conditionOf(some: readonly Setup[], among: readonly Setup[]): string {
	const words = {
		ownershipModel: (setup: Setup) => `ownership model *${setup.ownershipModel === 'person' ? 'Person' : 'Team'}* only`,
		unitGroups: (setup: Setup) => `unit groups ${setup.unitGroups ? 'on' : 'off'}`,
		extendedPrices: (setup: Setup) => `extended price calculation ${setup.extendedPrices ? 'on' : 'off'}`,
	};
	return (Object.keys(words) as Array<keyof typeof words>)
		.filter((name) => new Set(some.map((setup) => setup[name])).size < new Set(among.map((setup) => setup[name])).size)
		.map((name) => words[name](some[0]!))
		.join(', ');
}

const otherPages = ({ bc }: TableMapping): string[] => [
	...(bc.page?.also ?? []).map(({ service }) => service),
	...(bc.companions ?? []).map(({ service }) => `${service} (extra page)`),
];

/** As GitHub makes anchors of headings. */
const anchor = (heading: string): string => heading.toLowerCase().replaceAll(' ', '-');

function fieldsOf({ mapping, when, fieldsWhen }: InAnySetup, all: readonly TableMapping[]): string {
	const filters = [
		`Filter on Business Central: ${inWords(mapping.bcFilter)}.`,
		`Filter on CRM: ${inWords(mapping.crmFilter)}.`,
	];
	const rows = mapping.fields.map((field) => [
		field.caption,
		field.bcField === null ? 'constant' : field.bcField.startsWith('@') ? 'derived' : code(field.bcField),
		field.crmField === null ? 'constant' : field.crmField.startsWith('@') ? 'derived' : code(field.crmField),
		DIRECTIONS[field.direction],
		field.kind,
		[...(fieldsWhen.has(field.key) ? [fieldsWhen.get(field.key)!] : []), ...remarks(field, all)].join('; '),
	]);
	const active = when === '' ? '' : ` Active with ${when}.`;
	return `## ${mapping.name}\n\n${mapping.caption}.${active} ${filters.join(' ')}\n\n${table(['Field', 'Business Central', 'CRM', 'Direction', 'Kind', 'Remarks'], rows)}`;
}

function remarks(field: FieldMapping, all: readonly TableMapping[]): string[] {
	const found: string[] = [];
	if (!field.enabled) found.push('disabled');
	if (field.constant !== undefined && field.constant !== null) found.push(`always ${code(String(field.constant))}`);
	if (field.mapping && field.clearOnFailure && !all.some(({ name }) => name === field.mapping)) return [...found, `not synchronized: there is no mapping ${field.mapping}`];
	if (field.insertOnly) found.push('only when the record is created');
	if (field.mapping) found.push(`refers to ${field.mapping}`);
	if (field.clearOnFailure) found.push('emptied when it cannot be resolved');
	if (field.notNull) found.push('left alone when blank or unknown');
	if (field.bcLength !== undefined || field.crmLength !== undefined) found.push(`length ${field.bcLength ?? '–'} / ${field.crmLength ?? '–'}`);
	if (field.bcField?.includes('/')) found.push('on the extra page');
	return found;
}

/** Two filters of OData in words; conditions on the company hold only where CRM knows the company. */
function inWords(filter: Filter): string {
	const parts = filter.conditions.map(conditionInWords);
	return parts.length === 0 ? 'none' : parts.join(' and ');
}

function conditionInWords({ field, operator, value }: Condition): string {
	const values = (Array.isArray(value) ? value : [value]) as FieldValue[];
	const spelled = values.map((each) => (each === COMPANY ? 'this company' : each === null || each === '' || each === '_x0020_' ? 'blank' : String(each))).join(' or ');
	const sign = { eq: 'is', in: 'is', ne: 'is not', gt: 'is more than', ge: 'is at least', lt: 'is less than', le: 'is at most', contains: 'contains', startswith: 'begins with', endswith: 'ends with' }[operator]; // prettier-ignore
	const remark = values.includes(COMPANY) ? ' (only where CRM has a row for the company)' : '';
	return `${code(field)} ${sign} ${spelled}${remark}`;
}
