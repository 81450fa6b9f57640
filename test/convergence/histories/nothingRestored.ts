import { settleRestored } from '../../../engine';
import type { Chronicle } from './chronicle';

/** A record whose stamp goes back looks as it did before a restore, where its version is not known: a person says that there was none. */
export function answerNothingRestored(chronicle: Chronicle): void {
	chronicle.answers.set('RESTORED', async (session) => {
		await settleRestored(session, { mapping: 'CUSTOMER', way: 'notRestored', preview: false });
		chronicle.tell('a person says that nothing was restored');
	});
}
