import { SyncError } from '../model/errors';
import { loadMappings, loadSetup, rulesOf } from '../defaults/catalog';
import { companyRowOf } from '../mapping/companyIdentity';
import { sideFilter } from '../mapping/filter';
import { idsInside } from '../mapping/filters/reading';
import { directionFrom } from '../model/direction';
import { type Side, SIDES, SYSTEM_NAMES } from '../model/side';
import type { CompanyMapping } from '../model/mappingStages';
import { filterOn, type TableMapping, tableOn } from '../model/tableMapping';
import type { SystemRecord } from '../model/record';
import type { SyncSession } from '../ports/session';
import { checkSetup, type CheckedSetup } from '../setup/checkSetup';
import { rulesWithout } from '../setup/setupOfRun';
import { serves } from '../sync/run/directions';
import { References } from '../sync/references/references';

/**
 * A couple is only worth something where runs serve it: a record that the mapping's filter leaves out, or that its rules pass over, would be
 * overwritten by its partner, and its own edits would never arrive.
 * @throws SyncError `OUTSIDE_FILTER`, or what a rule of the mapping has against the record of Business Central
 */
export async function requireServed(session: SyncSession, mapping: CompanyMapping, pair: Record<Side, SystemRecord>): Promise<void> {
	try {
		await lookAt(session, await checkSetup(session, mapping), pair);
	} catch (error) {
		if (!(error instanceof SyncError) || !/_FIELD_NOT_FOUND$/.test(error.code)) throw error;
		// A field went since the metadata was looked at.
		await lookAt(session, await checkSetup(session, mapping, true), pair);
	}
}

async function lookAt(session: SyncSession, { mapping, absent }: CheckedSetup, pair: Record<Side, SystemRecord>): Promise<void> {
	const companyRowId = await companyRowOf(session, mapping);
	const { extraFields, refuseCoupling } = rulesWithout(mapping, absent);
	for (const side of SIDES) {
		const table = tableOn(mapping, side);
		const filter = sideFilter(filterOn(mapping, side), side, companyRowId, table);
		const fields = (side === 'crm' ? extraFields?.crm : extraFields?.bc) ?? [];
		const record = (await idsInside(session[side], table, [pair[side].id], fields, filter)).get(pair[side].id);
		if (side === 'businessCentral' && refuseCoupling) await refuseUnfit(session, mapping, pair[side].id);
		if (!record) throw outside(mapping, side, pair[side]);
		if (await isIgnored(session, mapping, side, record)) throw passedOver(mapping, side, record);
	}
}

/** What a rule of the mapping has against it, for instance a price list that is still a draft; it says more than that the filter leaves it out. */
async function refuseUnfit(session: SyncSession, { name, bc: table }: TableMapping, id: string): Promise<void> {
	const { refuseCoupling, extraFields } = rulesOf(name);
	const record = (await session.businessCentral.readByIds(table, [id], extraFields?.bc ?? [])).get(id);
	const error = record && refuseCoupling?.(await loadSetup(session), record);
	if (error) throw error;
}

/** Whether runs from that side pass the record over. */
async function isIgnored(session: SyncSession, mapping: TableMapping, side: Side, record: SystemRecord): Promise<boolean> {
	const { ignore } = rulesOf(mapping.name);
	const direction = directionFrom(side);
	if (!ignore || !serves(mapping, direction)) return false;
	const settings = await loadSetup(session);
	const mappings = new Map((await loadMappings(session, settings)).map((each) => [each.name, each]));
	const context = {
		...{ session, mapping, mappings, settings, direction },
		references: new References(session, mappings),
		companyRowId: await companyRowOf(session, mapping),
	};
	return (await ignore(context, [record])).has(record.id);
}

const called = ({ number, name, id }: SystemRecord): string => [number, name].filter(Boolean).join(' ') || id;

const outside = (mapping: TableMapping, side: Side, record: SystemRecord): SyncError =>
	new SyncError({
		code: 'OUTSIDE_FILTER',
		errorClass: 'data',
		system: side,
		table: tableOn(mapping, side).name,
		recordId: record.id,
		message: `${called(record)} was not coupled, because the filter that the table mapping ${mapping.name} has on ${SYSTEM_NAMES[side]} leaves it out: its partner would overwrite it, and its own changes would never arrive.`,
		hint: 'Bring it into the filter first (activate or unblock it, correct its type, for instance), change the filter in Table Mappings, or couple it with the table mapping that it belongs to.',
	});

const passedOver = (mapping: TableMapping, side: Side, record: SystemRecord): SyncError =>
	new SyncError({
		code: 'OUTSIDE_FILTER',
		errorClass: 'data',
		system: side,
		table: tableOn(mapping, side).name,
		recordId: record.id,
		message: `${called(record)} was not coupled, because it is not a record that ${mapping.name} synchronizes.`,
		hint: 'See what the table mapping synchronizes on the page of default mappings; correct the record, or leave it uncoupled.',
	});
