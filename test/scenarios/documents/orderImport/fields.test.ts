import { HEADER_FIELDS, LINE_FIELDS, PAGE_FIELDS } from '../../../../engine/documents/orderImport/fields';
import { inShop } from './kit';

test(
	'the table of what crosses names every property that is sent, in the order in which it is sent, and no other',
	inShop(
		async (shop) => {
			const { rows } = await shop.use(({ store }) => store.findCouplings({ mapping: 'PAYMENT TERMS', limit: 1 }));
			const method = await shop.use(({ store }) => store.findCouplings({ mapping: 'SHIPMENT METHOD', limit: 1 }));
			const address = (prefix: string) =>
				Object.fromEntries(['name', 'line1', 'line2', 'postalcode', 'city', 'stateorprovince'].map((part) => [`${prefix}_${part}`, 'X']));
			shop.order([{ product: '1000' }, { writeIn: 'Assembly' }], {
				paymenttermscode: Number(rows[0]!.crmId),
				freighttermscode: Number(method.rows[0]!.crmId),
				requestdeliveryby: '2026-04-01',
				description: 'Text',
				...address('shipto'),
				...address('billto'),
				billto_country: 'GB',
			});
			const { orders } = await shop.import({ preview: true });
			const { header, lines } = orders[0]!.sends!;
			const sent = [...Object.keys(header), 'discountAmount'];
			expect(sent).toEqual(HEADER_FIELDS.map(({ businessCentral }) => businessCentral));
			const ofLines = lines.map((line) => Object.keys(line));
			expect([...new Set(ofLines.flat())].sort()).toEqual(LINE_FIELDS.map(({ businessCentral }) => businessCentral).sort());
			for (const names of ofLines)
				expect(names).toEqual(LINE_FIELDS.map(({ businessCentral }) => businessCentral).filter((name) => names.includes(name)));
			shop.world.takeRequests();
			await shop.import();
			const page = shop.world.takeRequests().find(({ path, requestBody }) => path.includes('ODataV4') && requestBody.includes('PATCH'))!;
			const written = (JSON.parse(page.requestBody) as { requests: Array<{ body: object }> }).requests.flatMap(({ body }) =>
				Object.keys(body),
			);
			const byApi = ['shippingAgentCode'];
			expect([...written, ...byApi].sort()).toEqual(PAGE_FIELDS.map(({ businessCentral }) => businessCentral).sort());
		},
		{ billTo: 'sellTo' },
	),
);
