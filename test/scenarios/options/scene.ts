import { createWorld, type World } from '../../kit/world';
import type { Coupling } from '../../../engine/model/coupling';
import type { JobResult } from '../../../engine/jobs/jobResult';

export const TERMS = 'PAYMENT TERMS';

/** Both systems with their payment terms, as option mappings see them. */
export interface Scene {
	world: World;
	/** Codes of the payment terms of Business Central. */
	codes(): string[];
	addTerms(code: string, description?: string): string;
	renameTerms(id: string, code: string): void;
	/** Published options of a table's payment terms, `5 NET 14`. */
	options(table?: string, column?: string): string[];
	define(options: Record<string, string>, tables?: readonly string[]): void;
	couplings(mapping?: string): Promise<Coupling[]>;
	/** Code → value, as they are coupled. */
	pairs(mapping?: string): Promise<string[]>;
	change(mapping: string, settings: object): Promise<void>;
	/** Takes a privilege from the user of the CRM credential. */
	revoke(privilege: string): void;
	grant(privilege: string): void;
}

export const MIRRORED = ['account', 'salesorder', 'quote', 'invoice'];

export async function createScene(): Promise<Scene> {
	const world = await createWorld();
	const { crm, businessCentral } = world.sandbox;
	const company = businessCentral.company('CRONUS International Ltd.');
	const user = String(crm.rows('systemuser').find((row) => row['applicationid'])!['systemuserid']);
	const couplings = async (mapping = TERMS): Promise<Coupling[]> => {
		const session = await world.open();
		const { rows } = await session.store.findCouplings({ mapping, limit: 100 });
		await session.store.close();
		return rows;
	};
	return {
		world,
		codes: () => company.rows('paymentTerms').map((row) => String(row['code'])).sort(), // prettier-ignore
		addTerms: (code, displayName = code) => String(company.insert('paymentTerms', { code, displayName })['id']),
		renameTerms: (id, code) => company.update('paymentTerms', id, { code }),
		options: (table = 'account', column = 'paymenttermscode') => crm.optionsOf(table, column).map(([value, label]) => `${value} ${label}`),
		define: (options, tables = MIRRORED) => tables.forEach((table) => crm.defineOptions(table, 'paymenttermscode', options)),
		couplings,
		pairs: async (mapping) => (await couplings(mapping)).map(({ bcNumber, crmId }) => `${bcNumber} ↔ ${crmId}`).sort(),
		change: async (mapping, settings) => {
			const session = await world.open();
			await session.store.saveSettings(mapping, settings);
			await session.store.close();
		},
		revoke: (privilege) => crm.revokePrivilege(user, privilege),
		grant: (privilege) => crm.grantPrivilege(user, privilege),
	};
}

/** `inserted/modified/coupled/unchanged/skipped/failed status`, job by job. */
export const sums = (results: readonly JobResult[]): string[] =>
	results.map(
		({ job }) =>
			`${job.mapping} ${job.direction}: ${job.inserted}/${job.modified}/${job.coupled}/${job.unchanged}/${job.skipped}/${job.failed} ${job.status}`,
	);
