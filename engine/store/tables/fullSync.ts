import type { Selectable } from 'kysely';
import type { FullSyncTable } from '../schema';
import type { Scope } from '../scope';
import type { FullSyncChoices, FullSyncLine, FullSyncPass } from '../../model/fullSync';

const passFrom = (text: string | null): FullSyncPass | null => (text === null ? null : (JSON.parse(text) as FullSyncPass));

const lineFromRow = (row: Selectable<FullSyncTable>): FullSyncLine => ({
	mapping: row.mapping,
	runId: row.run_id,
	status: row.status as FullSyncLine['status'],
	choices: JSON.parse(row.choices) as FullSyncChoices,
	toCrm: passFrom(row.to_crm),
	fromCrm: passFrom(row.from_crm),
	message: row.message,
	startedAt: row.started_at,
	finishedAt: row.finished_at,
});

export async function readFullSyncLines({ db, connectionKey }: Scope): Promise<Map<string, FullSyncLine>> {
	const rows = await db.selectFrom('full_sync').selectAll().where('connection_key', '=', connectionKey).orderBy('mapping').execute();
	return new Map(rows.map((row) => [row.mapping, lineFromRow(row)]));
}

export async function putFullSyncLines({ db, connectionKey }: Scope, lines: readonly FullSyncLine[]): Promise<void> {
	for (const line of lines) {
		const row = {
			run_id: line.runId,
			status: line.status,
			choices: JSON.stringify(line.choices),
			to_crm: line.toCrm && JSON.stringify(line.toCrm),
			from_crm: line.fromCrm && JSON.stringify(line.fromCrm),
			message: line.message,
			started_at: line.startedAt,
			finished_at: line.finishedAt,
		};
		await db
			.insertInto('full_sync')
			.values({ connection_key: connectionKey, mapping: line.mapping, ...row })
			.onConflict((oc) => oc.columns(['connection_key', 'mapping']).doUpdateSet(row))
			.execute();
	}
}

export async function deleteFullSyncLines({ db, connectionKey }: Scope, mappings: readonly string[] | undefined): Promise<void> {
	if (mappings?.length === 0) return;
	let lines = db.deleteFrom('full_sync').where('connection_key', '=', connectionKey);
	if (mappings !== undefined) lines = lines.where('mapping', 'in', [...mappings]);
	await lines.execute();
}
