import { loadMappings, rulesOf } from '../defaults/catalog';
import { SyncError } from '../model/errors';
import type { Direction } from '../model/direction';
import type { FieldMapping } from '../model/fieldMapping';
import type { FieldName } from '../model/record';
import type { AbsentColumn, Surface } from '../model/shape';
import { identifiedBy, pageOf } from '../model/recordIdentity';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { optionalCompanion } from './leftOut';
import { usedFields } from './usedFields';

/** A field mapping that has no place in Business Central as the environment is. */
export interface LostField {
	/** Caption of the field mapping. */
	caption: string;
	/** As mappings name it. */
	field: FieldName;
	/** The page that would show it; null: the page is there, without the field. */
	page: string | null;
	/** The change feed shows it: it could be read where the field travels to CRM only. */
	readOnly: boolean;
}

/** Which surfaces of Business Central serve a table mapping now, until when, and what none of them shows. */
export interface MappingSurfaces {
	mapping: string;
	/** As lists show it. */
	caption: string;
	enabled: boolean;
	direction: Direction;
	/** Business Central's table, as the mapping names it. */
	table: string;
	/** In order of preference; empty where the table itself is lost. */
	surfaces: Surface[];
	/** Release of Business Central with which the first of the surfaces ends; null for none. */
	endsWith: string | null;
	/** Captions of the field mappings that end with it; the table itself where it ends, too. */
	ending: string[];
	/** Nothing shows the table, or shows it as the mapping needs it: runs of the mapping stop. */
	tableLost: boolean;
	/** Field mappings that runs leave out. */
	lost: LostField[];
	/** What is lost, in words; empty for nothing. */
	message: string;
	/** What brings it back; empty for nothing. */
	remedy: string;
}

/**
 * For each table mapping: from where Business Central's table and fields are read, from which release on no longer, and exactly what is lost with the
 * surfaces there are. Asks Business Central's metadata only. `afresh`: nothing remembered counts.
 * @throws SyncError (transient) when Business Central does not answer; (setup) when its metadata may not be read, or for a company that is not there
 */
export async function surfacesOfMappings(
	session: SyncSession,
	{ mappings, afresh = false }: { mappings?: readonly string[]; afresh?: boolean } = {},
): Promise<MappingSurfaces[]> {
	const found: MappingSurfaces[] = [];
	for (const mapping of await loadMappings(session)) {
		if (!mappings || mappings.includes(mapping.name)) found.push(await surfacesOfMapping(session, mapping, afresh));
	}
	return found;
}

/** However records are known, the next run can read them by their keys, too: it settles that first. */
async function surfacesOfMapping(session: SyncSession, asKnown: TableMapping, afresh: boolean): Promise<MappingSurfaces> {
	const mapping = { ...asKnown, bc: identifiedBy(asKnown.bc, 'key') };
	const { businessCentral } = session;
	const used = usedFields(mapping, rulesOf(mapping.name), 'businessCentral');
	const fields = [...new Set(used.map(({ field }) => field))];
	const { name, caption, enabled, direction, bc } = mapping;
	const line = { mapping: name, caption, enabled, direction, table: bc.name };
	const absent = await absentIn(session, mapping, fields, afresh);
	if (absent instanceof SyncError) {
		const { message, hint } = absent;
		return { ...line, surfaces: [], endsWith: null, ending: [], tableLost: true, lost: [], message, remedy: hint };
	}
	const missing = new Map(absent.map((each) => [each.field, each]));
	const lost = mapping.fields.flatMap((each) =>
		each.enabled && each.bcField !== null && missing.has(each.bcField) ? [lostField(each.caption, missing.get(each.bcField)!)] : [],
	);
	const needed = used.filter(
		({ field, mapped }) => missing.has(field) && !(mapped ? mapped.optional || optionalCompanion(field) : field.includes('/')),
	);
	const known = fields.filter((field) => !missing.has(field));
	const surfaces = businessCentral.surfaces?.(bc, known) ?? [];
	const endsWith = surfaces.flatMap((surface) => surface.endsWith ?? []).sort()[0] ?? null;
	return {
		...line,
		surfaces,
		endsWith,
		ending: endingWith(mapping, surfaces),
		tableLost: needed.length > 0,
		lost,
		message:
			needed.length > 0
				? neededText(
						mapping,
						needed.map(({ field }) => field),
					)
				: lostText(mapping, lost),
		remedy: lost.length === 0 && needed.length === 0 ? '' : remedyFor(lost),
	};
}

const lostField = (caption: string, { field, page, readOnly }: AbsentColumn): LostField => ({
	caption,
	field,
	page,
	readOnly: readOnly === true,
});

async function absentIn(
	{ businessCentral }: SyncSession,
	{ bc }: TableMapping,
	fields: readonly FieldName[],
	afresh: boolean,
): Promise<AbsentColumn[] | SyncError> {
	try {
		return await businessCentral.absentColumns(bc, fields, afresh);
	} catch (error) {
		if (error instanceof SyncError && /^BC_(PAGE|TABLE|SURFACE|CHANGE_FEED)_/.test(error.code)) return error;
		throw error;
	}
}

/** What goes when the published pages do. */
function endingWith({ fields, bc, caption }: TableMapping, surfaces: readonly Surface[]): string[] {
	const ending = new Set(surfaces.flatMap((surface) => (surface.endsWith === null ? [] : surface.fields)));
	if (pageOf(bc) && ending.size > 0) return [caption];
	const captions = fields.flatMap(({ enabled, bcField, caption: each }: FieldMapping) =>
		enabled && bcField !== null && ending.has(bcField) ? [each] : [],
	);
	return [...new Set(captions)];
}

function lostText({ name }: TableMapping, lost: readonly LostField[]): string {
	if (lost.length === 0) return '';
	const captions = [...new Set(lost.map(({ caption }) => caption))];
	const [fields, are] = captions.length === 1 ? ['the field', 'is'] : ['the fields', 'are'];
	return `Business Central shows nowhere what ${fields} ${captions.join(', ')} of ${name} ${are} read from, so runs leave ${captions.length === 1 ? 'it' : 'them'} out.`;
}

const neededText = ({ name, bc }: TableMapping, fields: readonly FieldName[]): string =>
	`Business Central shows ${bc.name} without ${[...new Set(fields)].join(', ')}, which ${name} cannot do without.`;

function remedyFor(lost: readonly LostField[]): string {
	const pages = [...new Set(lost.flatMap(({ page }) => page ?? []))];
	const readable = [...new Set(lost.flatMap(({ readOnly, caption }) => (readOnly ? [caption] : [])))];
	return [
		'Install the extension that comes with this package (docs/extension.md).',
		...(pages.length === 0 ? [] : [`Until Business Central 30 publishing ${pages.join(' and ')} on the page Web Services does, too.`]),
		...(readable.length === 0
			? []
			: [`The change feed shows ${readable.join(', ')}, where they travel from Business Central to CRM only.`]),
		'Or disable these fields in Table Mappings.',
	].join(' ');
}
