import { loadMappings } from '../../../engine/mapping/catalog';
import { COMPANY } from '../../../engine/mapping/filter';
import type { Condition, Direction, FieldMapping, Filter, TableMapping } from '../../../engine/mapping/tableMapping';
import type { SyncSession } from '../../../engine/session';
import type { FieldValue } from '../../../engine/systems/system';
import { code, table } from './markdown';
import type { Sections } from './sections';

const DIRECTIONS: Record<Direction, string> = { toCrm: 'BC → CRM', fromCrm: 'CRM → BC', bidirectional: 'both' };
const STRATEGIES = { none: 'none', send: 'send', get: 'get', newest: 'newest', restore: 'restore', removeCoupling: 'remove coupling', deleteOther: 'delete the other record' };

/** Default table mappings and their fields, as a connection without own settings has them. */
export async function mappingSections(): Promise<Sections> {
	const mappings = await defaultsFor('person');
	const withTeams = new Set((await defaultsFor('team')).map(({ name }) => name));
	return {
		'default-mappings': table(
			['Mapping', 'Business Central', 'CRM', 'Direction', 'Only coupled', 'Update conflict', 'Deletion conflict', 'Runs after'],
			mappings.map((mapping) => [
				`${code(mapping.name)} ${mapping.caption}${withTeams.has(mapping.name) ? '' : ' (ownership model *Person* only)'}`,
				[mapping.bc.name, ...(mapping.bc.companions ?? []).map(({ service }) => `${service} (extra page)`)].map((text) => text.replace(/^\S+/, code)).join(' + '),
				code(mapping.crm.name),
				DIRECTIONS[mapping.direction],
				mapping.onlyCoupled ? 'yes' : 'no',
				STRATEGIES[mapping.conflict],
				STRATEGIES[mapping.deletion],
				mapping.dependsOn.filter((name) => mappings.some((each) => each.name === name)).join(', '),
			]),
		),
		'default-fields': mappings.map((mapping) => fieldsOf(mapping, mappings)).join('\n\n'),
	};
}

async function defaultsFor(ownershipModel: SyncSession['ownershipModel']): Promise<TableMapping[]> {
	const noSettings = { settings: () => Promise.resolve(new Map()) } as unknown as SyncSession['store'];
	return await loadMappings({ ownershipModel, store: noSettings } as SyncSession);
}

function fieldsOf(mapping: TableMapping, all: readonly TableMapping[]): string {
	const filters = [
		`Filter on Business Central: ${inWords(mapping.bcFilter)}.`,
		`Filter on CRM: ${inWords(mapping.crmFilter)}.`,
	];
	const rows = mapping.fields.map((field) => [
		field.caption,
		field.bcField?.startsWith('@') ? 'derived' : code(field.bcField ?? ''),
		code(field.crmField ?? ''),
		DIRECTIONS[field.direction],
		field.kind,
		remarks(field, all).join('; '),
	]);
	return `### ${mapping.name}\n\n${filters.join(' ')}\n\n${table(['Field', 'Business Central', 'CRM', 'Direction', 'Kind', 'Remarks'], rows)}`;
}

function remarks(field: FieldMapping, all: readonly TableMapping[]): string[] {
	const found: string[] = [];
	if (!field.enabled) found.push('disabled');
	if (field.mapping && field.clearOnFailure && !all.some(({ name }) => name === field.mapping)) return [...found, `not synchronized: there is no mapping ${field.mapping}`];
	if (field.kind === 'owner') found.push('ownership model *Person* only');
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
	const spelled = values.map((each) => (each === COMPANY ? 'this company' : each === null || each === '_x0020_' ? 'blank' : String(each))).join(' or ');
	const sign = { eq: 'is', in: 'is', ne: 'is not', gt: 'is more than', ge: 'is at least', lt: 'is less than', le: 'is at most', contains: 'contains', startswith: 'begins with', endswith: 'ends with' }[operator]; // prettier-ignore
	const remark = values.includes(COMPANY) ? ' (only where CRM has a row for the company)' : '';
	return `${code(field)} ${sign} ${spelled}${remark}`;
}
