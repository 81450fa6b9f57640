import { company, productOf } from '../../products/shop';
import { codesOf, documentOf, inYard, told, type Row, type Yard } from './kit';

const APPLY = { applyResubmitted: true };
const TWO = [
	{ product: '1000', quantity: 4, values: { description: 'Blue' } },
	{ product: '2000', quantity: 2, price: 50 },
	{ writeIn: 'Assembly' },
];

/** Back to Active, lines changed, and submitted again. */
function change(yard: Yard, id: string, work: () => void): void {
	const { crm } = yard.world.sandbox;
	crm.update('salesorder', id, { statecode: 0, statuscode: 2 });
	work();
	crm.update('salesorder', id, { statecode: 1, statuscode: 3 });
}

const shown = (yard: Yard, order: Row): string[] =>
	yard.bcLines(order).map((line) => [line['sequence'], line['lineObjectNumber'], line['description'], line['quantity'], line['unitPrice']].join(' ').trim()); // prettier-ignore

/** The first line is bought more often and for less, the second goes, the write-in gets another text, and a third product comes. */
function edit(yard: Yard, id: string): void {
	const { crm } = yard.world.sandbox;
	const [first, second, third] = yard.crmLines(id);
	change(yard, id, () => {
		crm.update('salesorderdetail', String(first!['salesorderdetailid']), { quantity: 5, priceperunit: 90, description: 'Green' });
		crm.remove('salesorderdetail', String(second!['salesorderdetailid']));
		crm.update('salesorderdetail', String(third!['salesorderdetailid']), { productdescription: 'Fitting' });
		crm.insert('salesorderdetail', {
			salesorderid: id,
			quantity: 1,
			productid: productOf(yard.world, '2000')['productid'],
			uomid: productOf(yard.world, '2000')['defaultuomid'],
			ispriceoverridden: true,
			priceperunit: 8,
		} as never);
		crm.update('salesorder', id, { discountamount: 8, shipto_city: 'Leeds' });
	});
}

describe('DOC-47, DOC-48: an order that is changed and submitted again', () => {
	test(
		'is told as CRM_ORDER_CHANGED, and nothing is written; entered by hand and accepted, it goes on',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported(TWO);
			await yard.update();
			const before = shown(yard, yard.bcOrders()[0]!);
			edit(yard, crm);
			expect([codesOf(await yard.update()), shown(yard, yard.bcOrders()[0]!)]).toEqual([['CRM_ORDER_CHANGED'], before]);
			await yard.import({ ids: [crm], accept: true });
			yard.clerk.release(bc);
			expect(codesOf(await yard.update())).toEqual([]);
			expect([told(yard, crm), yard.bcOrders().length]).toEqual(['Submitted 30 Order · released', 1]);
		}),
	);

	test(
		'with "Apply Orders Submitted Again" a draft is brought to it line by line: kept, changed, removed and new ones; no line is renumbered, no second order',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported(TWO);
			await yard.update();
			const added = company(yard.world).insert('salesOrderLines', {
				documentId: bc,
				lineType: 'Item',
				lineObjectNumber: '2000',
				quantity: 1,
			});
			expect(shown(yard, yard.bcOrders()[0]!).map((line) => line.split(' ')[0])).toEqual(['10000', '20000', '30000', '40000', '50000']);
			edit(yard, crm);
			const preview = await yard.update({ preview: true });
			expect([preview.orders[0]!.action, shown(yard, yard.bcOrders()[0]!).length]).toEqual(['wouldApply', 5]);
			const { job } = await yard.update();
			expect(job.failed).toEqual([]);
			const [order] = yard.bcOrders();
			expect(yard.bcOrders()).toHaveLength(1);
			expect(order).toMatchObject({ discountAmount: 8, shipToCity: 'Leeds' });
			expect(shown(yard, order!)).toEqual([
				'10000 1000 Item 1000 5 90',
				'20000  Green 0 0',
				'40000 MISC Fitting 1 10',
				`50000 2000 Item 2000 1 ${String(added['unitPrice'])}`,
				'60000 2000 Item 2000 1 8',
			]);
			await yard.update();
			const version = yard.crmOrder(crm)['versionnumber'];
			await yard.update();
			expect([yard.crmOrder(crm)['versionnumber'], (await documentOf(yard, crm))!.lines.length]).toEqual([version, 4]);
		}, APPLY),
	);

	test(
		'released, shipped, or with another customer it is told all the same',
		inYard(async (yard) => {
			const released = await yard.imported(TWO);
			const other = await yard.imported(TWO);
			yard.clerk.release(released.bc);
			const before = yard.bcOrders().map((order) => shown(yard, order));
			edit(yard, released.crm);
			const stranger = yard.world.sandbox.crm.insert('account', { name: 'Stranger' });
			change(yard, other.crm, () => yard.world.sandbox.crm.update('salesorder', other.crm, { customerid: { table: 'account', id: stranger } } as never)); // prettier-ignore
			expect(codesOf(await yard.update()).sort()).toEqual(['ACCOUNT_NOT_CUSTOMER', 'CRM_ORDER_CHANGED']);
			expect(yard.bcOrders().map((order) => shown(yard, order))).toEqual(before);
		}, APPLY),
	);

	test(
		'invoiced meanwhile, it becomes Invoiced, and what was changed is told to come to nothing',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported(TWO);
			yard.clerk.release(bc);
			yard.clerk.ship(bc);
			edit(yard, crm);
			yard.clerk.invoice(bc);
			const { orders } = await yard.update();
			expect(orders[0]).toMatchObject({ action: 'closed', warnings: [expect.stringContaining('was invoiced as it was')] });
		}),
	);
});
