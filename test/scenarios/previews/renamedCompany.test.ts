import { previewOf, synchronizeAll } from '../../../engine';
import { counted, openScene, type Scene } from '../parties/scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const account = (id: string) => ({ table: 'account', id });

test.each(['customers', 'vendors'] as const)(
	'where an account is renamed in CRM and a person changes over to it in Business Central, the preview says what the run does (%s)',
	async (set) => {
		const [adatum, contoso] = ['Adatum', 'Contoso'].map((displayName) => scene.enter(set, { displayName }));
		const person = scene.person(adatum!, 'Robert Townes');
		await scene.runAll();
		scene.world.minutes(30);
		await scene.runAll();
		const partner = (await scene.partner(set === 'customers' ? 'CUSTOMER' : 'VENDOR', contoso!.id))!;
		scene.world.minutes(30);
		scene.changeRow('account', partner, { name: 'Contoso Ltd' });
		scene.change('contacts', person.id, { companyNumber: scene.companyOf(contoso!) });
		scene.world.minutes(30);
		const said = await scene.use(async (session) => (await synchronizeAll(previewOf(session), { preview: true })).map(told));
		const done = await scene.use(async (session) => (await synchronizeAll(session, {})).map(told));
		expect(said).toEqual(done);
		expect(done.filter((each) => each.startsWith('CONTACT toCrm'))).toEqual(['CONTACT toCrm M1']);
		expect(scene.crm('contact', (await scene.partner('CONTACT', person.id))!)!['parentcustomerid']).toBe(account(partner).id);
	},
);

const told = (result: Parameters<typeof counted>[0]): string => `${result.job.mapping} ${result.job.direction} ${counted(result)}`;
