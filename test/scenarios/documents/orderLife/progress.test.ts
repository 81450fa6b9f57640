import { company } from '../../products/shop';
import { documentOf, inYard, invoicedElsewhere, told } from './kit';

const TWO = [
	{ product: '1000', quantity: 4 },
	{ product: '2000', quantity: 2, price: 50 },
];

describe('What becomes of an imported order in Business Central', () => {
	test(
		'DOC-40: released, shipped and invoiced in parts, invoiced as a whole, paid: CRM is told each step, and Invoiced is the last',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported(TWO);
			const steps: string[] = [];
			const step = async (): Promise<void> => {
				await yard.update();
				steps.push(told(yard, crm));
			};
			await step();
			yard.clerk.sendForApproval(bc);
			await step();
			yard.clerk.release(bc);
			await step();
			yard.clerk.ship(bc, { 10000: 1 });
			await step();
			yard.clerk.ship(bc);
			await step();
			const first = yard.clerk.invoice(bc, { 10000: 2 });
			await step();
			yard.clerk.invoice(bc);
			await step();
			yard.clerk.pay(first, 50);
			await step();
			for (const { id } of company(yard.world).rows('salesInvoices')) yard.clerk.pay(String(id));
			await step();
			const numbers = company(yard.world).rows('salesInvoices').map(({ number }) => String(number)); // prettier-ignore
			expect(numbers).toHaveLength(2);
			expect(steps.map((text) => text.replaceAll(numbers[0]!, 'A').replaceAll(numbers[1]!, 'B'))).toMatchInlineSnapshot(`
			[
			  "Submitted 10 Order",
			  "Submitted 20 Order · in review",
			  "Submitted 30 Order · released",
			  "Submitted 40 Order · released · 17 % shipped (0 of 2 lines)",
			  "Submitted 50 Order · released · 100 % shipped (2 of 2 lines)",
			  "Submitted 60 Order · released · 100 % shipped (2 of 2 lines) · 40 % invoiced · A open 240.00 GBP",
			  "Invoiced 70 Order · invoiced · A open 240.00 GBP · B open 360.00 GBP",
			  "Invoiced 80 Order · invoiced · A open 190.00 GBP · B open 360.00 GBP",
			  "Invoiced 90 Order · invoiced · A paid · B paid",
			]
		`);
			// Lines, too; and the order is looked at no more.
			expect(yard.crmLines(crm).map(({ quantityshipped, quantitybackordered: open }) => [quantityshipped, open ?? 0])).toEqual([
				[4, 0],
				[2, 0],
			]);
			expect(await documentOf(yard, crm)).toMatchObject({ stage: 'closed' });
		}),
		300_000,
	);

	test(
		'DOC-41: one invoice for several orders: each is judged by its own lines, and is still known when Business Central has removed it',
		inYard(async (yard) => {
			const one = await yard.imported(TWO);
			const other = await yard.imported([{ product: '1000', quantity: 3 }]);
			for (const { bc } of [one, other]) yard.clerk.release(bc);
			await yard.update();
			yard.clerk.ship(one.bc);
			yard.clerk.ship(other.bc, { 10000: 2 });
			yard.clerk.invoiceTogether([one.bc, other.bc]);
			await yard.update();
			expect([told(yard, one.crm), told(yard, other.crm)]).toEqual([
				'Invoiced 70 Order · invoiced',
				'Submitted 60 Order · released · 67 % shipped (0 of 1 line) · 67 % invoiced',
			]);
			// Business Central keeps an order that was invoiced elsewhere until a batch job removes it: then it was not deleted.
			invoicedElsewhere(yard, other.bc);
			await yard.update();
			expect(told(yard, other.crm)).toBe('Invoiced 70 Order · invoiced · 100 % shipped (1 of 1 line)');
			yard.clerk.delete(other.bc);
			expect((await yard.update()).job.failed).toEqual([]);
			for (const { crm } of [one, other])
				expect([told(yard, crm), await documentOf(yard, crm)]).toMatchObject(['Invoiced 70 Order · invoiced', { stage: 'closed' }]);
		}),
		300_000,
	);

	test(
		'DOC-3, DOC-4: partial shipments and payments are found although they move no stamp of the order or of the invoice',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported(TWO);
			yard.clerk.release(bc);
			await yard.update();
			const order = yard.bcOrders()[0]!;
			yard.clerk.ship(bc, { 20000: 1 });
			const after = yard.bcOrders()[0]!;
			expect(after['lastModifiedDateTime']).toBe(order['lastModifiedDateTime']);
			await yard.update();
			expect(told(yard, crm)).toContain('17 % shipped');
		}),
	);

	test(
		'ORDER_CLOSED_SHORT: an order that went with less invoiced than ordered is Invoiced, and that is told',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported([{ product: '1000', quantity: 4 }]);
			yard.clerk.release(bc);
			yard.clerk.ship(bc, { 10000: 1 });
			yard.clerk.invoice(bc, { 10000: 1 });
			yard.clerk.delete(bc);
			const { orders } = await yard.update();
			expect(orders).toMatchObject([{ action: 'closed', warnings: ['less was invoiced than ordered: 120.00 of 480.00 GBP.'] }]);
			expect(told(yard, crm)).toMatch(/^Invoiced 70 /);
		}),
	);

	test(
		'An invoice that was paid and is not any more, and one that is cancelled: CRM is told, and the order stays Invoiced',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported([{ product: '1000' }]);
			yard.clerk.release(bc);
			yard.clerk.ship(bc);
			const invoice = yard.clerk.invoice(bc);
			yard.clerk.pay(invoice);
			await yard.update();
			expect([told(yard, crm), (await documentOf(yard, crm))!.stage]).toEqual([expect.stringMatching(/^Invoiced 90 .* paid$/), 'closed']);
			yard.clerk.unapply(invoice);
			await yard.update();
			expect([told(yard, crm), (await documentOf(yard, crm))!.stage]).toEqual([expect.stringMatching(/^Invoiced 70 .* open 120.00 GBP$/), 'handedOver']); // prettier-ignore
			yard.clerk.cancel(invoice);
			await yard.update();
			expect([told(yard, crm), (await documentOf(yard, crm))!.stage]).toEqual([expect.stringMatching(/^Invoiced 95 .* cancelled$/), 'closed']); // prettier-ignore
		}),
	);

	test(
		'DOC-46, DOC-52: what the header of a released order says in Business Central stands in CRM afterwards, totals included; that is nobody’s edit, and a line changed there is told',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported(TWO, { shipto_city: 'Leeds', shipto_country: 'GB', discountamount: 10 });
			await yard.update();
			const orders = company(yard.world);
			orders.update('salesOrders', bc, { shipToCity: 'York', requestedDeliveryDate: '2026-05-01' });
			orders.update('salesOrders', bc, { discountAmount: 0 });
			yard.clerk.release(bc);
			expect((await yard.update()).job.failed).toEqual([]);
			const row = yard.crmOrder(crm);
			expect([row['shipto_city'], String(row['requestdeliveryby']).slice(0, 10), row['discountamount'], row['totalamountlessfreight']]).toEqual(['York', '2026-05-01', 0, 500]); // prettier-ignore
			const version = yard.crmOrder(crm)['versionnumber'];
			yard.clerk.reopen(bc);
			const [line] = yard.bcLines({ id: bc });
			orders.update('salesOrderLines', String(line!['id']), { unitPrice: 200 });
			yard.clerk.release(bc);
			const { orders: told, job } = await yard.update({ ids: [crm] });
			expect([job.failed, yard.crmOrder(crm)['versionnumber']]).toEqual([[], version]);
			expect(told[0]!.warnings.join()).toContain('a line that was changed in Business Central');
			expect((await yard.update({ ids: [crm] })).orders[0]!.warnings).toEqual([]);
		}),
		300_000,
	);

	test(
		'The tracking number and the agent of the page; without the page they are missing, which is told once a run',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported([{ product: '1000' }]);
			const header = company(yard.world).data.table('Sales Header').get(bc)!;
			company(yard.world).data.modify('Sales Header', header, { ...header.fields, 'Package Tracking No.': '1Z999' }, 'ANNA');
			yard.clerk.release(bc);
			await yard.update();
			expect(told(yard, crm)).toBe('Submitted 30 Order · released · tracking 1Z999');
		}),
	);
});

