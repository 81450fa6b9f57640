import { company } from '../../products/shop';
import { codesOf, documentOf, inYard, told, type Row, type Yard } from './kit';

const headers = (yard: Yard): Row[] => yard.bcOrders();
const cancel = (yard: Yard, id: string): void =>
	void yard.world.sandbox.crm.seed('salesorder', [{ ...yard.crmOrder(id), statecode: 2, statuscode: 4 }] as never);

describe('The end of an imported order', () => {
	test(
		'DOC-42, DOC-43: deleted in Business Central: only at the second look, a minute later, the couple ends; submitted again it is imported anew',
		inYard(async (yard) => {
			const { crm, bc, number } = await yard.imported([{ product: '1000' }]);
			await yard.update();
			yard.clerk.delete(bc);
			await yard.update();
			expect([told(yard, crm), (await documentOf(yard, crm))!.goneSince]).toEqual(['Submitted 10 Order', expect.any(String)]);
			const { orders } = await yard.update();
			expect(orders).toMatchObject([
				{ action: 'uncoupled', warnings: [`order ${number} of Business Central was deleted, and nothing of it was posted.`] },
			]);
			expect(yard.crmOrder(crm)).toMatchObject({ statecode: 0, statuscode: 2 });
			expect(yard.crmOrder(crm)['lastbackofficesubmit'] ?? null).toBeNull();
			yard.submit(crm);
			await yard.import();
			expect(headers(yard)).toHaveLength(1);
			expect((await documentOf(yard, crm))!.stage).toBe('handedOver');
		}),
	);

	test(
		'DOC-43: one that is there again at the second look was not gone',
		inYard(async (yard) => {
			const { crm } = await yard.imported([{ product: '1000' }]);
			await yard.update();
			await yard.update({}, { transport: (next) => async (request) => {
				const answer = await next(request);
				return /salesOrders\?\$select=id/.test(request.url) || answer.body?.includes('S-ORD') ? { ...answer, body: blanked(answer.body) } : answer;
			} }); // prettier-ignore
			await yard.update();
			expect([told(yard, crm), (await documentOf(yard, crm))!.goneSince]).toEqual(['Submitted 10 Order', null]);
		}),
	);

	test(
		'DOC-44: deleted in CRM: Business Central is not changed, nothing fails, the couple ends and that is told once',
		inYard(async (yard) => {
			const { crm, bc, number } = await yard.imported([{ product: '1000' }]);
			await yard.update();
			const before = headers(yard)[0]!['lastModifiedDateTime'];
			yard.world.sandbox.crm.update('salesorder', crm, { statecode: 0, statuscode: 2 });
			yard.world.sandbox.crm.remove('salesorder', crm);
			const { orders, job } = await yard.update();
			expect([codesOf({ job } as never), orders.map(({ action }) => action)]).toEqual([[], ['uncoupled']]);
			expect(orders[0]!.warnings[0]).toContain(`Order ${number} of Business Central stays as it is`);
			expect([headers(yard)[0]!['id'], headers(yard)[0]!['lastModifiedDateTime']]).toEqual([bc, before]);
			expect((await yard.update()).orders).toEqual([]);
		}),
	);

	test(
		'DOC-45: another external document number in Business Central breaks no link',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported([{ product: '1000' }]);
			company(yard.world).update('salesOrders', bc, { externalDocumentNumber: 'SOMETHING ELSE' });
			yard.clerk.release(bc);
			await yard.update();
			expect(told(yard, crm)).toBe('Submitted 30 Order · released');
		}),
	);
});

describe('An order that a person takes back in CRM', () => {
	test(
		'DOC-51: Active: neither side is written, and it is told in every run until it is submitted again',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported([{ product: '1000' }]);
			await yard.update();
			yard.world.sandbox.crm.update('salesorder', crm, { statecode: 0, statuscode: 2 });
			const version = yard.crmOrder(crm)['versionnumber'];
			yard.clerk.release(bc);
			expect([codesOf(await yard.update()), codesOf(await yard.update())]).toEqual([['CRM_ORDER_REOPENED'], ['CRM_ORDER_REOPENED']]);
			expect(yard.crmOrder(crm)['versionnumber']).toBe(version);
			yard.submit(crm);
			expect(codesOf(await yard.update())).toEqual([]);
			expect(told(yard, crm)).toBe('Submitted 30 Order · released');
			const open = await yard.use(({ store }) => store.listFailures({ limit: 9 }));
			expect(open.rows).toEqual([]);
		}),
	);

	test(
		'canceled: told; with "Cancel in Business Central" an untouched draft is deleted there, and nothing that was released or shipped',
		inYard(async (yard) => {
			const draft = await yard.imported([{ product: '1000' }]);
			const released = await yard.imported([{ product: '1000' }]);
			const shipped = await yard.imported([{ product: '1000', quantity: 2 }]);
			yard.clerk.release(released.bc);
			yard.clerk.release(shipped.bc);
			yard.clerk.ship(shipped.bc, { 10000: 1 });
			yard.clerk.reopen(shipped.bc);
			for (const { crm } of [draft, released, shipped]) cancel(yard, crm);
			const told = await yard.update();
			expect([codesOf(told), headers(yard).length]).toEqual([Array(3).fill('CRM_ORDER_CANCELED'), 3]);
			await yard.world.settings({ writeInItem: 'MISC', cancelInBusinessCentral: true });
			const preview = await yard.update({ preview: true });
			expect([preview.orders.map(({ action }) => action), headers(yard).length]).toEqual([['wouldUncouple'], 3]);
			const run = await yard.update();
			expect([codesOf(run), run.job.job.deleted, headers(yard).map(({ id }) => id).sort()]).toEqual([Array(2).fill('CRM_ORDER_CANCELED'), 1, [released.bc, shipped.bc].sort()]); // prettier-ignore
		}),
	);
});

/** The answer without its records. */
function blanked(body: string | undefined): string {
	return (body ?? '').replace(/"value":\[\{"@odata.etag".*?\}\](?=\})/g, '"value":[]');
}
