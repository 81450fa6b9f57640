import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, defaultIdentities, tenantId, type Sandbox } from '../../../../sandbox';
import { customerRow } from '../../../bench/data';
import type { Setting } from '../../../bench/messages';
import { seedBase } from '../../../kit/baseData';

type Row = Record<string, unknown>;

/** Both systems on loopback with customers, people who edit and create in both, and the state file of whoever synchronizes them. */
export interface Company {
	sandbox: Sandbox;
	setting: Setting;
	/** People edit so many records that nobody edited before, and create so many, in each system. */
	edit(edits: number, creations: number): void;
	/** What is doubled, missing or different, in words. */
	problems(): string[];
	close(): Promise<void>;
}

export async function openCompany(customers: number): Promise<Company> {
	const sandbox = createSandbox();
	sandbox.log.keepBodies = false;
	const base = seedBase(sandbox);
	const company = sandbox.businessCentral.company(base.companyName);
	company.seed(
		'customers',
		Array.from({ length: customers }, (_, index) => ({ ...customerRow(index), currencyCode: '' })),
	);
	const addresses = await sandbox.listen();
	const folder = mkdtempSync(join(tmpdir(), 'd365-sync-operations-'));
	const names = Array.from({ length: customers }, (_, index) => customerRow(index)['displayName'] as string);
	/** By name: the phone number that was entered in Business Central, or the city that was entered in CRM. */
	const entered = new Map<string, { phone?: string; city?: string }>();
	let turn = 0;
	const rows = (): { customers: Row[]; accounts: Row[] } => ({
		customers: company.rows('customers'),
		accounts: sandbox.crm.rows('account'),
	});

	return {
		sandbox,
		setting: {
			addresses,
			companyId: base.companyId,
			companyName: base.companyName,
			stateFile: join(folder, 'state.sqlite'),
			application: { ...defaultIdentities[0]!.application!, tenantId },
		},
		edit(edits, creations) {
			turn++;
			const now = rows();
			const free = (name: unknown): name is string => typeof name === 'string' && !entered.has(name);
			for (const row of now.customers.filter(({ displayName }) => free(displayName)).slice(0, edits)) {
				const phone = `+44 ${turn} ${entered.size}`;
				company.update('customers', String(row['id']), { phoneNumber: phone });
				entered.set(String(row['displayName']), { phone });
			}
			for (const row of now.accounts.filter(({ name }) => free(name)).slice(-edits)) {
				const city = `Harbour ${turn} ${entered.size}`;
				sandbox.crm.update('account', String(row['accountid']), { address1_city: city });
				entered.set(String(row['name']), { city });
			}
			for (let index = 1; index <= creations; index++) {
				const [here, there] = [`New customer ${turn} ${index}`, `New account ${turn} ${index}`];
				company.insert('customers', { displayName: here, phoneNumber: here });
				sandbox.crm.insert('account', { name: there, customertypecode: 3, address1_city: there });
				names.push(here, there);
				entered.set(here, {});
				entered.set(there, {});
			}
		},
		problems() {
			const now = rows();
			const found: string[] = [];
			const accounts = new Map(now.accounts.map((row) => [row['name'], row]));
			const customersByName = new Map(now.customers.map((row) => [row['displayName'], row]));
			if (now.customers.length !== names.length) found.push(`${now.customers.length} customers where there should be ${names.length}`);
			if (now.accounts.length !== names.length) found.push(`${now.accounts.length} accounts where there should be ${names.length}`);
			for (const name of names) {
				const [customer, account] = [customersByName.get(name), accounts.get(name)];
				if (!customer || !account) {
					found.push(`${name}: ${customer ? 'no account' : 'no customer'}`);
					continue;
				}
				const { phone, city } = entered.get(name) ?? {};
				const pairs = [
					['phone', customer['phoneNumber'], account['telephone1'], phone],
					['city', customer['city'], account['address1_city'], city],
				] as const;
				for (const [field, here, there, wanted] of pairs) {
					if ((here ?? '') === (there ?? '') && (wanted === undefined || here === wanted)) continue;
					found.push(`${name}: ${field} "${String(here)}" and "${String(there)}", entered "${wanted ?? ''}"`);
				}
			}
			return found;
		},
		close: async () => {
			await sandbox.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
