import { BusinessCentralSandbox } from './businessCentral';
import { Clock } from './core/clock';
import { Gateway } from './core/gateway';
import type { SandboxRequest, SandboxResponse } from './core/http';
import { serve, type RunningServer } from './core/server';
import type { Latency, SandboxAddresses, SandboxControl, System } from './core/types';
import { DataverseSandbox } from './dataverse';
import { LoginSandbox } from './login';

export { BusinessCentralCompany, BusinessCentralSandbox } from './businessCentral';
export { ConnectionDropped } from './core/http';
export type { SandboxRequest, SandboxResponse } from './core/http';
export type { FaultRule, LoggedRequest, SandboxAddresses, SandboxControl } from './core/types';
export { DataverseSandbox } from './dataverse';
export { LoginSandbox } from './login';
export { defaultIdentities, tenantId, type Identity } from './login/identities';

/** Where the services answer in process. */
export const inProcess: SandboxAddresses = {
	businessCentral: 'http://bc.sandbox',
	crm: 'http://crm.sandbox',
	login: 'http://login.sandbox',
};

export interface SandboxOptions {
	/** Virtual time from the start (epoch milliseconds); without it the clock is real. */
	now?: number;
	/** Companies to begin with. Default: one, CRONUS International Ltd., with LCY GBP. */
	companies?: ReadonlyArray<{ name: string; id?: string; lcyCode?: string }>;
	latency?: Latency;
}

/** A local Business Central, a local Dataverse and their token endpoint on one clock. */
export class Sandbox implements SandboxControl {
	readonly clock = new Clock();
	readonly login = new LoginSandbox(this.clock);
	readonly businessCentral: BusinessCentralSandbox;
	readonly crm: DataverseSandbox;
	private readonly gateway: Gateway;
	private servers: RunningServer[] = [];

	constructor({ now, companies, latency }: SandboxOptions) {
		if (now !== undefined) this.clock.set(now);
		const { clock, login } = this;
		this.businessCentral = new BusinessCentralSandbox({
			clock,
			authenticate: (authorization) => login.identityOf('businessCentral', authorization)?.businessCentralUser ?? null,
			users: () =>
				login.identities.map(({ businessCentralUser, crmUser, fullName, email }) => {
					return {
						userSecurityId: crmUser.replace(/^5a1d0c1e/, '0b5e0c1e'),
						userName: businessCentralUser,
						displayName: fullName,
						contactEmail: email,
					};
				}),
		});
		const crmUser = (authorization: string | undefined): string | null => login.identityOf('crm', authorization)?.crmUser ?? null;
		this.crm = new DataverseSandbox({
			clock,
			authenticate: (authorization) => {
				const user = crmUser(authorization);
				return user === null ? null : { user };
			},
		});
		for (const { crmUser: systemuserid, fullName, email, application } of login.identities) {
			this.crm.addUser({
				systemuserid,
				fullname: fullName,
				internalemailaddress: email,
				islicensed: !application,
				isintegrationuser: Boolean(application),
				...(application ? { applicationid: application.clientId } : {}),
			});
		}
		const crmService = { authenticate: crmUser, handle: this.crm.handle.bind(this.crm) };
		this.gateway = new Gateway(clock, { businessCentral: this.businessCentral, crm: crmService, login });
		for (const { name, ...settings } of companies ?? [{ name: 'CRONUS International Ltd.' }])
			this.businessCentral.addCompany(name, settings);
		if (latency) this.gateway.latency = latency;
	}

	get faults() {
		return this.gateway.faults;
	}

	get log() {
		return this.gateway.log;
	}

	get latency(): Latency {
		return this.gateway.latency;
	}

	set latency(latency: Latency) {
		this.gateway.latency = latency;
	}

	handle(request: SandboxRequest): Promise<SandboxResponse> {
		const { origin } = new URL(request.url);
		const system = (Object.keys(inProcess) as System[]).find((one) => inProcess[one] === origin);
		if (!system) return Promise.reject(new Error(`Nobody answers at ${origin}; the sandbox knows ${Object.values(inProcess).join(', ')}.`));
		return this.gateway.answer(system, request);
	}

	async listen(ports: { businessCentral?: number; crm?: number; login?: number } = {}): Promise<SandboxAddresses> {
		const start = async (system: System): Promise<string> => {
			const server = await serve(ports[system] ?? 0, (request) => this.gateway.answer(system, request));
			this.servers.push(server);
			return server.origin;
		};
		const addresses = { businessCentral: await start('businessCentral'), crm: await start('crm'), login: await start('login') };
		this.login.businessCentralOrigins.add(addresses.businessCentral);
		return addresses;
	}

	async close(): Promise<void> {
		this.clock.clear();
		await Promise.all(this.servers.splice(0).map((server) => server.close()));
	}
}

export const createSandbox = (options: SandboxOptions = {}): Sandbox => new Sandbox(options);
