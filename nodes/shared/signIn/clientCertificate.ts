import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { pemBlocks } from './pem';
import { SignInRefused } from './signInRefused';

/** What an application signs with, and how Microsoft Entra finds the certificate to verify it. */
export interface ClientCertificate {
	privateKey: KeyObject;
	/** Of the certificate's DER encoding, in hex, upper case. */
	thumbprint: { of: 'sha1' | 'sha256'; hex: string };
}

const keyHint =
	'Paste the private key as PEM, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----. A .pfx file is converted with: openssl pkcs12 -in file.pfx -nocerts -nodes.';
const certificateHint =
	'Paste the certificate as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, or the thumbprint that the app registration shows under Certificates & secrets.';

/**
 * Private key and certificate of a credential, checked as far as it goes without asking anybody: Microsoft Entra says of most of these mistakes only
 * that the client is invalid.
 * @param certificate PEM (a chain, too), or a thumbprint in hex: 40 digits are one of SHA-1, 64 one of SHA-256
 * @param now epoch milliseconds
 * @throws SignInRefused `unusable`, or `expired` outside the days in which the certificate is valid
 */
export function readClientCertificate(privateKeyText: string, certificate: string, now: number): ClientCertificate {
	const privateKey = readPrivateKey(privateKeyText);
	const thumbprint = certificate.replace(/[\s:]/g, '').toUpperCase();
	if (/^([0-9A-F]{40}|[0-9A-F]{64})$/.test(thumbprint)) {
		return { privateKey, thumbprint: { of: thumbprint.length === 40 ? 'sha1' : 'sha256', hex: thumbprint } };
	}
	const own = readCertificates(certificate).find((each) => each.checkPrivateKey(privateKey));
	if (!own) {
		throw unusable(
			'The private key does not belong to the certificate.',
			'Paste key and certificate of one pair: the certificate that was uploaded to the app registration, and the key it was made with.',
		);
	}
	requireValid(own, now);
	return { privateKey, thumbprint: { of: 'sha256', hex: own.fingerprint256.replace(/:/g, '') } };
}

function readPrivateKey(text: string): KeyObject {
	const block = pemBlocks(text).find(({ label }) => label.endsWith('PRIVATE KEY'));
	if (!block) throw unusable('The private key is missing, or is no PEM.', keyHint);
	if (block.encrypted) {
		throw unusable(
			'The private key is protected by a passphrase.',
			'Paste it without one: openssl pkey -in key.pem -out plain.pem asks for the passphrase and takes it off. n8n keeps the credential encrypted.',
		);
	}
	let key: KeyObject;
	try {
		key = createPrivateKey(block.text);
	} catch {
		// The reason is not kept: OpenSSL may quote from what it read.
		throw unusable('The private key cannot be read: it is cut off or damaged.', keyHint);
	}
	if (key.asymmetricKeyType !== 'rsa') {
		throw unusable(
			`The private key is of the kind ${key.asymmetricKeyType ?? 'unknown'}.`,
			'Microsoft Entra takes RSA keys for applications: make a certificate with an RSA key of 2048 bits or more.',
		);
	}
	return key;
}

function readCertificates(text: string): X509Certificate[] {
	const blocks = pemBlocks(text).filter(({ label }) => label === 'CERTIFICATE');
	if (blocks.length === 0) throw unusable('The certificate is missing, or is neither PEM nor a thumbprint.', certificateHint);
	try {
		return blocks.map((block) => new X509Certificate(block.text));
	} catch {
		throw unusable('The certificate cannot be read: it is cut off or damaged.', certificateHint);
	}
}

function requireValid(certificate: X509Certificate, now: number): void {
	const day = (date: string): string => new Date(date).toISOString().slice(0, 10);
	if (now > Date.parse(certificate.validTo)) {
		throw new SignInRefused(
			'expired',
			`The certificate expired on ${day(certificate.validTo)}.`,
			'Make a new one, upload it to the app registration under Certificates & secrets, and paste the new key and certificate here.',
		);
	}
	if (now < Date.parse(certificate.validFrom)) {
		throw new SignInRefused(
			'expired',
			`The certificate is valid only from ${day(certificate.validFrom)} on.`,
			'Use one that is valid already; if this one should be, the clock of the machine n8n runs on is wrong.',
		);
	}
}

const unusable = (what: string, remedy: string): SignInRefused => new SignInRefused('unusable', what, remedy);
