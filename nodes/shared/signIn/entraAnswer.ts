import { z } from 'zod/v4';
import { SignInRefused } from './signInRefused';

const refusal = z.object({
	error: z.string().max(100).catch(''),
	error_description: z.string().catch(''),
	error_codes: z.array(z.number()).catch([]),
});

/** What the application signed in with. */
export type Proof = 'certificate' | 'secret';

const uploadHint =
	'Upload the certificate (.cer, .pem or .crt) to the app registration under Certificates & secrets → Certificates, or paste key and certificate of one that is listed there.';

/** Numbers of Microsoft Entra's errors ("Microsoft Entra authentication and authorization error codes"), and what they mean for a credential. */
const MEANINGS: Record<number, { what: string; remedy: string }> = {
	90002: { what: 'Microsoft Entra knows no such tenant.', remedy: 'Check Tenant ID and Authority in the credential.' },
	700016: {
		what: 'The tenant has no application with this client ID.',
		remedy: 'Check Client ID and Tenant ID in the credential; both are on the overview page of the app registration.',
	},
	700213: {
		what: 'The application takes no assertion of this kind.',
		remedy: uploadHint,
	},
	7000215: {
		what: 'The client secret is wrong.',
		remedy: 'Paste the value of the secret, not its ID; it is shown only once, when the secret is made.',
	},
	7000222: {
		what: 'The client secret has expired.',
		remedy: 'Make a new one in the app registration under Certificates & secrets and paste its value.',
	},
	7000112: { what: 'The application is disabled.', remedy: 'Enable it in Microsoft Entra ID → Enterprise applications → Properties.' },
	500011: {
		what: 'The tenant knows no service by the address that the token is asked for.',
		remedy: 'Check Tenant ID, and the Application ID URI or Environment URL in the credential.',
	},
	700024: {
		what: 'The sign-in was signed at a time that Microsoft Entra takes for past or future.',
		remedy: 'Set the clock of the machine n8n runs on.',
	},
	700023: { what: 'The sign-in was meant for another address.', remedy: 'Check Authority and Tenant ID in the credential.' },
};

/** 700027 stands for three mistakes, told apart by the reason in its words. */
function certificateRefused(description: string): SignInRefused {
	if (/expired/i.test(description)) {
		return new SignInRefused(
			'expired',
			'Microsoft Entra says that the certificate has expired.',
			'Make a new one, upload it to the app registration under Certificates & secrets, and paste the new key and certificate.',
		);
	}
	if (/not found/i.test(description)) {
		return new SignInRefused('refused', 'The app registration has no certificate with this thumbprint.', uploadHint);
	}
	return new SignInRefused(
		'refused',
		'Microsoft Entra refused the signature: the private key is not that of the certificate with this thumbprint.',
		'Paste key and certificate of one pair.',
	);
}

/**
 * What a refusal of the token endpoint means, and what helps.
 * Source of the numbers: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function refusedByEntra(status: number, body: unknown, proof: Proof): SignInRefused {
	const {
		error,
		error_description: description,
		error_codes: codes,
	} = refusal.catch({ error: '', error_description: '', error_codes: [] }).parse(body);
	const numbers = codes.length > 0 ? codes : [...description.matchAll(/AADSTS(\d+)/g)].map(([, number]) => Number(number));
	if (status === 429 || status >= 500) {
		return new SignInRefused('noAnswer', `The sign-in service is busy or out of order (status ${status}).`, 'Try again later.');
	}
	if (numbers.includes(700027)) return certificateRefused(description);
	const meaning = numbers.map((number) => MEANINGS[number]).find((each) => each !== undefined);
	if (meaning) return new SignInRefused('failed', meaning.what, meaning.remedy);
	return new SignInRefused(
		'failed',
		`The sign-in service refused the application (${numbers.length > 0 ? `AADSTS${numbers[0]}` : error || `status ${status}`}).`,
		`Check tenant ID, client ID and ${proof === 'certificate' ? 'certificate' : 'client secret'} in the credential.`,
	);
}
