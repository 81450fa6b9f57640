import { z } from 'zod/v4';
import type { Filter } from '../../model/filter';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()], { error: 'must be text, a number, yes or no, or blank.' });

const condition = z.strictObject({
	field: z.string({ error: 'must name a field.' }).trim().min(1, { error: 'must name a field.' }),
	operator: z.enum(['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'contains', 'startswith', 'endswith', 'in'], {
		error: 'must be one of eq, ne, gt, ge, lt, le, contains, startswith, endswith, in.',
	}),
	value: z.union([value, z.array(value)]),
	type: z.enum(['text', 'code', 'number', 'boolean', 'guid', 'lookup', 'enum', 'date'], {
		error: 'must be one of text, code, number, boolean, guid, lookup, enum, date.',
	}),
});

/** Conditions, groups of them, and OData text. */
export const filterSchema: z.ZodType<Filter> = z.lazy(() =>
	z
		.strictObject({
			match: z.enum(['all', 'any'], { error: 'must be all or any.' }),
			conditions: z.array(condition),
			groups: z.array(filterSchema),
			raw: z.string(),
		})
		.partial({ match: true, groups: true, raw: true }),
) as z.ZodType<Filter>;
