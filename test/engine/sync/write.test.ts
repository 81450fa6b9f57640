import { derivedId } from '../../../engine/model/derivedId';
import { SyncError } from '../../../engine/model/errors';
import { InsertsInDoubt } from '../../../engine/sync/contract/insertsInDoubt';
import type { Insertion } from '../../../engine/sync/contract/insertion';
import { completeInsertions, insertOperation, prepareInsertion } from '../../../engine/sync/write/insertion';
import { context, field, intent, mapping, record } from './parts';

const NAME = field('name');
const LIMIT = field('limit', { updateOnly: 'crm' } as never);
const BACK = field('back', { direction: 'fromCrm' });
const fields = [NAME, field('phone'), LIMIT, BACK];
const scope = (direction: 'toCrm' | 'fromCrm' = 'toCrm') =>
	context(direction, { mapping: mapping({ fields }), fields, references: { translations: new Map() }, templateOf: () => null }).context;
const known = (...open: ReturnType<typeof intent>[]) => new InsertsInDoubt({ open, blocked: new Map() }, []);
const source = record('bc', { name: 'Adatum', phone: '', limit: '5', back: 'x' });
const item = { source, coupling: null };

const prepared = (made: Insertion | SyncError): Insertion => {
	if (made instanceof SyncError) throw made;
	return made;
};

describe('what is sent for a new record', () => {
	it('are the fields of its direction that hold something; what only updates carry is kept apart', () => {
		const made = prepared(prepareInsertion(scope(), known(), item));
		expect(made.values).toEqual({ name: 'Adatum' });
		expect(made.blank).toEqual(['phone']);
		expect(made.withheld).toEqual({ limit: '5' });
	});

	it('its row has an id that is made of the record', () => {
		const made = prepared(prepareInsertion(scope(), known(), item));
		const id = derivedId({ companyId: 'company', mapping: 'CUSTOMER', bcId: 'bc', generation: 0 });
		expect(insertOperation(made)).toEqual({ kind: 'insert', id, values: { name: 'Adatum' } });
	});

	it('an open insert is repeated under its own id, and remembers what was sent before', async () => {
		const open = known(intent('bc', { targetId: 'row', values: { name: 'Old' } }));
		const made = prepared(prepareInsertion(scope(), open, item));
		await completeInsertions(scope(), open, [made]);
		expect(made.repeated).toBe(true);
		expect(made.intent).toMatchObject({ targetId: 'row', values: { name: 'Adatum' }, sentBefore: [{ name: 'Old' }] });
	});

	it('into Business Central, which gives ids itself, it has none', () => {
		const made = prepared(prepareInsertion(scope('fromCrm'), known(), { source: record('crm', { name: 'A' }), coupling: null }));
		expect(insertOperation(made)).toEqual({ kind: 'insert', values: { name: 'A' } });
	});
});
