import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import { Refused } from './refused';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Both ways of signing that Microsoft Entra takes, and the header that names the certificate. */
const ALGORITHMS: Record<string, { padding: number; saltLength?: number }> = {
	PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
	RS256: { padding: constants.RSA_PKCS1_PADDING },
};
/** Clocks of client and service may differ by this much. */
const SKEW_SECONDS = 300;

interface Assertion {
	header: Record<string, unknown>;
	claims: Record<string, unknown>;
	signed: string;
	signature: Buffer;
}

/** What the endpoint that was asked knows. */
export interface AssertionContext {
	/** Addresses that may stand in `aud`. */
	audiences: readonly string[];
	/** Epoch milliseconds. */
	now: number;
}

/**
 * Verifies a client assertion against the certificates of an application.
 * Sources: https://learn.microsoft.com/entra/identity-platform/certificate-credentials for the format,
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes for the numbers of the errors.
 * @throws Refused
 */
export function verifyAssertion(text: string, clientId: string, certificates: readonly string[], context: AssertionContext): void {
	const assertion = parse(text);
	const { header, claims } = assertion;
	if (claims['iss'] !== clientId || claims['sub'] !== clientId) {
		throw invalid(700021, `Client assertion application identifier doesn't match 'client_id' parameter.`);
	}
	if (typeof claims['aud'] !== 'string' || !context.audiences.includes(claims['aud'])) {
		throw invalid(700023, `Client assertion audience claim does not match Realm issuer.`);
	}
	if (typeof claims['jti'] !== 'string' || claims['jti'] === '') throw invalid(50027, `JWT token is invalid or malformed: jti is missing.`);
	const seconds = context.now / 1000;
	const [from, until] = [Number(claims['nbf']), Number(claims['exp'])];
	if (!(from <= seconds + SKEW_SECONDS && until >= seconds - SKEW_SECONDS)) {
		throw invalid(700024, `Client assertion is not within its valid time range.`);
	}
	const used = thumbprintOf(header);
	const certificate = certificates.map((pem) => new X509Certificate(pem)).find((each) => hash(each.raw, used.of) === used.value);
	if (!certificate) throw signature('The key was not found.', used.value);
	if (Date.parse(certificate.validTo) < context.now) throw signature('The key used is expired.', used.value);
	const algorithm = ALGORITHMS[String(header['alg'])];
	const key = certificate.publicKey;
	if (!algorithm || !verify('sha256', Buffer.from(assertion.signed), { key, ...algorithm }, assertion.signature)) {
		throw signature('The key was found, but use of the key to verify the signature failed.', used.value);
	}
}

const hash = (der: Buffer, of: 'sha1' | 'sha256'): string => createHash(of).update(der).digest('base64url');

function thumbprintOf(header: Record<string, unknown>): { of: 'sha1' | 'sha256'; value: string } {
	const [sha256, sha1] = [header['x5t#S256'], header['x5t']];
	if (typeof sha256 === 'string') return { of: 'sha256', value: sha256 };
	if (typeof sha1 === 'string') return { of: 'sha1', value: sha1 };
	throw invalid(50027, 'JWT token is invalid or malformed: the header names no certificate.');
}

function parse(text: string): Assertion {
	const parts = text.split('.');
	const [header = '', claims = '', signatureText = ''] = parts;
	try {
		if (parts.length !== 3) throw new Error('not three parts');
		return {
			header: JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as Record<string, unknown>,
			claims: JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Record<string, unknown>,
			signed: `${header}.${claims}`,
			signature: Buffer.from(signatureText, 'base64url'),
		};
	} catch {
		throw invalid(50027, 'JWT token is invalid or malformed.');
	}
}

const invalid = (aadsts: number, message: string): Refused => new Refused('invalid_client', aadsts, message, 401);

const signature = (reason: string, thumbprint: string): Refused =>
	invalid(
		700027,
		`Client assertion failed signature validation. [Reason - ${reason}, Thumbprint of key used by client: '${Buffer.from(thumbprint, 'base64url').toString('hex').toUpperCase()}']`,
	);
