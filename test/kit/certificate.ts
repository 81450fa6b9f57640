import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** Self-signed certificates, as people make them for their app registrations. Node can read certificates, but not make them. */
export interface TestCertificate {
	/** PKCS #8, PEM. */
	privateKey: string;
	/** PEM. */
	certificate: string;
}

const DAY_MS = 24 * 3600_000;

/** An RSA pair and its certificate, valid from yesterday for a year unless said otherwise (epoch milliseconds). */
export function selfSigned({
	from = Date.now() - DAY_MS,
	until = Date.now() + 365 * DAY_MS,
	kind = 'rsa' as 'rsa' | 'ec',
} = {}): TestCertificate {
	const { privateKey, publicKey } =
		kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' });
	return {
		privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
		certificate: pem(certificateOf(privateKey, publicKey, from, until, kind)),
	};
}

const pem = (der: Buffer): string =>
	`-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

/** Tags of DER (ITU-T X.690). */
const TAG = { integer: 0x02, bits: 0x03, null: 0x05, object: 0x06, utf8: 0x0c, time: 0x18, sequence: 0x30, set: 0x31, version: 0xa0 };

function der(tag: number, ...content: Buffer[]): Buffer {
	const body = Buffer.concat(content);
	const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const bytes = (...values: number[]): Buffer => Buffer.from(values);
/** sha256WithRSAEncryption, ecdsa-with-SHA256 and commonName. */
const OBJECTS = {
	rsa: bytes(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b),
	ec: bytes(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02),
	commonName: bytes(0x55, 0x04, 0x03),
};
const time = (ms: number): Buffer =>
	der(
		TAG.time,
		Buffer.from(
			`${new Date(ms)
				.toISOString()
				.replace(/\.\d+Z$/, 'Z')
				.replace(/[-:T]/g, '')}`,
		),
	);

/** A certificate of version 3 without extensions (RFC 5280 §4.1). */
function certificateOf(privateKey: KeyObject, publicKey: KeyObject, from: number, until: number, kind: 'rsa' | 'ec'): Buffer {
	const algorithm = der(TAG.sequence, der(TAG.object, OBJECTS[kind]), ...(kind === 'rsa' ? [der(TAG.null)] : []));
	const name = der(
		TAG.sequence,
		der(TAG.set, der(TAG.sequence, der(TAG.object, OBJECTS.commonName), der(TAG.utf8, Buffer.from('n8n synchronization')))),
	);
	const signed = der(
		TAG.sequence,
		der(TAG.version, der(TAG.integer, bytes(2))),
		der(TAG.integer, bytes(1)),
		algorithm,
		name,
		der(TAG.sequence, time(from), time(until)),
		name,
		publicKey.export({ type: 'spki', format: 'der' }),
	);
	return der(TAG.sequence, signed, algorithm, der(TAG.bits, bytes(0), sign('sha256', signed, privateKey)));
}
