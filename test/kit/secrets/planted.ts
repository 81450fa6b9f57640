import { defaultIdentities } from '../../../sandbox/login/identities';

/** Password of every PostgreSQL that a test starts, and given to those that ask for none. */
export const POSTGRES_PASSWORD = 'planted-postgres-pa55word';

const fixed = [
	POSTGRES_PASSWORD,
	'pa55-word-nobody-may-see',
	...defaultIdentities.flatMap(({ businessCentralUser, accessKey, application }) => [
		accessKey,
		Buffer.from(`${businessCentralUser}:${accessKey}`, 'utf8').toString('base64'),
		...(application ? [application.clientSecret] : []),
	]),
];
/** Tokens the sandbox gives out: how they begin. */
const TOKENS = ['eyJ0eXAiOiJKV1QifQ\\.[\\w-]{8,}', '0\\.sandbox-refresh-[\\w-]{8,}'];
/** A shorter word may stand anywhere by chance. */
const SHORTEST = 12;

const planted = new Set<string>();
let pattern: RegExp | undefined;

/** From now on this text is a secret: wherever it shows up, the test run fails. Texts of less than 12 characters are passed over. */
export function plant(secret: unknown): void {
	if (typeof secret !== 'string' || secret.length < SHORTEST || planted.has(secret)) return;
	planted.add(secret);
	pattern = undefined;
}
for (const secret of fixed) plant(secret);

/** Where the first secret stands in a text, or null. Also finds it as it stands in an address or a form. */
export function findSecret(text: string): { secret: string; at: number } | null {
	pattern ??= new RegExp(
		[
			...TOKENS,
			...[...planted].flatMap((secret) =>
				[...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])].map(escaped),
			),
		].join('|'),
	);
	const match = pattern.exec(text);
	return match ? { secret: match[0], at: match.index } : null;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
