import { createHash, createPublicKey, constants, verify, X509Certificate } from 'node:crypto';
import { clientAssertion } from '../../nodes/shared/signIn/clientAssertion';
import { readClientCertificate } from '../../nodes/shared/signIn/clientCertificate';
import type { SignInRefused } from '../../nodes/shared/signIn/signInRefused';
import { selfSigned } from '../kit/certificate';

const now = Date.parse('2027-01-15T12:00:00Z');
const day = 24 * 3600_000;
const pair = selfSigned({ from: now - day, until: now + day });
const other = selfSigned({ from: now - day, until: now + day });

const refusal = (key: string, certificate: string): SignInRefused => {
	try {
		readClientCertificate(key, certificate, now);
	} catch (error) {
		return error as SignInRefused;
	}
	throw new Error('Nothing was refused.');
};
const oneLine = (pem: string): string => pem.trim().replace(/\n/g, ' ');

describe('private key and certificate of a credential', () => {
	const sha256 = new X509Certificate(pair.certificate).fingerprint256.replace(/:/g, '');

	it.each([
		['as OpenSSL writes them', pair.privateKey, pair.certificate],
		['with Windows line ends', pair.privateKey.replace(/\n/g, '\r\n'), pair.certificate.replace(/\n/g, '\r\n')],
		['from a field of one line', oneLine(pair.privateKey), oneLine(pair.certificate)],
		['from JSON, with \\n in place of line ends', pair.privateKey.replace(/\n/g, '\\n'), pair.certificate.replace(/\n/g, '\\n')],
		['with words before and after', `Bag Attributes\n${pair.privateKey}\nend`, `subject=CN = n8n\n${pair.certificate}\n`],
		['a chain, in any order', pair.privateKey, other.certificate + pair.certificate],
		['both in one file, pasted twice', pair.privateKey + pair.certificate, pair.privateKey + pair.certificate],
	])('are read %s', (_how, key, certificate) => {
		expect(readClientCertificate(key, certificate, now).thumbprint).toEqual({ of: 'sha256', hex: sha256 });
	});

	it.each([
		['of SHA-1, as the Azure portal shows it', 'sha1', new X509Certificate(pair.certificate).fingerprint.replace(/:/g, '')],
		['of SHA-256', 'sha256', sha256],
		['with colons', 'sha256', new X509Certificate(pair.certificate).fingerprint256],
		['in small letters, with spaces', 'sha256', ` ${sha256.toLowerCase()} `],
	])('may be a key and a thumbprint %s', (_how, of, thumbprint) => {
		expect(readClientCertificate(pair.privateKey, thumbprint, now).thumbprint).toEqual({
			of,
			hex: thumbprint.replace(/[:\s]/g, '').toUpperCase(),
		});
	});

	const passphrase = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFHDBOBgkq\n-----END ENCRYPTED PRIVATE KEY-----';
	it.each([
		['no key', '', pair.certificate, /private key is missing, or is no PEM/, /openssl pkcs12/],
		['a certificate where the key belongs', pair.certificate, pair.certificate, /private key is missing/, /BEGIN PRIVATE KEY/],
		['a key that is cut off', pair.privateKey.replace(/[A-Za-z0-9+/]{64}\n/, ''), pair.certificate, /private key cannot be read/, /PEM/],
		['a key with a passphrase', passphrase, pair.certificate, /protected by a passphrase/, /openssl pkey/],
		['a key that is not RSA', selfSigned({ kind: 'ec' }).privateKey, pair.certificate, /of the kind ec/, /RSA/],
		['no certificate', pair.privateKey, '', /neither PEM nor a thumbprint/, /Certificates & secrets/],
		['a thumbprint that is too short', pair.privateKey, 'AB12', /neither PEM nor a thumbprint/, /thumbprint/],
		['a certificate that is damaged', pair.privateKey, pair.certificate.replace(/\nMII/, '\nXXX'), /certificate cannot be read/, /PEM/],
		['the certificate of another key', pair.privateKey, other.certificate, /does not belong to the certificate/, /one pair/],
	])('%s is refused, with a remedy, and nothing of the key is told', (_what, key, certificate, what, remedy) => {
		const error = refusal(key, certificate);
		expect(error.reason).toBe('unusable');
		expect(error.what).toMatch(what);
		expect(error.remedy).toMatch(remedy);
		expect(error).not.toHaveProperty('cause');
	});

	it('is told the day on which the certificate expired, or from which on it is valid', () => {
		const expired = selfSigned({ from: now - 400 * day, until: now - 35 * day });
		expect(refusal(expired.privateKey, expired.certificate)).toMatchObject({
			reason: 'expired',
			what: 'The certificate expired on 2026-12-11.',
		});
		const future = selfSigned({ from: now + 2 * day, until: now + 9 * day });
		expect(refusal(future.privateKey, future.certificate).what).toBe('The certificate is valid only from 2027-01-17 on.');
	});
});

describe('the client assertion', () => {
	const url = 'https://login.microsoftonline.com/tenant/oauth2/v2.0/token';
	const read = (text: string) => {
		const [header = '', claims = '', signature = ''] = text.split('.');
		const json = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
		return {
			header: json(header),
			claims: json(claims),
			signed: Buffer.from(`${header}.${claims}`),
			signature: Buffer.from(signature, 'base64url'),
		};
	};
	const der = new X509Certificate(pair.certificate).raw;
	const key = createPublicKey(pair.privateKey);

	it('names the certificate by SHA-256 and is signed by PS256', () => {
		const { header, claims, signed, signature } = read(
			clientAssertion('app', url, readClientCertificate(pair.privateKey, pair.certificate, now), now),
		);
		expect(header).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': createHash('sha256').update(der).digest('base64url') });
		expect(claims).toEqual({
			aud: url,
			iss: 'app',
			sub: 'app',
			jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
			iat: now / 1000,
			nbf: now / 1000,
			exp: now / 1000 + 300,
		});
		expect(verify('sha256', signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, signature)).toBe(true);
	});

	it('with nothing but a thumbprint of SHA-1, is signed by RS256', () => {
		const sha1 = createHash('sha1').update(der).digest();
		const { header, signed, signature } = read(
			clientAssertion('app', url, readClientCertificate(pair.privateKey, sha1.toString('hex'), now), now),
		);
		expect(header).toEqual({ alg: 'RS256', typ: 'JWT', x5t: sha1.toString('base64url') });
		expect(verify('sha256', signed, key, signature)).toBe(true);
	});

	it('is another one each time', () => {
		const certificate = readClientCertificate(pair.privateKey, pair.certificate, now);
		const ids = [1, 2, 3].map(() => read(clientAssertion('app', url, certificate, now)).claims['jti']);
		expect(new Set(ids).size).toBe(3);
	});
});
