/** Why an application got no token: key or certificate cannot be used, is out of its time, or is not accepted; something else is wrong; nobody answered. */
export type SignInReason = 'unusable' | 'expired' | 'refused' | 'failed' | 'noAnswer';

/**
 * No token was given, in words: `what` is wrong and what is the `remedy`. The message is both, because the connection test of n8n shows nothing else
 * of an error, and it has neither `code` nor `response`, which n8n would show in place of the message.
 * Nothing of key, secret or assertion is in it.
 */
export class SignInRefused extends Error {
	override readonly name = 'SignInRefused';

	constructor(
		readonly reason: SignInReason,
		readonly what: string,
		readonly remedy: string,
	) {
		super(`${what} ${remedy}`);
	}
}
