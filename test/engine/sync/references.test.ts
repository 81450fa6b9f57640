import { SyncError } from '../../../engine/model/errors';
import { fingerprint } from '../../../engine/mapping/normalize';
import { isCurable, referenceKey, tellAll, unresolvedReferences } from '../../../engine/sync/references/unresolvedReferences';
import { context, coupling, field, mapping, record } from './parts';

const TERMS = field('terms', { kind: 'lookup', mapping: 'PAYMENT TERMS', crmTable: 'paymentterms' } as never);
const nothingThere = {
	translations: new Map(),
	crmId: () => ({ found: null, reason: 'uncoupled' }),
	bcCode: () => ({ found: null, reason: 'uncoupled' }),
};
const scope = (direction: 'toCrm' | 'fromCrm' = 'toCrm') =>
	context(direction, { mapping: mapping({ fields: [TERMS] }), fields: [TERMS], references: nothingThere }).context;

describe('what a record refers to and the other system does not have', () => {
	it('is named with its field, its mapping and its value', () => {
		const missing = unresolvedReferences(scope(), record('bc', { terms: '30 DAYS' }), null);
		expect(missing).toMatchObject([{ field: 'terms', caption: 'TERMS', mapping: 'PAYMENT TERMS', value: '30 DAYS' }]);
		expect(referenceKey(missing[0]!)).toBe('terms\n30 DAYS');
	});

	it('of a coupled record only where it changed', () => {
		const mark = fingerprint(TERMS, 'businessCentral', '30 DAYS');
		const agreed = coupling({ baseline: { terms: [mark, 'c'] } });
		expect(unresolvedReferences(scope(), record('bc', { terms: '30 DAYS' }), agreed)).toEqual([]);
		expect(unresolvedReferences(scope(), record('bc', { terms: '60 DAYS' }), agreed)).toHaveLength(1);
	});

	it('an error tells all of them, not the first alone', () => {
		const error = new SyncError({
			code: 'DEPENDENCY',
			errorClass: 'data',
			system: 'engine',
			field: 'A',
			message: 'A is missing.',
			hint: '',
		});
		const all = [
			{ field: 'a', caption: 'A', mapping: 'X', value: '1' },
			{ field: 'b', caption: 'B', mapping: 'Y', value: '2' },
		];
		expect(tellAll(error, all).message).toBe('A is missing. Likewise: B "2" (table mapping Y).');
		expect(tellAll(error, all.slice(0, 1))).toBe(error);
		expect(isCurable(error)).toBe(true);
	});
});
