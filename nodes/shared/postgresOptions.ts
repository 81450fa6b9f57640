import { z } from 'zod/v4';
import type { PostgresSettings } from '../../engine';

/** Fields of the credential *Sync Store (PostgreSQL)*. */
export const postgresFields = z.object({
	host: z.string().trim().min(1, { error: 'Host is empty.' }),
	port: z.coerce.number().int().min(1).max(65535).catch(5432),
	database: z.string().trim().min(1, { error: 'Database is empty.' }),
	user: z.string().trim().min(1, { error: 'User is empty.' }),
	password: z.string().catch(''),
	schema: z
		.string()
		.trim()
		.regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, { error: 'Schema may hold only letters, digits and underscores, and not begin with a digit.' }),
	ssl: z.enum(['disable', 'require', 'verify']).catch('verify'),
});

export type PostgresFields = z.infer<typeof postgresFields>;

/** *Require* encrypts without looking at the certificate; *verify* trusts what Node trusts (NODE_EXTRA_CA_CERTS adds own authorities). */
export const postgresSettings = ({ ssl, ...fields }: PostgresFields): PostgresSettings & { schema: string } => ({
	...fields,
	ssl: ssl === 'disable' ? false : { rejectUnauthorized: ssl === 'verify' },
});
