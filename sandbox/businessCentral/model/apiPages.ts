import type { CompanyData } from '../data/companyData';
import type { Row, Value } from '../data/row';
import { encodeMember } from './names';
import { readProperty } from './notation';
import { knownFields, view } from './schema';
import type { Navigation, Property, View } from './view';

/**
 * An API page of an extension (devenv-api-pagetype), in the notation of entities.ts: `property: 'AL field|type'`, or `property: 'AL field'` where API v2.0
 * shows the field, too. `!` read-only, `^` FlowField, `~` page variable. System fields: SystemId, SystemCreatedAt, SystemCreatedBy, SystemModifiedAt,
 * SystemModifiedBy, SystemRowVersion (type bigInteger).
 */
export interface ApiPage {
	publisher: string;
	group: string;
	version: string;
	entityName: string;
	entitySetName: string;
	/** AL table: one of Business Central's, or one of the extension's own. */
	table: string;
	/** Key fields of a table of the extension's own. Without it its rows are kept by SystemId. */
	primaryKey?: readonly string[];
	tableNo?: number;
	properties: Readonly<Record<string, string>>;
	/** ODataKeyFields, as properties. Default: the property that shows SystemId. */
	key?: readonly string[];
	/** InsertAllowed, ModifyAllowed, DeleteAllowed; default: all of them. */
	insert?: boolean;
	modify?: boolean;
	delete?: boolean;
	/** Properties a POST must name. */
	required?: readonly string[];
	/** Whether a client may choose the id (the page shows SystemId editable). */
	keepsId?: boolean;
	/** SourceTableView: the values rows of this page have in a field; the first is written on insert. */
	where?: Readonly<Record<string, readonly string[]>>;
	/** Bound actions, by name: procedures with `[ServiceEnabled]`. What they do stands with the rules of the table. */
	actions?: readonly string[];
	/** Fields that the sandbox keeps in other words, by AL field name. */
	reads?: Readonly<Record<string, (row: Row, company: CompanyData) => Value>>;
	/** Parts: an entity set of the same API, defined earlier; `link`: SubPageLink, the part's fields with fields of this page's table. */
	parts?: ReadonlyArray<{ name: string; entitySet: string; many: boolean; link: Readonly<Record<string, string>> }>;
}

/** Lines are kept by the id of their document in the sandbox, which the table does not have. */
const unmodelled = new Set(['Sales Line']);
const word = /^[A-Za-z]\w*$/;

/** The page as a view. Throws Error when its definition does not hold together. */
export function apiPageView(page: ApiPage, sets: ReadonlyMap<string, View>): View {
	for (const name of [page.publisher, page.group])
		if (!word.test(name)) throw new Error(`'${name}' cannot be part of the address of an API.`);
	if (!/^(v\d+\.\d+|beta)$/.test(page.version)) throw new Error(`The version of an API is vN.N or beta, not '${page.version}'.`);
	if (unmodelled.has(page.table))
		throw new Error(`API pages over ${page.table} are not modelled: the sandbox holds the buffer rows of API v2.0.`);
	const known = knownFields().get(page.table) ?? new Map();
	const properties = Object.entries(page.properties).map(([name, source]) => {
		const property = readProperty(name, source, known, false);
		return property.field.startsWith('System') && !(property.field === 'SystemId' && page.keepsId)
			? { ...property, readOnly: true }
			: property;
	});
	const own = properties.find(({ field }) => field === 'SystemId')?.name;
	const key = page.key ?? (own === undefined ? [] : [own]);
	if (key.length === 0) throw new Error(`The page ${page.entitySetName} needs a property that shows SystemId, or a key.`);
	const navigation = (page.parts ?? []).map(({ name, entitySet, many, link }): Navigation => {
		const target = sets.get(entitySet);
		if (!target?.custom) throw new Error(`The part ${name} leads to ${entitySet}, which this API does not have yet.`);
		return { name, target: entitySet, many, page: { view: target, link } };
	});
	return view(
		{
			service: 'api',
			name: page.entitySetName,
			entityName: page.entityName,
			pageId: null,
			table: page.table,
			tableNo: page.tableNo ?? 50_000,
			insert: page.insert ?? true,
			modify: page.modify ?? true,
			delete: page.delete ?? true,
			required: page.required ?? [],
			keepsId: page.keepsId ?? false,
			webhook: false,
			properties,
			navigation,
			actions: page.actions ?? [],
			constants: page.where ?? {},
			custom: true,
			reads: readsOf(page, properties),
		},
		key,
	);
}

function readsOf({ reads = {} }: ApiPage, properties: readonly Property[]): View['reads'] {
	return new Map(
		properties.flatMap(({ name, field, kind }) => {
			const read = reads[field];
			if (!read) return [];
			return [
				[name, (row: Row, company: CompanyData) => (kind === 'enum' ? encodeMember(String(read(row, company))) : read(row, company))],
			];
		}),
	);
}
