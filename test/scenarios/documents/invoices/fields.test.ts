import { KEPT_FIELDS, LINE_FIELDS, ONCE_FIELDS } from '../../../../engine/documents/invoices/fields';
import { company } from '../../products/shop';
import { inOffice } from './kit';

test(
	'what the documentation says of fields is what is sent',
	inOffice(async (office) => {
		const { crm } = office.world.sandbox;
		const terms = company(office.world).rows('paymentTerms')[0]!['id'];
		const opportunity = crm.insert('opportunity', { name: 'Kitchen' });
		crm.insert('salesorder', {
			name: 'Order',
			ordernumber: 'A-1',
			opportunityid: opportunity,
			customerid: { table: 'account', id: office.account },
		} as never);
		const lines = [{ item: '1000', values: { shipmentDate: '2026-03-06' } }, { comment: 'Blue' }, { account: '8100', price: 5 }];
		const id = office.invoice(lines, { customerPurchaseOrderReference: 'A-1', paymentTermsId: terms });
		const { invoices } = await office.run({ ids: [id], preview: true });
		const { header, lines: sent } = invoices[0]!.sends!;
		const columns = [...ONCE_FIELDS, ...KEPT_FIELDS].map((field) => field.crm);
		// The list is found when it is created; only an order that was shipped has a day of delivery.
		const later = ['pricelevelid', 'datedelivered'];
		expect(Object.keys(header).sort()).toEqual(columns.filter((name) => !later.includes(name)).sort());
		const ofLines = [...new Set(sent.flatMap((line) => Object.keys(line)).map((name) => name.replace(/^shipto_.*/, 'shipto_…')))];
		expect(ofLines.sort()).toEqual(LINE_FIELDS.map((field) => field.crm).sort());
	}),
);
