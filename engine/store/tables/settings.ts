import type { MappingSettings } from '../../mapping/tableMapping';
import type { Scope } from '../scope';

export async function readSettings({ db, connectionKey }: Scope): Promise<Map<string, MappingSettings>> {
	const rows = await db.selectFrom('mapping_setting').select(['mapping', 'settings']).where('connection_key', '=', connectionKey).execute();
	return new Map(rows.map((row) => [row.mapping, JSON.parse(row.settings) as MappingSettings]));
}

/** Null goes back to the default mapping. */
export async function saveSettings({ db, connectionKey }: Scope, mapping: string, settings: MappingSettings | null): Promise<void> {
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
