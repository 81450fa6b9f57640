import { forgetTokens } from '../../../../nodes/shared/signIn/heldTokens';
import { SyncMapping } from '../../../../nodes/SyncMapping/SyncMapping.node';
import { defaultIdentities } from '../../../../sandbox';
import { selfSigned, type TestCertificate } from '../../../kit/certificate';
import { by, startLocalSystems, type LocalSystems } from '../../../kit/n8nLocalSystems';
import { runNode, useNewState } from '../../../kit/workflow';
import { says, type Walks } from './kit';
import { expectNamesOfNodes } from './names';

/** An application that signs in with a certificate: the error of the node in n8n's own engine, and the run that succeeds then. */
let systems: LocalSystems;
const DAY_MS = 24 * 3600_000;
const { clientId } = defaultIdentities[0]!.application!;
const upload = ({ certificate }: TestCertificate): void => systems.sandbox.login.registerCertificate(clientId, certificate);

export const open = async (): Promise<void> => {
	systems = await startLocalSystems();
};
export const close = async (): Promise<void> => await systems.close();

async function synchronize({ privateKey, certificate }: TestCertificate) {
	forgetTokens();
	const credentials = systems.vault();
	for (const type of ['businessCentralServicePrincipalApi', 'dataverseServicePrincipalApi'])
		credentials.change(type, { clientAuthentication: 'certificate', privateKey, certificate, clientSecret: '' });
	const principals = { authentication: 'servicePrincipal', crmAuthentication: 'servicePrincipal' };
	return await runNode(SyncMapping, { company: systems.company, mapping: by('name', 'CURRENCY'), ...principals }, { credentials });
}

/** `mended`: the certificate of the credential once the remedy was followed. */
const walk =
	(code: string, wrong: () => TestCertificate, steps: readonly string[], mended: (wrong: TestCertificate) => TestCertificate) =>
	async (): Promise<void> => {
		useNewState();
		const first = wrong();
		const { error } = await synchronize(first);
		expect(`${error?.message} ${error?.description}`).toContain(`${code})`);
		const seen = { message: error!.message, hint: String(error!.description) };
		expectNamesOfNodes(seen.hint);
		says(seen, ...steps);
		const after = await synchronize(mended(first));
		expect(after.error).toBeUndefined();
		expect(after.json[0]![0]).toMatchObject({ status: 'finished' });
	};

const uploaded = (pair = selfSigned()): TestCertificate => {
	upload(pair);
	return pair;
};

export const certificateWalks: Walks = {
	CERTIFICATE_UNUSABLE: walk(
		'CERTIFICATE_UNUSABLE',
		() => ({ ...uploaded(), privateKey: selfSigned().privateKey }),
		['one pair'],
		() => uploaded(),
	),
	CERTIFICATE_EXPIRED: walk(
		'CERTIFICATE_EXPIRED',
		() => uploaded(selfSigned({ from: Date.now() - 400 * DAY_MS, until: Date.now() - DAY_MS })),
		['Make a new one'],
		() => uploaded(),
	),
	CERTIFICATE_REFUSED: walk(
		'CERTIFICATE_REFUSED',
		() => selfSigned(),
		['Upload the certificate'],
		(pair) => uploaded(pair),
	),
};
