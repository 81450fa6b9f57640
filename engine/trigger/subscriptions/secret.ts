import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Our own begin so, in Business Central and in Dataverse, whoever has forgotten them. */
const PREFIX = 'n8n-d365-sync';
/** Header of Dataverse's calls that proves who calls. */
export const SECRET_HEADER = 'x-d365-sync-secret';

/** What the webhooks of a trigger are named by: the name of an endpoint, and what begins the state of a subscription. */
export const markOf = (trigger: string): string => `${PREFIX} ${trigger}`;

/** A secret of 32 random bytes, as text. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** All that is kept of what proves who calls. */
export const hashOf = (proof: string): string => createHash('sha256').update(proof).digest('base64url');

/** Takes as long whatever is given. */
export function isSameHash(given: string, kept: string): boolean {
	const [is, should] = [Buffer.from(given), Buffer.from(kept)];
	return is.length === should.length && timingSafeEqual(is, should);
}

/** What is sent along with a subscription: it says whose it is, and proves that the service calls. */
export const stateOf = (trigger: string, secret: string): string => `${markOf(trigger)} ${secret}`;

/** Whether a subscription's state, or the name of an endpoint or step, is that of the trigger. */
export const isOf = (trigger: string, text: string): boolean => text === markOf(trigger) || text.startsWith(`${markOf(trigger)} `);
