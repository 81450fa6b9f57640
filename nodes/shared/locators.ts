import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';
import { z } from 'zod/v4';

const guid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
export const guidPattern = new RegExp(`^${guid}$`);

/** What a resource locator holds: how the thing is named, and its name in that way. */
export interface Locator {
	mode: 'list' | 'id' | 'number' | 'name';
	value: string;
	/** Name shown in the editor when it was chosen from the list. */
	label?: string;
	/** The text an expression gave for the whole field: nobody said what it is. */
	plain?: true;
}

const plainText = (value: unknown): unknown =>
	typeof value === 'string' ? { mode: guidPattern.test(value.trim()) ? 'id' : 'name', value, plain: true } : value;

const locatorShape = z
	.object(
		{
			mode: z.enum(['list', 'id', 'number', 'name'], { error: 'must be chosen from the list, or given by id, number or name.' }),
			value: z
				.union([z.string(), z.number()], { error: 'must be filled in.' })
				.transform((value) => String(value).trim())
				.refine((value) => value !== '', { error: 'must be filled in.' }),
			cachedResultName: z.string().optional().catch(undefined),
			plain: z.literal(true).optional().catch(undefined),
		},
		{ error: 'must be filled in.' },
	)
	.transform(({ mode, value, cachedResultName, plain }): Locator => ({
		mode,
		value: mode === 'id' || guidPattern.test(value) ? value.toLowerCase() : value,
		...(mode === 'list' && cachedResultName ? { label: cachedResultName } : {}),
		...(plain ? { plain } : {}),
	}));

/**
 * A resource locator of a Business Central record, or the plain text an expression may give instead: a GUID is then an id, anything else a name.
 * Whether an id can be one depends on the mapping: records of published pages are known by their key (`1896-s,pcs`).
 */
export const businessCentralRecordLocator: z.ZodType<Locator> = z.preprocess(plainText, locatorShape);

/** As `locator`; the id of a choice value is its number. */
export const crmRecordLocator: z.ZodType<Locator> = z.preprocess(
	plainText,
	locatorShape.refine(({ mode, value }) => mode !== 'id' || guidPattern.test(value) || /^\d{1,10}$/.test(value), {
		error: 'must be an id such as 5d115c9c-44e3-ea11-bb43-000d3a2feca1, or the value of a choice, when it is given by ID.',
	}),
);

/** A resource locator of something that has a GUID, or plain text as above. */
export const locator: z.ZodType<Locator> = z.preprocess(
	plainText,
	locatorShape.refine(({ mode, value }) => mode !== 'id' || guidPattern.test(value), {
		error: 'must be an id such as 5d115c9c-44e3-ea11-bb43-000d3a2feca1 when it is given by ID.',
	}),
);

/** Stands for the company that the credential names. */
export const COMPANY_OF_CREDENTIAL: Locator = { mode: 'name', value: '' };

/**
 * The company as the node names it. A field that is left empty means the one of the credential; an expression that comes to nothing does not, because it
 * was meant to name another.
 * @param entered as it stands in the node, expressions not worked out
 */
export const companyLocator = (entered: unknown): z.ZodType<Locator> =>
	isLeftEmpty(entered) ? z.unknown().transform(() => COMPANY_OF_CREDENTIAL) : locator;

export function isLeftEmpty(entered: unknown): boolean {
	const value: unknown = typeof entered === 'object' && entered !== null && 'value' in entered ? entered.value : entered;
	return value === undefined || value === null || value === '';
}

const listMode = (searchListMethod: string): INodePropertyMode => ({
	displayName: 'From List',
	name: 'list',
	type: 'list',
	typeOptions: { searchListMethod, searchable: true },
});

const idMode: INodePropertyMode = {
	displayName: 'By ID',
	name: 'id',
	type: 'string',
	placeholder: '5d115c9c-44e3-ea11-bb43-000d3a2feca1',
	validation: [
		{ type: 'regex', properties: { regex: `^\\s*${guid}\\s*$`, errorMessage: 'An id looks like 5d115c9c-44e3-ea11-bb43-000d3a2feca1' } },
	],
};

/** Ids of records have other forms, too. */
const recordIdMode = (placeholder: string): INodePropertyMode => ({ displayName: 'By ID', name: 'id', type: 'string', placeholder });

const textMode = (name: 'name' | 'number', displayName: string, placeholder: string): INodePropertyMode => ({
	displayName,
	name,
	type: 'string',
	placeholder,
});

/** The Business Central company; part of the connection that all couplings and logs belong to. */
export const companyProperty: INodeProperties = {
	displayName: 'Company',
	name: 'company',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description:
		'The Business Central company to synchronize; empty for the Default Company of the credential. Couplings and logs are kept for each company and CRM environment.',
	modes: [listMode('searchCompanies'), idMode, textMode('name', 'By Name', 'CRONUS International Ltd.')],
};

export const mappingProperty: INodeProperties = {
	displayName: 'Mapping',
	name: 'mapping',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The integration table mapping: which Business Central table is synchronized with which CRM table',
	modes: [listMode('searchMappings'), textMode('name', 'By Name', 'CUSTOMER')],
};

/** A Business Central record of the chosen mapping. */
export const businessCentralRecordProperty: INodeProperties = {
	displayName: 'Business Central Record',
	name: 'businessCentralRecord',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The record in Business Central',
	modes: [
		listMode('searchBusinessCentralRecords'),
		recordIdMode('5d115c9c-44e3-ea11-bb43-000d3a2feca1, or the key of a page: 1896-s,pcs'),
		textMode('number', 'By Number or Code', '10000'),
		textMode('name', 'By Name', 'Adatum Corporation'),
	],
};

/** A CRM row of the chosen mapping. */
export const crmRecordProperty: INodeProperties = {
	displayName: 'CRM Record',
	name: 'crmRecord',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The record in CRM',
	modes: [
		listMode('searchCrmRecords'),
		recordIdMode('5d115c9c-44e3-ea11-bb43-000d3a2feca1, or the value of a choice: 2'),
		textMode('number', 'By Number', '10000'),
		textMode('name', 'By Name', 'Adatum Corporation'),
	],
};
