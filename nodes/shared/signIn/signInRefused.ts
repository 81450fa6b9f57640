/** Why an application got no token. The names are those of errors (docs/errors.md). */
export type SignInReason = 'SIGN_IN_FAILED' | 'CERTIFICATE_UNUSABLE' | 'CERTIFICATE_EXPIRED' | 'CERTIFICATE_REFUSED' | 'NO_ANSWER';

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
		/** Status of the sign-in service; undefined when it was not asked or gave no answer. */
		readonly httpStatus?: number,
	) {
		super(`${what} ${remedy}`);
	}

	/** Whether the same request may succeed later, with nothing changed. */
	get transient(): boolean {
		return this.reason === 'NO_ANSWER';
	}
}
