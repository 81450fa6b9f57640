import type { ChangeToken, ChangeTokenUpdate } from '../../model/changeToken';
import type { Side } from '../../model/side';
import { compiledOnce } from '../compiledOnce';
import type { Scope } from '../scope';

const tokenOf = compiledOnce(({ db }, { connectionKey, mapping, side }: { connectionKey: number; mapping: string; side: Side }) =>
	db
		.selectFrom('change_token')
		.select(['scope', 'link', 'state'])
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('side', '=', side),
);

export async function readChangeToken(scope: Scope, mapping: string, side: Side): Promise<ChangeToken | null> {
	const [row] = await tokenOf(scope, { connectionKey: scope.connectionKey, mapping, side });
	return row ? { mapping, side, scope: row.scope, link: row.link, state: row.state as ChangeToken['state'] } : null;
}

/** Each replaces the one the mapping had. */
export async function putChangeToken({ db, connectionKey }: Scope, token: ChangeTokenUpdate): Promise<void> {
	const { mapping, side } = token;
	if (token.link === null) {
		await db
			.deleteFrom('change_token')
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where('side', '=', side)
			.execute();
		return;
	}
	const { scope, link, state } = token;
	await db
		.insertInto('change_token')
		.values({ connection_key: connectionKey, mapping, side, scope, link, state })
		.onConflict((oc) => oc.columns(['connection_key', 'mapping', 'side']).doUpdateSet({ scope, link, state }))
		.execute();
}