describe('What a run costs', () => {
	test(
		'a quiet run over 60 orders: five requests and one for the company; nothing is written',
		inYard(async (yard) => {
			for (let index = 0; index < 60; index++) yard.order([{ product: '1000' }]);
			await yard.import();
			await yard.update();
			yard.world.takeRequests();
			const { job } = await yard.update();
			const requests = yard.world.takeRequests();
			expect([job.job.status, requests.length, requests.filter(({ method }) => method !== 'GET')]).toEqual(['finished', 6, []]);
		}),
		300_000,
	);

	test(
		'DOC-6: what is looked at again although nothing changed is not written; a preview writes nothing and says what it would',
		inYard(async (yard) => {
			const { crm, bc } = await yard.imported([{ product: '1000' }]);
			yard.clerk.release(bc);
			const before = yard.crmOrder(crm)['versionnumber'];
			const preview = await yard.update({ preview: true });
			expect([yard.crmOrder(crm)['versionnumber'], (await documentOf(yard, crm))!.life]).toEqual([before, undefined]);
			expect(preview.orders).toMatchObject([
				{ action: 'wouldUpdate', progress: { status: 30 }, tells: { header: { submitstatus: 30 }, lines: [] } },
			]);
			await yard.update();
			const after = yard.crmOrder(crm)['versionnumber'];
			yard.clerk.reopen(bc);
			yard.clerk.release(bc);
			expect([(await yard.update()).job.job.unchanged, yard.crmOrder(crm)['versionnumber']]).toEqual([1, after]);
			const nobody = '00000000-0000-4000-8000-00000000dead';
			const chosen = await yard.update({ ids: [crm, nobody] });
			expect(chosen).toMatchObject({ orders: [{ action: 'known' }], notFound: [nobody] });
		}),
	);
});
