import { openStage, type Stage } from './kit';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage(2);
});
afterEach(() => stage.world.close());

/** An account whose currency nobody has coupled. */
function dollars(): string {
	const [id] = stage.world.sandbox.crm.seed('transactioncurrency', [
		{ isocurrencycode: 'USD', currencyname: 'US Dollar', currencysymbol: '$', exchangerate: 1, currencyprecision: 2 },
	]);
	stage.world.sandbox.crm.update('account', stage.accountId(1), { transactioncurrencyid: { table: 'transactioncurrency', id: id! } });
	stage.world.minutes(15);
	return id!;
}

test('what is not coupled is called by its name, not by its id, with one request for all of them', async () => {
	const id = dollars();
	const fromCrm = (await stage.run())[1]!;
	expect(fromCrm.failed.map(({ errorCode }) => errorCode)).toEqual(['DEPENDENCY']);
	const [{ message, hint }] = fromCrm.failed as [(typeof fromCrm.failed)[number]];
	expect(`${message} ${hint}`).toContain('USD US Dollar');
	expect(`${message} ${hint}`).not.toContain(id);
	expect(hint).toContain('Synchronize or couple "USD US Dollar" with the table mapping CURRENCY first');
});

test('a table mapping that is switched off is not recommended, but said to be off', async () => {
	await stage.with(({ store }) => store.saveSettings('CURRENCY', { enabled: false }));
	dollars();
	const fromCrm = (await stage.run())[1]!;
	expect(fromCrm.failed[0]!.hint).toMatch(
		/CURRENCY is switched off.*enable it in Table Mappings.*or disable the field mapping Currency Code/,
	);
	// As the hint says.
	await stage.with(({ store }) => store.saveSettings('CURRENCY', { enabled: true }));
	await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
	stage.world.minutes(15);
	expect((await stage.run())[1]!.job).toMatchObject({ modified: 1, failed: 0 });
	expect(stage.customer(1)).toMatchObject({ currencyCode: 'USD' });
});
