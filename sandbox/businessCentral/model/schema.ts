import data from '../schema.json';
import { decodeMember, isCodeField } from './names';
import { extraEntities, moreNavigation } from './entities';
import type { EntitySource } from './entitySource';
import { flowFiltersOf } from './flowFilters';
import { readProperty } from './notation';
import { extraPages, type PageSource } from './pages';
import type { Kind, Navigation, Property, View } from './view';

interface RawProperty {
	name: string;
	type: string;
	maxLength?: number;
	readOnly?: boolean;
	computed?: boolean;
	flow?: boolean;
	members?: string[];
	options?: string[];
	field: string;
}

/** Page variables and the field they show; the rest keep their own name as field. */
const variables: Readonly<Record<string, string>> = {
	currencyCode: 'Currency Code',
	taxRegistrationNumber: 'VAT Registration No.',
	irs1099Code: 'IRS 1099 Code',
	inventory: 'Inventory',
	experience: 'Experience',
	AmountType: 'Amount Type',
	SourceType: 'Source Type',
};

const documentTypes: Readonly<Record<string, readonly string[]>> = {
	salesQuotes: ['Quote'],
	salesQuoteLines: ['Quote'],
	salesOrders: ['Order'],
	salesOrderLines: ['Order'],
	salesInvoices: ['Invoice', 'Posted Invoice'],
	salesInvoiceLines: ['Invoice', 'Posted Invoice'],
};

function kindOf(raw: RawProperty, field: string): Kind {
	if (raw.type.startsWith('Microsoft.NAV.')) return 'enum';
	if (raw.options) return 'option';
	switch (raw.type) {
		case 'Guid':
			return 'guid';
		case 'Decimal':
			return 'decimal';
		case 'Int32':
		case 'Int64':
			return 'integer';
		case 'Boolean':
			return 'boolean';
		case 'Date':
			return 'date';
		case 'DateTimeOffset':
			return 'dateTime';
		case 'Stream':
			return 'stream';
		default:
			return isCodeField(field) ? 'code' : 'text';
	}
}

function property(raw: RawProperty): Property {
	const field = raw.field || (variables[raw.name] ?? raw.name);
	const kind = kindOf(raw, field);
	return {
		name: raw.name,
		kind,
		edmType: kind === 'enum' ? raw.type : `Edm.${raw.type}`,
		maxLength: raw.maxLength ?? (raw.name === 'currencyCode' ? 10 : null),
		// The page APIV2 - Sales Quotes declares it without `Editable = false`.
		readOnly: raw.name === 'acceptedDate' ? false : (raw.readOnly ?? false),
		computed: raw.computed ?? false,
		flow: raw.flow ?? false,
		field,
		members: raw.members?.map(decodeMember) ?? raw.options ?? [],
	};
}

export function view(parts: Omit<View, 'byName' | 'byLowerName' | 'key'>, key: readonly string[]): View {
	const byName = new Map(parts.properties.map((one) => [one.name, one]));
	return {
		...parts,
		byName,
		byLowerName: new Map(parts.properties.map((one) => [one.name.toLowerCase(), one])),
		key: key.map((name) => byName.get(name)!),
	};
}

/** Pages whose rows come from elsewhere: documents, posted shipments, the one row of a set-up table. */
const withoutInsert = new Set([6402, 6403, 130, 459]);

function extraPage(page: PageSource, known: ReadonlyMap<string, ReadonlyMap<string, Property>>): View {
	const fields = known.get(page.table) ?? new Map<string, Property>();
	const properties = Object.entries(page.properties).map(([name, source]) => readProperty(name, source, fields, page.readOnly ?? false));
	const writable = !page.readOnly;
	return view(
		{
			...common,
			service: 'odata',
			name: page.service,
			entityName: page.service,
			pageId: page.pageId,
			table: page.table,
			tableNo: page.tableNo,
			insert: writable && !withoutInsert.has(page.pageId),
			modify: writable,
			delete: writable && !withoutInsert.has(page.pageId),
			properties,
			constants: page.constants ?? {},
		},
		page.key,
	);
}

const common = { required: [], keepsId: false, webhook: false, navigation: [], actions: [], constants: {} };

const paymentMethods: View = view(
	{
		...common,
		service: 'api',
		name: 'paymentMethods',
		entityName: 'paymentMethod',
		pageId: 30020,
		table: 'Payment Method',
		tableNo: 289,
		insert: true,
		modify: true,
		delete: true,
		required: ['code'],
		webhook: true,
		properties: [
			property({ name: 'id', type: 'Guid', readOnly: true, field: 'SystemId' }),
			property({ name: 'code', type: 'String', maxLength: 10, field: 'Code' }),
			property({ name: 'displayName', type: 'String', maxLength: 100, field: 'Description' }),
			property({ name: 'lastModifiedDateTime', type: 'DateTimeOffset', readOnly: true, field: 'SystemModifiedAt' }),
		],
	},
	['id'],
);

