import { SyncError } from '../../model/errors';
import { canonical, fingerprint } from '../../mapping/normalize';
import { indexOf } from '../../mapping/baseline';
import type { ReferenceScope } from './referenceScope';
import { translate } from '../../mapping/translate';
import type { FieldValue, SystemRecord } from '../../model/record';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';
import type { Coupling } from '../../model/coupling';
import type { UnresolvedReference } from '../../model/failure';

/** Failures that somebody else's record or a choice can cure, without the record itself being touched. */
const CURABLE: ReadonlySet<string> = new Set(['DEPENDENCY', 'CHOICE_MISSING', 'COUNTRY_UNKNOWN']);

export const isCurable = (error: SyncError): boolean => CURABLE.has(error.code);

/**
 * Everything the record refers to that has no counterpart, so that one look tells what to couple first. Of a coupled record only fields that
 * are to be delivered. Pure once `References.prepare` has run for the record.
 */
export function unresolvedReferences(
	context: Pick<ReferenceScope, 'mapping' | 'direction' | 'source' | 'references'>,
	source: SystemRecord,
	coupling: Coupling | null,
): UnresolvedReference[] {
	return missingAmong(context, source, (field, value) => coupling === null || isToBeDelivered(context, field, value, coupling));
}

/**
 * Records that a coupled one is part of and that are not coupled any more. What it refers to besides is told by `unresolvedReferences`.
 */
export function uncoupledParents(
	context: Pick<ReferenceScope, 'mapping' | 'direction' | 'source' | 'references'>,
	source: SystemRecord,
	coupling: Coupling | null,
): UnresolvedReference[] {
	if (coupling === null || !context.mapping.fields.some(({ parent }) => parent)) return [];
	return missingAmong(context, source, (field, value) => field.parent === true && !isToBeDelivered(context, field, value, coupling));
}

const isToBeDelivered = (
	{ source: { side } }: Pick<ReferenceScope, 'source'>,
	field: FieldMapping,
	value: FieldValue,
	coupling: Coupling,
): boolean => !field.insertOnly && coupling.baseline?.[field.key]?.[indexOf(side)] !== fingerprint(field, side, value);

function missingAmong(
	context: Pick<ReferenceScope, 'mapping' | 'direction' | 'source' | 'references'>,
	source: SystemRecord,
	counts: (field: FieldMapping, value: FieldValue) => boolean,
): UnresolvedReference[] {
	const { mapping, direction, references } = context;
	const missing: UnresolvedReference[] = [];
	for (const field of mapping.fields) {
		const name = sourceName(context, field);
		if (name === null || !field.enabled || (field.direction !== 'bidirectional' && field.direction !== direction)) continue;
		const value = source.values[name];
		if (value === undefined || !counts(field, value)) continue;
		const desired = translate(references, direction, field, source);
		if (desired.kind !== 'error') continue;
		const refersTo = desired.refersTo ?? { mapping: field.mapping ?? null, value: canonical(field, context.source.side, value) };
		const { named } = desired;
		missing.push({ field: field.key, caption: field.caption, ...refersTo, ...(named === undefined ? {} : { name: named }) });
	}
	return missing;
}

/** The error of the first missing reference, told of all of them. */
export function tellAll(error: SyncError, missing: readonly UnresolvedReference[]): SyncError {
	const others = missing.filter(({ caption }) => caption !== error.field);
	if (others.length === 0) return error;
	const list = others.map(
		({ caption, mapping, value, name }) => `${caption} "${name ?? value}"${mapping ? ` (table mapping ${mapping})` : ''}`,
	);
	const { code, errorClass, system, hint, field } = error;
	return new SyncError({
		code,
		errorClass,
		system,
		hint,
		...(field === undefined ? {} : { field }),
		message: `${error.message} Likewise: ${list.join(', ')}.`,
		cause: error.cause,
	});
}

/** Which of the references can be resolved by now: one batch per table referred to, however many there are. */
export async function resolvedReferences(
	context: Pick<ReferenceScope, 'mapping' | 'direction' | 'source' | 'references' | 'fields' | 'rules'>,
	missing: readonly UnresolvedReference[],
): Promise<Set<string>> {
	const resolved = new Set<string>();
	const probes = new Map<string, { field: FieldMapping | undefined; record: SystemRecord }>();
	const translated = missing.filter(({ field }) => context.rules.translations?.[field]);
	for (const each of await resolvedByMapping(context, translated)) resolved.add(each);
	for (const each of missing) {
		if (translated.includes(each)) continue;
		const field = context.fields.find(({ key }) => key === each.field);
		const name = field ? sourceName(context, field) : null;
		const values = name === null ? {} : { [name]: each.value };
		probes.set(referenceKey(each), { field, record: { id: '', modifiedAt: '', version: '', number: '', name: '', values } });
	}
	await context.references.prepare(
		context.direction,
		context.mapping,
		context.fields,
		[...probes.values()].map(({ record }) => record),
	);
	for (const [key, { field, record }] of probes) {
		// A record does not wait for a field that is no longer mapped.
		if (!field || translate(context.references, context.direction, field, record).kind !== 'error') resolved.add(key);
	}
	return resolved;
}

/** What a translation of the mapping's own found missing is a record of some mapping; which one the record names may be told otherwise meanwhile. */
async function resolvedByMapping(
	{ references, direction }: Pick<ReferenceScope, 'references' | 'direction'>,
	missing: readonly UnresolvedReference[],
): Promise<string[]> {
	const found: string[] = [];
	for (const name of new Set(missing.flatMap(({ mapping }) => mapping ?? []))) {
		const those = missing.filter(({ mapping }) => mapping === name);
		const known = await references.resolvable(
			direction,
			name,
			those.map(({ value }) => value),
		);
		found.push(...those.filter(({ value }) => known.has(value)).map(referenceKey));
	}
	return [...found, ...missing.filter(({ mapping }) => mapping === null).map(referenceKey)];
}

export const referenceKey = ({ field, value }: UnresolvedReference): string => `${field}\n${value}`;

const sourceName = (context: Pick<ReferenceScope, 'source'>, field: FieldMapping): string | null => fieldOn(field, context.source.side);
