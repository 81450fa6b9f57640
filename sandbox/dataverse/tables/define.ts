import type { ColumnDefinition, ColumnType, StateDefinition, TableDefinition } from '../model';

type Facts = Pick<TableDefinition, 'logicalName' | 'entitySetName' | 'primaryName' | 'ownership'> &
	Partial<
		Pick<TableDefinition, 'primaryId' | 'bulk' | 'states' | 'schemaName' | 'displayName' | 'optimisticConcurrency' | 'changeTracking'>
	>;

/**
 * A table from a short text for each column: `name:Type`, then what differs from the usual in brackets: `subject:String(200)`,
 * `statusx:Picklist(1=One,2=Two)`, `accountid:Lookup(account)`, `regardingobjectid:Lookup(account,contact)`. Ends: `!` SystemRequired, `?` read
 * only, `+` only on create. Several targets bring the navigation properties `<column>_<target>`. Columns every table has are added.
 */
export function defineTable(facts: Facts, texts: string[]): TableDefinition {
	const primaryId = facts.primaryId ?? `${facts.logicalName}id`;
	const own = texts.map(column);
	const money = own.filter(({ type }) => type === 'Money');
	const base = money.map(({ logicalName }): ColumnDefinition => ({ logicalName: `${logicalName}_base`, type: 'Money', access: 'read' }));
	const added: ColumnDefinition[] = [
		...(own.some(({ logicalName }) => logicalName === primaryId)
			? []
			: [{ logicalName: primaryId, type: 'Uniqueidentifier', access: 'insert' } as const]),
		...own,
		...base,
		...(money.length ? [column('transactioncurrencyid:Lookup(transactioncurrency)'), column('exchangerate:Decimal?')] : []),
		...(facts.states ? stateColumns(facts.states) : []),
		...(facts.ownership === 'UserOwned'
			? ownerColumns
			: facts.ownership === 'OrganizationOwned'
				? [column('organizationid:Lookup(organization)?')]
				: []),
		...stamps,
	];
	const known = new Set<string>();
	const columns = added.filter(({ logicalName }) => !known.has(logicalName) && known.add(logicalName));
	return { bulk: true, ...facts, primaryId, columns };
}

export function column(text: string): ColumnDefinition {
	const match = /^(\w+):(\w+)(?:\((.*)\))?([!?+]*)$/s.exec(text);
	if (!match) throw new Error(`The column '${text}' cannot be read.`);
	const [, logicalName = '', type = '', inside, ends = ''] = match;
	const definition: ColumnDefinition = {
		logicalName,
		type: type as ColumnType,
		access: ends.includes('?') ? 'read' : ends.includes('+') ? 'insert' : 'full',
		...(ends.includes('!') && { required: true }),
	};
	if (inside === undefined) return definition;
	if (type === 'String' || type === 'Memo') definition.maxLength = Number(inside);
	else if (type === 'DateTime') Object.assign(definition, { format: 'DateOnly', behavior: inside });
	else if (['Lookup', 'Customer', 'Owner'].includes(type)) Object.assign(definition, lookup(logicalName, type, inside.split(',')));
	else definition.options = Object.fromEntries(inside.split(',').map((pair) => pair.split('=') as [string, string]));
	return definition;
}

function lookup(name: string, type: string, targets: string[]): Pick<ColumnDefinition, 'targets' | 'navigation'> {
	const navigationOf = (target: string) => (targets.length === 1 || type === 'Owner' ? name : `${name}_${target}`);
	return { targets, navigation: Object.fromEntries(targets.map((target) => [target, navigationOf(target)])) };
}

function stateColumns({ values }: StateDefinition): ColumnDefinition[] {
	const states = Object.fromEntries(Object.entries(values).map(([value, { label }]) => [value, label]));
	const statuses = Object.values(values).flatMap(({ statuses: list, label }) => list.map((value) => [String(value), label] as const));
	return [
		{ logicalName: 'statecode', type: 'State', access: 'modify', options: states },
		{ logicalName: 'statuscode', type: 'Status', access: 'full', options: Object.fromEntries(statuses) },
	];
}

const system = (text: string): ColumnDefinition => ({ ...column(text), system: true });

const ownerColumns: ColumnDefinition[] = [
	column('ownerid:Owner(systemuser,team)'),
	{ ...column('owneridtype:EntityName'), hidden: true },
	...['owningbusinessunit:Lookup(businessunit)?', 'owninguser:Lookup(systemuser)?', 'owningteam:Lookup(team)?'].map(system),
];

const stamps: ColumnDefinition[] = [
	...[
		'createdon:DateTime?',
		'modifiedon:DateTime?',
		'versionnumber:BigInt?',
		'createdby:Lookup(systemuser)?',
		'modifiedby:Lookup(systemuser)?',
	],
	...['createdonbehalfby:Lookup(systemuser)?', 'modifiedonbehalfby:Lookup(systemuser)?'],
].map(system);

/** States by `label: [default status, further statuses…]`, numbered from 0; the first is that of new rows. */
export function states(labels: Record<string, number[]>, byMessageOnly: string[] = []): StateDefinition {
	const entries = Object.entries(labels);
	return {
		default: [0, entries[0]![1][0]!],
		values: Object.fromEntries(entries.map(([label, list], at) => [String(at), { label, defaultStatus: list[0]!, statuses: list }])),
		...(byMessageOnly.length && { byMessageOnly }),
	};
}
