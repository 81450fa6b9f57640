import { InsertsInDoubt } from '../../../engine/sync/contract/insertsInDoubt';
import { SyncError } from '../../../engine/model/errors';
import { intent } from './parts';

const severalFound = new SyncError({ code: 'INSERT_AMBIGUOUS', errorClass: 'data', system: 'businessCentral', message: '', hint: '' });

test('inserts in doubt change only with what was made durable', () => {
	const found = { open: [intent('one')], blocked: new Map([['three', severalFound]]) };
	const doubts = new InsertsInDoubt(found, [intent('other way')]);
	expect(doubts.of('one')).toEqual(intent('one'));
	expect(doubts.of('two')).toBeUndefined();
	doubts.stored(intent('two'));
	expect(doubts.all().map(({ sourceId }) => sourceId)).toEqual(['one', 'two']);
	doubts.settled('one');
	expect(doubts.all().map(({ sourceId }) => sourceId)).toEqual(['two']);
	expect(doubts.blocked('three')).toBe(severalFound);
	expect(found.open).toHaveLength(1);
});
