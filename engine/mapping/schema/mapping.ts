import { z } from 'zod/v4';
import { fieldChangeSchema, fieldSchema } from './field';
import { filterSchema } from './filter';

const name = z.string().trim().min(1, { error: 'must be filled in.' });
const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const template = z.strictObject({
	name,
	priority: z.number().int({ error: 'must be a whole number.' }).min(0, { error: 'must be 0 or more.' }),
	filter: filterSchema,
	values: z.record(z.string(), z.union([value, z.strictObject({ table: name, id: name })])),
});
const templates = z.strictObject({ businessCentral: z.array(template), crm: z.array(template) });

const companion = z.strictObject({ service: name, primaryKey: name, companionKey: name });
const page = z.strictObject({
	keys: z.array(name).min(1),
	standardName: name.optional(),
	also: z.array(z.strictObject({ service: name, properties: z.record(z.string(), z.string()) })).optional(),
});
const choice = z.strictObject({
	table: name,
	column: name,
	mirrors: z.array(z.strictObject({ table: name, column: name })),
});
/** One side of a table mapping. Further properties of a source are kept as they are. */
const source = z.looseObject({
	name,
	numberField: name.nullable(),
	nameField: name,
	companions: z.array(companion).optional(),
	page: page.loose().optional(),
	choice: choice.loose().optional(),
});

const direction = z.enum(['toCrm', 'fromCrm', 'bidirectional'], { error: 'must be toCrm, fromCrm or bidirectional.' });
const conflict = z.enum(['none', 'send', 'get', 'newest'], { error: 'must be none, send, get or newest.' });
const deletion = z.enum(['none', 'restore', 'removeCoupling', 'deleteOther'], {
	error: 'must be none, restore, removeCoupling or deleteOther.',
});
const massChange = z
	.strictObject({
		share: z.number().min(0).max(1),
		absolute: z.number().int().min(0),
		minimum: z.number().int().min(0),
		creations: z.number().int().min(0),
	})
	.partial();
/** A year and a day, so that no number of milliseconds loses digits. */
const minutes = z.number().int({ error: 'must be a whole number.' }).max(527_040, { error: 'must be 527,040 (a year) or less.' });
const milliseconds = z.number().int().min(0);

/** What a user may change about every mapping. */
const settingsShape = {
	direction,
	onlyCoupled: z.boolean(),
	bcFilter: filterSchema,
	crmFilter: filterSchema,
	conflict,
	deletion,
	enabled: z.boolean(),
	deletionCheckMinutes: z.number().int().min(0, { error: 'must be 0 or more.' }),
	intervalMinutes: minutes.min(1, { error: 'must be 1 or more.' }),
	inactivitySleepMinutes: minutes.min(0, { error: 'must be 0 or more.' }),
	massChange,
	askDuplicateRules: z.boolean(),
	dependsOn: z.array(name),
	templates,
};

/** A whole table mapping as it is stored and exported. What its values mean together is looked at by `validation`. */
export const mappingSchema = z
	.strictObject({
		...settingsShape,
		name,
		caption: name,
		bc: source,
		crm: source,
		fields: z.array(fieldSchema),
		companyStamp: z.boolean(),
		overlapMs: z.strictObject({ businessCentral: milliseconds, crm: milliseconds }),
		own: z.boolean(),
	})
	.partial({
		deletionCheckMinutes: true,
		intervalMinutes: true,
		inactivitySleepMinutes: true,
		massChange: true,
		askDuplicateRules: true,
		templates: true,
		own: true,
	});

/** Settings as the store keeps them for a mapping. */
export const settingsSchema = z
	.strictObject({
		...settingsShape,
		fields: z.record(z.string(), fieldChangeSchema),
		bc: source,
		definition: mappingSchema,
	})
	.partial();
