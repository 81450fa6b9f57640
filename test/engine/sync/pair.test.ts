import { startOverIfRecreated } from '../../../engine/sync/pair/recreatedRow';
import type { WorkItem } from '../../../engine/sync/contract/workItem';
import { context, coupling, mapping, record } from './parts';

const item = (createdAt: string): WorkItem => ({
	source: record('bc', { name: 'Adatum' }),
	partner: record('crm', { name: 'Old' }, { createdAt }),
	coupling: coupling({ crmCreatedAt: '2026-01-01T00:00:00Z', baseline: {} }),
	failure: undefined,
});

describe('a coupled row that is another one than the couple knows', () => {
	it('starts over, and Business Central counts', () => {
		const other = item('2026-01-05T00:00:00Z');
		startOverIfRecreated(context('toCrm').context, other);
		expect(other).toMatchObject({ recreated: true, coupling: { bcVersion: null, crmVersion: null, baseline: null, initial: 'send' } });
	});

	it('unless the mapping only reads CRM', () => {
		const other = item('2026-01-05T00:00:00Z');
		startOverIfRecreated(context('toCrm', { mapping: mapping({ direction: 'fromCrm' }) }).context, other);
		expect(other.coupling?.initial).toBe('get');
	});

	it('the same row is left as it is', () => {
		const same = item('2026-01-01T00:00:00Z');
		startOverIfRecreated(context('toCrm').context, same);
		expect(same.recreated).toBeUndefined();
		expect(same.coupling?.bcVersion).toBe('bc 1');
	});
});
