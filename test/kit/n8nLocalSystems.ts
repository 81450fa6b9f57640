import { createSandbox, type Sandbox, type SandboxAddresses } from '../../sandbox';
import { seedBase, type BaseData } from './baseData';
import { CredentialVault } from './n8nCredentials';
import { watchRequests } from './secrets/watch';
import { sandboxCredentials } from './n8nSandboxCredentials';

/** Both systems on loopback with basic data, as a node meets them, and credentials for them. */
export interface LocalSystems {
	sandbox: Sandbox;
	addresses: SandboxAddresses;
	base: BaseData;
	/** Value of the parameter *Company*. */
	company: { __rl: true; mode: 'id'; value: string };
	/** New credentials, not signed in yet. */
	vault(): CredentialVault;
	close(): Promise<void>;
}

export async function startLocalSystems(): Promise<LocalSystems> {
	const sandbox = createSandbox();
	const base = seedBase(sandbox);
	const addresses = await sandbox.listen();
	return {
		sandbox,
		addresses,
		base,
		company: { __rl: true, mode: 'id', value: base.companyId },
		vault: () => new CredentialVault(sandboxCredentials(addresses)),
		close: async () => {
			watchRequests(sandbox.log.requests);
			await sandbox.close();
		},
	};
}

/** Value of a resource locator parameter. */
export const by = (mode: 'list' | 'id' | 'number' | 'name', value: string): { __rl: true; mode: string; value: string } => ({
	__rl: true,
	mode,
	value,
});
