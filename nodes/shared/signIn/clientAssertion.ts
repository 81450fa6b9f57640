import { constants, randomUUID, sign } from 'node:crypto';
import type { ClientCertificate } from './clientCertificate';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Microsoft advises five to ten minutes. An assertion is made for one request and never kept. */
const LIFE_SECONDS = 300;

/** How the assertion is signed, by the thumbprint there is. */
const ALGORITHMS = {
	sha256: { alg: 'PS256', thumbprint: 'x5t#S256', padding: constants.RSA_PKCS1_PSS_PADDING },
	// The older pair: a thumbprint of SHA-1 is all that is known of the certificate.
	sha1: { alg: 'RS256', thumbprint: 'x5t', padding: constants.RSA_PKCS1_PADDING },
} as const;

/**
 * A JWT with which an application proves who it is, in place of a secret.
 * Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 * @param tokenUrl address of the token endpoint, the audience
 * @param now epoch milliseconds
 */
export function clientAssertion(clientId: string, tokenUrl: string, certificate: ClientCertificate, now: number): string {
	const { of, hex } = certificate.thumbprint;
	const { alg, thumbprint, padding } = ALGORITHMS[of];
	const seconds = Math.floor(now / 1000);
	const header = { alg, typ: 'JWT', [thumbprint]: Buffer.from(hex, 'hex').toString('base64url') };
	const claims = {
		aud: tokenUrl,
		iss: clientId,
		sub: clientId,
		jti: randomUUID(),
		iat: seconds,
		nbf: seconds,
		exp: seconds + LIFE_SECONDS,
	};
	const signed = `${part(header)}.${part(claims)}`;
	const signature = sign('sha256', Buffer.from(signed), {
		key: certificate.privateKey,
		padding,
		saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
	});
	return `${signed}.${signature.toString('base64url')}`;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
