import { synchronizeMapping } from '../../../engine';
import { openStage, type Stage } from '../deciding/stage';

let stage: Stage;
beforeEach(async () => (stage = await openStage(1)));
afterEach(async () => await stage.world.close());

const made = () =>
	stage
		.company()
		.rows('customers')
		.find((row) => row['displayName'] === 'Made in CRM');
/** Its row of the page that holds the fax number. */
const page = () => stage.company().find('workflowCustomers', (row) => row['number'] === made()!['number'])!;
const enterFax = (faxNumber: string) => stage.company().update('workflowCustomers', String(page()['id']), { faxNumber });
const account = () => stage.world.sandbox.crm.rows('account').find((row) => row['name'] === 'Made in CRM')!;

/** Creates the customer of a new account, and dies before what belongs to the other page is written. */
async function dieAfterInsert(values: Record<string, string>): Promise<void> {
	const { world } = stage;
	world.sandbox.crm.seed('account', [{ name: 'Made in CRM', customertypecode: 3, ...values }]);
	let dead = false;
	const session = await world.open({
		transport: (transport) => async (request) => {
			if (dead) throw new Error('killed');
			const answer = await transport(request);
			dead = made() !== undefined;
			if (dead) throw new Error('killed');
			return answer;
		},
	});
	await synchronizeMapping(session, { mapping: 'CUSTOMER', createUncoupled: true })
		.finally(() => session.store.close())
		.catch(() => undefined);
	expect(page()).toMatchObject({ faxNumber: '' });
}

async function goOn(): Promise<void> {
	for (let run = 0; run < 3; run++) {
		stage.world.minutes(15);
		await stage.run({ createUncoupled: true });
	}
}

describe.each(['none', 'send', 'get', 'newest'] as const)(
	'a run died between creating a customer and filling its second page, conflicts: %s',
	(conflict) => {
		beforeEach(() => stage.settings({ conflict, onlyCoupled: false }));

		it('a fax number that a person enters meanwhile, where the account has none, is that person’s alone: it travels', async () => {
			await dieAfterInsert({});
			enterFax('+44 9');
			await goOn();
			expect(page()).toMatchObject({ faxNumber: '+44 9' });
			expect(account()).toMatchObject({ fax: '+44 9' });
			expect(await stage.failures('fromCrm')).toEqual([]);
		});

		it('a fax number of the account still arrives', async () => {
			await dieAfterInsert({ fax: '+44 1' });
			await goOn();
			expect(page()).toMatchObject({ faxNumber: '+44 1' });
			expect(account()).toMatchObject({ fax: '+44 1' });
		});

		it('one that was entered in CRM since then, too', async () => {
			await dieAfterInsert({});
			stage.world.sandbox.crm.update('account', String(account()['accountid']), { fax: '+44 2' });
			await goOn();
			expect(page()).toMatchObject({ faxNumber: '+44 2' });
			expect(account()).toMatchObject({ fax: '+44 2' });
		});

		it('two that differ are a conflict, and nobody’s goes without a word', async () => {
			await dieAfterInsert({ fax: '+44 1' });
			enterFax('+44 9');
			await goOn();
			const told = (await stage.log())
				.flatMap(({ fields }) => fields)
				.some(({ businessCentral, crm }) => businessCentral === '+44 9' || crm === '+44 1');
			expect(told).toBe(true);
		});
	},
);
