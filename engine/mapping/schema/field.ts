import { z } from 'zod/v4';
import type { FieldMapping } from '../../model/fieldMapping';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const direction = z.enum(['toCrm', 'fromCrm', 'bidirectional'], { error: 'must be toCrm, fromCrm or bidirectional.' });
const pass = z.enum(['toCrm', 'fromCrm'], { error: 'must be toCrm or fromCrm.' });
const name = z.string().trim().min(1, { error: 'must be filled in.' });
const length = z.number().int().positive();

const rule = z.strictObject({
	rule: name,
	parameters: z.record(z.string(), z.union([value, z.array(z.record(z.string(), value))])),
});

/** A field mapping as it is stored and exported. What its values mean is looked at by `validation`. */
export const fieldSchema = z
	.strictObject({
		key: name,
		caption: name,
		bcField: name.nullable(),
		crmField: name.nullable(),
		direction,
		kind: z.enum(['text', 'code', 'number', 'money', 'boolean', 'date', 'dateTime', 'guid', 'lookup', 'currency', 'owner', 'choice']),
		enabled: z.boolean(),
		constant: value,
		country: z.literal(true),
		insertOnly: z.boolean(),
		updateOnly: z.enum(['businessCentral', 'crm']),
		optional: z.boolean(),
		sendBlank: z.boolean(),
		parent: z.boolean(),
		clearOnFailure: z.boolean(),
		notNull: z.boolean(),
		mapping: name,
		crmTable: name,
		bcLength: length,
		crmLength: length,
		dayOf: z.strictObject({ businessCentral: z.enum(['utc', 'midnight']), crm: z.enum(['utc', 'midnight']) }).partial(),
		decimals: z.number().int().min(0).max(10),
		blankLeaves: pass,
		options: z.array(z.strictObject({ businessCentral: z.string(), crm: z.number().int() })),
		conflict: z.enum(['none', 'send', 'get', 'newest']),
		match: z.strictObject({
			caseSensitive: z.boolean(),
			priority: z.number().int({ error: 'must be a whole number.' }).min(0, { error: 'must be 0 or more.' }),
		}),
		transform: z.strictObject({ toCrm: z.array(rule), fromCrm: z.array(rule) }).partial(),
		own: z.boolean(),
	})
	.partial({
		constant: true,
		country: true,
		insertOnly: true,
		updateOnly: true,
		optional: true,
		sendBlank: true,
		parent: true,
		clearOnFailure: true,
		notNull: true,
		mapping: true,
		crmTable: true,
		bcLength: true,
		crmLength: true,
		dayOf: true,
		decimals: true,
		blankLeaves: true,
		options: true,
		conflict: true,
		match: true,
		transform: true,
		own: true,
	});

/** What a user changed about a field of a default mapping. */
export const fieldChangeSchema = fieldSchema.partial();

/** Properties of a field mapping that the schema does not know; the compiler refuses any but what exists in runs only. */
type Unknown = Exclude<keyof FieldMapping, keyof z.infer<typeof fieldSchema> | 'source'>;
const none: Record<Unknown, never> = {};
export const unknownProperties: readonly string[] = Object.keys(none);
