import type { IExecuteFunctions } from 'n8n-workflow';
import type { Finding } from '../../../engine';
import { postgresFields } from '../../shared/postgresOptions';

const COMMON = { area: 'store', system: 'n8n', subject: 'State store', neededBy: [] as string[] } satisfies Partial<Finding>;

/** Which store is in use. In queue mode an embedded one is refused before. */
export async function storeInUse(context: IExecuteFunctions): Promise<Finding> {
	const info = { ...COMMON, severity: 'info', remedy: '', page: 'state-store.md' } as const;
	if (!context.getNode().credentials?.syncStorePostgresApi) {
		return {
			...info,
			neededBy: [],
			message:
				'The state is kept in the embedded file, which n8n in queue mode cannot use: attach the credential Sync Store (PostgreSQL) before you change to it.',
		};
	}
	const { host, port, database, schema } = postgresFields.parse(await context.getCredentials('syncStorePostgresApi'));
	return { ...info, neededBy: [], message: `The state is kept in PostgreSQL: database ${database} on ${host}:${port}, schema ${schema}.` };
}
