import type { CompanySettings } from '../../model/companySettings';
import type { MappingSettings } from '../../model/tableMapping';
import type { Scope } from '../scope';

/** Row of the settings that hold for all mappings of the connection. No mapping can be called so. */
const COMPANY = '@company';

export async function readCompanySettings({ db, connectionKey }: Scope): Promise<Partial<CompanySettings>> {
	const row = await db
		.selectFrom('mapping_setting')
		.select('settings')
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', COMPANY)
		.executeTakeFirst();
	return row ? (JSON.parse(row.settings) as Partial<CompanySettings>) : {};
}

export const saveCompanySettings = (scope: Scope, settings: Partial<CompanySettings> | null): Promise<void> =>
	save(scope, COMPANY, settings);

export async function readSettings({ db, connectionKey }: Scope): Promise<Map<string, MappingSettings>> {
	const rows = await db.selectFrom('mapping_setting').select(['mapping', 'settings']).where('connection_key', '=', connectionKey).execute();
	return new Map(rows.filter((row) => row.mapping !== COMPANY).map((row) => [row.mapping, JSON.parse(row.settings) as MappingSettings]));
}

/** Null goes back to the default mapping. */
export const saveSettings = (scope: Scope, mapping: string, settings: MappingSettings | null): Promise<void> =>
	save(scope, mapping, settings);

async function save({ db, connectionKey }: Scope, mapping: string, settings: object | null): Promise<void> {
	if (settings === null) {
		await db.deleteFrom('mapping_setting').where('connection_key', '=', connectionKey).where('mapping', '=', mapping).execute();
		return;
	}
	const text = JSON.stringify(settings);
	await db
		.insertInto('mapping_setting')
		.values({ connection_key: connectionKey, mapping, settings: text })
		.onConflict((oc) => oc.columns(['connection_key', 'mapping']).doUpdateSet({ settings: text }))
		.execute();
}
