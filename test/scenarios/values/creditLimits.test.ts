import { changeCompanySettings } from '../../../engine';
import { openScene, type Scene } from '../parties/scene';

/** Business Central keeps credit limits in local currency (GBP); 100 EUR are 80 GBP, 100 USD 75 GBP. */
let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
	await scene.run('CURRENCY');
});
afterEach(() => scene.world.close());

const converted = () => scene.use((session) => changeCompanySettings(session, { creditLimits: 'converted' }));
const limitOf = async (id: string) => scene.crm('account', (await scene.partner('CUSTOMER', id))!)!['creditlimit'];

test('as the built-in integration has it, the amount in local currency is written into an account of any currency', async () => {
	const foreign = scene.enter('customers', { displayName: 'Euro Ltd.', currencyCode: 'EUR', creditLimit: 1000 });
	await scene.run('CUSTOMER');
	expect(await limitOf(foreign.id)).toBe(1000);
});

test('converted, it arrives in the currency of the customer, in cents, and stays without writes', async () => {
	await converted();
	const local = scene.enter('customers', { displayName: 'Local Ltd.', creditLimit: 1000 });
	const euro = scene.enter('customers', { displayName: 'Euro Ltd.', currencyCode: 'EUR', creditLimit: 1000 });
	const dollar = scene.enter('customers', { displayName: 'Dollar Inc.', currencyCode: 'USD', creditLimit: 1000 });
	const without = scene.enter('customers', { displayName: 'Careful Ltd.', currencyCode: 'USD', creditLimit: 0 });
	await scene.run('CUSTOMER');
	expect([await limitOf(local.id), await limitOf(euro.id), await limitOf(dollar.id), await limitOf(without.id)]).toEqual([
		1000, 1250, 1333.33, 0,
	]);
	scene.writes();
	scene.world.minutes(30);
	await scene.run('CUSTOMER');
	expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
});

test('another limit, and another currency of the customer, are converted anew', async () => {
	await converted();
	const { id } = scene.enter('customers', { displayName: 'Euro Ltd.', currencyCode: 'EUR', creditLimit: 1000 });
	await scene.run('CUSTOMER');
	scene.world.minutes(30);
	scene.change('customers', id, { creditLimit: 800 });
	await scene.run('CUSTOMER');
	expect(await limitOf(id)).toBe(1000);
	scene.world.minutes(30);
	scene.change('customers', id, { currencyCode: 'USD' });
	await scene.run('CUSTOMER');
	expect(await limitOf(id)).toBe(1066.67);
});

test('switched over, couples are compared once more and get the converted amount', async () => {
	const { id } = scene.enter('customers', { displayName: 'Euro Ltd.', currencyCode: 'EUR', creditLimit: 1000 });
	await scene.run('CUSTOMER');
	await converted();
	scene.world.minutes(30);
	await scene.run('CUSTOMER');
	expect(await limitOf(id)).toBe(1250);
});

test('without an exchange rate the customer fails, naming the currency, and nothing is written in another one’s clothes', async () => {
	await converted();
	const company = scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
	company.seed('currencies', [{ code: 'DKK', displayName: 'Krone', symbol: 'kr' }]);
	const good = scene.enter('customers', { displayName: 'Euro Ltd.', currencyCode: 'EUR', creditLimit: 1000 });
	scene.enter('customers', { displayName: 'Krone A/S', currencyCode: 'DKK', creditLimit: 1000 });
	const [toCrm] = await scene.run('CUSTOMER');
	expect(toCrm!.failed.map(({ errorCode, message }) => [errorCode, message])).toEqual([
		['EXCHANGE_RATE_MISSING', expect.stringContaining('DKK')],
	]);
	expect(await limitOf(good.id)).toBe(1250);
	expect(scene.world.sandbox.crm.rows('account')).toHaveLength(1);
});