const employees: View = view(
	{
		...common,
		service: 'api',
		name: 'employees',
		entityName: 'employee',
		pageId: 30061,
		table: 'Employee',
		tableNo: 5200,
		insert: true,
		modify: true,
		delete: true,
		required: ['givenName', 'surname'],
		webhook: true,
		properties: [
			property({ name: 'id', type: 'Guid', readOnly: true, field: 'SystemId' }),
			property({ name: 'number', type: 'String', maxLength: 20, field: 'No.' }),
			property({ name: 'displayName', type: 'String', maxLength: 95, readOnly: true, field: 'Full Name' }),
			property({ name: 'givenName', type: 'String', maxLength: 30, field: 'First Name' }),
			property({ name: 'surname', type: 'String', maxLength: 30, field: 'Last Name' }),
			property({ name: 'jobTitle', type: 'String', maxLength: 30, field: 'Job Title' }),
			property({ name: 'city', type: 'String', maxLength: 30, field: 'City' }),
			property({ name: 'phoneNumber', type: 'String', maxLength: 30, field: 'Phone No.' }),
			property({ name: 'mobilePhone', type: 'String', maxLength: 30, field: 'Mobile Phone No.' }),
			property({ name: 'email', type: 'String', maxLength: 80, field: 'Company E-Mail' }),
			property({ name: 'employmentDate', type: 'Date', field: 'Employment Date' }),
			property({ name: 'birthDate', type: 'Date', field: 'Birth Date' }),
			property({ name: 'status', type: 'Microsoft.NAV.employeeStatus', members: ['Active', 'Inactive', 'Terminated'], field: 'Status' }),
			property({ name: 'lastModifiedDateTime', type: 'DateTimeOffset', readOnly: true, field: 'SystemModifiedAt' }),
		],
	},
	['id'],
);

/** An entity set in the notation of entities.ts. */
export function extraEntity(source: EntitySource): View {
	const writable = source.writable ?? false;
	return view(
		{
			...common,
			service: 'api',
			name: source.name,
			entityName: source.entityName,
			pageId: source.pageId,
			table: source.table,
			tableNo: source.tableNo,
			insert: writable && (source.insert ?? true),
			modify: writable,
			delete: writable,
			required: source.required ?? [],
			webhook: source.webhook ?? false,
			properties: Object.entries(source.properties).map(([name, text]) => readProperty(name, text, new Map(), !writable)),
			navigation: source.navigation ?? [],
			actions: source.actions ?? [],
			constants: source.constants ?? {},
			...(source.query ? { query: true } : {}),
		},
		[source.key ?? 'id'],
	);
}

/** Entity sets of API v2.0 by name. */
export const apiViews: ReadonlyMap<string, View> = new Map(
	[
		...data.api.map((raw) => {
			const documents = documentTypes[raw.entitySet];
			return view(
				{
					service: 'api',
					name: raw.entitySet,
					entityName: raw.entityName,
					pageId: raw.pageId,
					table: raw.table,
					tableNo: raw.tableNo,
					insert: raw.insert,
					modify: raw.modify,
					delete: raw.delete,
					required: raw.required,
					keepsId: raw.keepsId,
					webhook: raw.webhook,
					properties: (raw.properties as RawProperty[]).map(property),
					navigation: [...raw.navigation, ...(moreNavigation[raw.entitySet] ?? [])],
					actions: raw.actions,
					constants: documents ? { 'Document Type': documents } : raw.entitySet === 'customerContacts' ? { Type: ['Person'] } : {},
				},
				[raw.key],
			);
		}),
		paymentMethods,
		employees,
		...extraEntities.map(extraEntity),
	].map((one) => [one.name, one]),
);

/** The page a navigation leads to. */
export const targetOf = ({ target, page }: Navigation): View => page?.view ?? apiViews.get(target)!;

const schemaPages = data.pages.map((raw) =>
	view(
		{
			...common,
			service: 'odata',
			name: raw.service,
			entityName: raw.service,
			pageId: raw.pageId,
			table: raw.table,
			tableNo: raw.tableNo,
			insert: raw.insert,
			modify: raw.modify,
			delete: raw.delete,
			properties: [...(raw.properties as RawProperty[]).map(property), ...flowFiltersOf(raw.service)],
		},
		raw.key,
	),
);

/** What is known about each field of each table, from the views of schema.json. */
export function knownFields(): Map<string, Map<string, Property>> {
	const known = new Map<string, Map<string, Property>>();
	for (const one of [...schemaPages, ...apiViews.values()]) {
		const fields = known.get(one.table) ?? new Map<string, Property>();
		known.set(one.table, fields);
		for (const each of one.properties) if (!each.computed && !each.filterOnly) fields.set(each.field, each);
	}
	return known;
}

/** Pages that can be published under ODataV4, by their usual service name. */
export const pageViews: ReadonlyMap<string, View> = new Map(
	[...schemaPages, ...extraPages.map((page) => extraPage(page, knownFields()))].map((one) => [one.name, one]),
);

/** Services that exist without an administrator publishing them. */
export const publishedByDefault: readonly string[] = extraPages.filter(({ published }) => published).map(({ service }) => service);
