import type { Coupling } from '../../../engine/model/coupling';
import type { PassDirection } from '../../../engine/model/direction';
import type { FieldMapping } from '../../../engine/model/fieldMapping';
import type { Intent } from '../../../engine/model/intent';
import type { SystemRecord } from '../../../engine/model/record';
import type { TableMapping } from '../../../engine/model/tableMapping';
import type { StoreChanges } from '../../../engine/ports/storeChanges';
import type { PassContext } from '../../../engine/sync/contract/passContext';

/** The least that stages of a pass are given, made of plain values; what a test does not name is not there. */
export const field = (key: string, more: Partial<FieldMapping> = {}): FieldMapping => ({
	...{ key, caption: key.toUpperCase(), bcField: key, crmField: key, direction: 'bidirectional', kind: 'text', enabled: true },
	...more,
});

export const NAME = field('name');
export const PHONE = field('phone');

export const mapping = (more: Partial<TableMapping> = {}): TableMapping => ({
	name: 'CUSTOMER',
	caption: 'Customers',
	bc: { name: 'customers', numberField: 'number', nameField: 'displayName' },
	crm: { name: 'account', numberField: 'accountnumber', nameField: 'name' },
	direction: 'bidirectional',
	onlyCoupled: false,
	bcFilter: { conditions: [] },
	crmFilter: { conditions: [] },
	conflict: 'none',
	deletion: 'none',
	dependsOn: [],
	fields: [NAME, PHONE],
	companyStamp: false,
	enabled: true,
	overlapMs: { businessCentral: 0, crm: 0 },
	...more,
});

export const record = (id: string, values: SystemRecord['values'] = {}, more: Partial<SystemRecord> = {}): SystemRecord => ({
	...{ id, modifiedAt: '2026-01-01T00:00:00Z', version: `${id} 1`, number: '', name: String(values['name'] ?? ''), values },
	...more,
});

export const coupling = (more: Partial<Coupling> = {}): Coupling => ({
	...{ mapping: 'CUSTOMER', bcId: 'bc', crmId: 'crm', bcNumber: '', bcName: '', crmName: '', bcVersion: 'bc 1', crmVersion: 'crm 1' },
	...{ bcStamp: null, crmStamp: null, baseline: null, initial: null, coupledAt: '2026-01-01T00:00:00Z', lastSyncedAt: null },
	...more,
});

export const intent = (sourceId: string, more: Partial<Intent> = {}): Intent => ({
	...{ mapping: 'CUSTOMER', direction: 'toCrm', sourceId, targetId: null, values: {}, createdAt: '2026-01-01T00:00:00Z' },
	...more,
});

/** What a stage takes of a pass, by names; the rest fails loudly when it is touched. */
export function context(direction: PassDirection, more: object = {}): { context: PassContext; commits: StoreChanges[]; told: string[] } {
	const commits: StoreChanges[] = [];
	const told: string[] = [];
	const sides = direction === 'toCrm' ? (['businessCentral', 'crm'] as const) : (['crm', 'businessCentral'] as const);
	const [source, target] = sides.map((side) => ({
		side,
		system: { serviceNow: () => null },
		table: { name: side, numberField: null, nameField: 'name' },
		fields: ['name', 'phone'],
	}));
	const clock = { now: () => Date.parse('2026-01-02T00:00:00Z') };
	const recorder = {
		now: () => '2026-01-02T00:00:00Z',
		count: (what: string) => void told.push(what),
		warn: (text: string) => void told.push(text),
		change: () => undefined,
		takeLog: () => [],
		snapshot: () => undefined,
		job: {},
	};
	const session = {
		store: { commit: (changes: StoreChanges) => Promise.resolve(void commits.push(changes)) },
		clock,
		companyId: 'company',
		businessCentral: {},
	};
	const given = {
		mapping: mapping(),
		direction,
		source,
		target,
		fields: [NAME, PHONE],
		rules: {},
		session,
		recorder,
		lease: {},
		preview: false,
	};
	return { context: { ...given, companyRowId: null, ...more } as unknown as PassContext, commits, told };
}
