import { optionValues } from '../../../engine';
import { createScene, TERMS, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await createScene();
});
afterEach(() => scene.world.close());

async function values(field: string, mapping = 'CUSTOMER') {
	const session = await scene.world.open();
	try {
		return await optionValues(session, mapping, field);
	} finally {
		await session.store.close();
	}
}

describe('the values of a choice field, for pairing them', () => {
	test('both sides with the pairs their names suggest, also by the description of the code', async () => {
		scene.addTerms('14D', 'Net 45');
		scene.addTerms('COD', 'Cash on delivery');
		expect(await values('paymenttermscode')).toEqual({
			businessCentral: [
				{ code: '14D', name: 'Net 45' },
				{ code: 'COD', name: 'Cash on delivery' },
				{ code: 'NET 30', name: 'Net 30 days' },
				{ code: 'NET 60', name: 'Net 60 days' },
			],
			crm: [
				{ value: 1, label: 'Net 30' },
				{ value: 2, label: '2% 10; Net 30' },
				{ value: 3, label: 'Net 45' },
				{ value: 4, label: 'Net 60' },
			],
			pairs: [
				{ businessCentral: '14D', crm: 3, because: 'label' },
				{ businessCentral: 'NET 30', crm: 1, because: 'label' },
				{ businessCentral: 'NET 60', crm: 4, because: 'label' },
			],
			warning: '',
		});
	});

	test('coupled pairs come first, then those that were entered; each side has one partner', async () => {
		await scene.world.run({ mapping: TERMS, createUncoupled: true });
		scene.define({ '1': 'Net 30', '3': 'COD', '4': 'Other' });
		scene.addTerms('COD');
		await scene.change('CUSTOMER', { fields: { paymenttermscode: { options: [{ businessCentral: 'CM', crm: 3 }, { businessCentral: 'NET 60', crm: 1 }] } } }); // prettier-ignore
		scene.world.minutes(30);
		expect((await values('paymenttermscode')).pairs).toEqual([
			{ businessCentral: 'NET 30', crm: 1, because: 'coupled' },
			{ businessCentral: 'NET 60', crm: 4, because: 'coupled' },
			{ businessCentral: 'CM', crm: 3, because: 'entered' },
		]);
	});

	test('a page that is not published leaves one side empty, and says why', async () => {
		scene.world.sandbox.businessCentral.unpublish('ShippingAgents');
		const { businessCentral, crm, warning } = await values('address1_shippingmethodcode');
		expect(businessCentral).toEqual([]);
		expect(crm).toHaveLength(7);
		expect(warning).toContain('ShippingAgents');
	});

	test('a field without a choice is refused, naming those that have one', async () => {
		await expect(values('name')).rejects.toMatchObject({
			code: 'FIELD_NOT_CHOICE',
			errorClass: 'setup',
			hint: expect.stringContaining('paymenttermscode'),
		});
	});
});
