import { matchCouple } from '../../../engine';
import { leads, openScene, own, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => (scene = await openScene()));
afterEach(async () => await scene.close());

it('match-based coupling of a mapping of the user’s own compares values as its rules make them', async () => {
	const coded = own('Topic', 'phoneNumber', 'subject', {
		match: { caseSensitive: true, priority: 0 },
		transform: { toCrm: [{ rule: 'prefix', parameters: { text: 'BC-' } }] },
	});
	await scene.save(leads({ fields: [own('Name', 'displayName', 'fullname'), coded] }));
	scene.customer({ displayName: 'Adatum', phoneNumber: '10' });
	scene.customer({ displayName: 'Northwind', phoneNumber: '11' });
	scene.world.sandbox.crm.insert('lead', { fullname: 'another name', subject: 'BC-10' });
	const result = await scene.with((session) => matchCouple(session, { mapping: 'LEADS', side: 'businessCentral' } as never));
	expect(result.job.job).toMatchObject({ coupled: 1, failed: 1 });
});
