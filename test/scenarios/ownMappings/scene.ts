import type { TableMapping } from '../../../engine/model/tableMapping';
import { common, field } from '../../../engine/defaults/defaultMapping';
import type { SyncSession } from '../../../engine/ports/session';
import { defineLeads } from '../../kit/ownTables';
import { createWorld, type World } from '../../kit/world';
import type { FieldMapping } from '../../../engine/model/fieldMapping';

/** Customers and a table like leads, as a user might pair them. */
export const leads = (changes: Partial<TableMapping> = {}): TableMapping => ({
	...common,
	name: 'LEADS',
	caption: 'Customers – leads',
	bc: { name: 'customers', numberField: 'number', nameField: 'displayName' },
	crm: { name: 'lead', numberField: null, nameField: 'fullname' },
	direction: 'bidirectional',
	onlyCoupled: false,
	own: true,
	fields: [
		own('Name', 'displayName', 'fullname', { bcLength: 100, crmLength: 160 }),
		own('City', 'city', 'address1_city', { bcLength: 30, crmLength: 80 }),
		own('Phone', 'phoneNumber', 'telephone1', { bcLength: 30, crmLength: 50 }),
	],
	...changes,
});

export const own = (caption: string, bcField: string | null, crmField: string | null, more: Partial<FieldMapping> = {}): FieldMapping => ({
	...field(caption, bcField, crmField, more.kind ?? 'text', more.direction ?? 'bidirectional', more),
	own: true,
});

export interface Scene {
	world: World;
	save(mapping: TableMapping): Promise<void>;
	with<T>(work: (session: SyncSession) => Promise<T>): Promise<T>;
	customer(values: Record<string, unknown>): string;
	/** The only lead whose column has the value. */
	leadBy(column: string, value: unknown): Record<string, unknown>;
	customerRow(id: string): Record<string, unknown>;
	/** Inserted, modified, unchanged, failed of both directions. */
	run(request?: Partial<Parameters<World['run']>[0]>): Promise<string>;
	/** Writes sent since last asked. */
	writes(): number;
	close(): Promise<void>;
}

export async function openScene(): Promise<Scene> {
	const world = await createWorld();
	defineLeads(world.sandbox);
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	const withSession = async <T>(work: (session: SyncSession) => Promise<T>): Promise<T> => {
		const session = await world.open();
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	};
	return {
		world,
		with: withSession,
		save: (mapping) => withSession((session) => session.store.saveSettings(mapping.name, { definition: mapping })),
		customer: (values) => String(company.insert('customers', values)['id']),
		leadBy: (column, value) => {
			const found = world.sandbox.crm.rows('lead').filter((row) => row[column] === value);
			expect(found).toHaveLength(1);
			return found[0]!;
		},
		customerRow: (id) => company.get('customers', id)!,
		run: async (request = {}) => {
			world.minutes(20);
			const results = await world.run({ mapping: 'LEADS', ...request });
			world.minutes(20);
			return results
				.map(({ job }) => {
					expect(job.status === 'finished' ? '' : job.message).toBe('');
					return `I${job.inserted} M${job.modified} U${job.unchanged} F${job.failed}`;
				})
				.join(' / ');
		},
		writes: () =>
			world
				.takeRequests()
				.flatMap(({ method, parts }) => (parts.length > 0 ? parts.map((part) => part.method) : [method]))
				.filter((method) => method === 'PATCH' || method === 'POST' || method === 'DELETE').length,
		close: () => world.close(),
	};
}
