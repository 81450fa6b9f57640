import { compiledOnce } from '../compiledOnce';
import type { Scope } from '../scope';
import type { FieldMark, FieldSet, FieldSetProgress, KnownFieldSets } from '../../model/fieldSet';

const setsOf = compiledOnce(({ db }, { connectionKey, mapping }: { connectionKey: number; mapping: string }) =>
	db.selectFrom('field_set').selectAll().where('connection_key', '=', connectionKey).where('mapping', '=', mapping),
);

export async function readFieldSets(scope: Scope, mapping: string): Promise<KnownFieldSets> {
	const rows = await setsOf(scope, { connectionKey: scope.connectionKey, mapping });
	const current = rows.find((row) => row.current === 1);
	return {
		current: current?.hash ?? null,
		position: current?.position ?? null,
		sets: new Map(
			rows.map(({ hash, fields }): [string, FieldSet] => [hash, { hash, fields: JSON.parse(fields) as Record<string, FieldMark> }]),
		),
	};
}

export async function putFieldSet({ db, connectionKey }: Scope, { mapping, set, position }: FieldSetProgress): Promise<void> {
	await db
		.updateTable('field_set')
		.set({ current: 0 })
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('hash', '<>', set.hash)
		.where('current', '=', 1)
		.execute();
	await db
		.insertInto('field_set')
		.values({ connection_key: connectionKey, mapping, hash: set.hash, fields: JSON.stringify(set.fields), current: 1, position })
		.onConflict((oc) => oc.columns(['connection_key', 'mapping', 'hash']).doUpdateSet({ current: 1, position }))
		.execute();
}
