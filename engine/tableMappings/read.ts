import type { SyncSession } from '../ports/session';
import { findMapping, loadMappings } from '../defaults/catalog';
import { DEFAULT_INTERVAL_MINUTES, DEFAULT_SLEEP_MINUTES, type TableMapping } from '../model/tableMapping';
import { fieldView, viewOf, type FieldView, type MappingView } from './view';

export interface ListQuery {
	/** Part of the name, the caption or a table name. */
	text?: string;
	own?: boolean;
	enabled?: boolean;
}

/** All mappings that fit, in dependency order. */
export async function listMappings(session: SyncSession, query: ListQuery = {}): Promise<MappingView[]> {
	const [mappings, settings, running] = await Promise.all([
		loadMappings(session),
		session.store.settings(),
		session.store.runningMappings(),
	]);
	const views: MappingView[] = [];
	for (const mapping of mappings.filter((each) => fits(each, query))) {
		views.push(await viewOf(session, mapping, { changed: !mapping.own && settings.has(mapping.name), running }));
	}
	return views;
}

function fits(mapping: TableMapping, { text, own, enabled }: ListQuery): boolean {
	const searched = `${mapping.name} ${mapping.caption} ${mapping.bc.name} ${mapping.crm.name}`.toLowerCase();
	return (
		(!text || searched.includes(text.trim().toLowerCase())) &&
		(own === undefined || (mapping.own ?? false) === own) &&
		(enabled === undefined || mapping.enabled === enabled)
	);
}

export interface MappingDetails extends MappingView {
	fieldMappings: FieldView[];
	bcFilter: TableMapping['bcFilter'];
	crmFilter: TableMapping['crmFilter'];
	templates: NonNullable<TableMapping['templates']>;
	deletionCheckMinutes: number | null;
	intervalMinutes: number;
	inactivitySleepMinutes: number;
	massChange: TableMapping['massChange'] | null;
	companyStamp: boolean;
}

/** @throws SyncError `MAPPING_UNKNOWN` (setup) */
export async function getMapping(session: SyncSession, name: string): Promise<MappingDetails> {
	const mapping = findMapping(await loadMappings(session), name);
	const settings = await session.store.settings();
	const running = await session.store.runningMappings();
	const view = await viewOf(session, mapping, { changed: !mapping.own && settings.has(mapping.name), running });
	return {
		...view,
		fieldMappings: mapping.fields.map(fieldView),
		bcFilter: mapping.bcFilter,
		crmFilter: mapping.crmFilter,
		templates: mapping.templates ?? { businessCentral: [], crm: [] },
		deletionCheckMinutes: mapping.deletionCheckMinutes ?? null,
		intervalMinutes: mapping.intervalMinutes ?? DEFAULT_INTERVAL_MINUTES,
		inactivitySleepMinutes: mapping.inactivitySleepMinutes ?? DEFAULT_SLEEP_MINUTES,
		massChange: mapping.massChange ?? null,
		companyStamp: mapping.companyStamp,
	};
}
