import { LIFE_TRANSITIONS, type BcOrderState, type CrmOrderState } from '../../../../engine/documents/orderLife/states';
import { documentOf, inYard, invoicedElsewhere, told, type Imported, type Yard } from './kit';

const BC: Record<BcOrderState, (yard: Yard, order: Imported) => void> = {
	draft: () => undefined,
	released: (yard, { bc }) => yard.clerk.release(bc),
	invoiced: (yard, { bc }) => invoicedElsewhere(yard, bc),
	posted(yard, { bc }) {
		yard.clerk.release(bc);
		yard.clerk.ship(bc);
		yard.clerk.invoice(bc);
	},
	gone: (yard, { bc }) => yard.clerk.delete(bc),
};

const seed = (yard: Yard, id: string, values: object): void =>
	void yard.world.sandbox.crm.seed('salesorder', [{ ...yard.crmOrder(id), ...values }] as never);
const CRM: Record<CrmOrderState, (yard: Yard, order: Imported) => void> = {
	eligible: (yard, { crm }) => yard.edit(crm, { lastbackofficesubmit: null }),
	submitted: () => undefined,
	active: (yard, { crm }) => void yard.world.sandbox.crm.update('salesorder', crm, { statecode: 0, statuscode: 2 }),
	canceled: (yard, { crm }) => seed(yard, crm, { statecode: 2, statuscode: 4 }),
	fulfilled: (yard, { crm }) => seed(yard, crm, { statecode: 3, statuscode: 100001 }),
	invoiced: (yard, { crm }) => seed(yard, crm, { statecode: 4, statuscode: 100003 }),
	deleted(yard, { crm }) {
		yard.world.sandbox.crm.update('salesorder', crm, { statecode: 0, statuscode: 2 });
		yard.world.sandbox.crm.remove('salesorder', crm);
	},
};

const CRM_STATES = Object.keys(CRM) as CrmOrderState[];
const BC_STATES = Object.keys(BC) as BcOrderState[];

test(
	'every pair of states: what CRM says afterwards, whether Business Central has the order, what is kept and what is told',
	inYard(async (yard) => {
		const orders = new Map<string, Imported>();
		for (const crm of CRM_STATES)
			for (const bc of BC_STATES) orders.set(`${crm} × ${bc}`, await yard.imported([{ product: '1000' }], { name: `${crm} ${bc}` }));
		await yard.update();
		for (const crm of CRM_STATES)
			for (const bc of BC_STATES) {
				const order = orders.get(`${crm} × ${bc}`)!;
				BC[bc](yard, order);
				CRM[crm](yard, order);
			}
		const bcBefore = yard.bcOrders().length;
		const first = await yard.update();
		const second = await yard.update();
		expect(yard.bcOrders()).toHaveLength(bcBefore);
		const failed = new Map(second.job.failed.map(({ crm, errorCode }) => [crm!.id, errorCode]));
		const actions = new Map([...first.orders, ...second.orders].map(({ crm, action }) => [crm.id, action]));
		const lines: string[] = [];
		for (const [name, { crm }] of orders) {
			const row = yard.world.sandbox.crm.rows('salesorder').find((each) => each['salesorderid'] === crm);
			const says = row ? told(yard, crm).replace(/ Order.*/, '') : 'deleted';
			const document = await documentOf(yard, crm);
			const what = failed.get(crm) ?? actions.get(crm) ?? '–';
			lines.push(`${name}: ${says}, ${document?.stage ?? 'no couple'}, ${what}`);
		}
		expect(lines.join('\n')).toMatchInlineSnapshot(`
		"eligible × draft: Submitted 10, handedOver, –
		eligible × released: Submitted 10, handedOver, –
		eligible × invoiced: Submitted 10, handedOver, –
		eligible × posted: Submitted 10, handedOver, –
		eligible × gone: Submitted 10, handedOver, –
		submitted × draft: Submitted 10, handedOver, –
		submitted × released: Submitted 30, handedOver, updated
		submitted × invoiced: Invoiced 70, handedOver, closed
		submitted × posted: Invoiced 70, handedOver, closed
		submitted × gone: Active undefined , no couple, uncoupled
		active × draft: Active 10, handedOver, CRM_ORDER_REOPENED
		active × released: Active 10, handedOver, CRM_ORDER_REOPENED
		active × invoiced: Active 10, handedOver, CRM_ORDER_REOPENED
		active × posted: Active 10, handedOver, CRM_ORDER_REOPENED
		active × gone: Active undefined , no couple, uncoupled
		canceled × draft: Canceled 10, handedOver, CRM_ORDER_CANCELED
		canceled × released: Canceled 10, handedOver, CRM_ORDER_CANCELED
		canceled × invoiced: Canceled 10, handedOver, CRM_ORDER_CANCELED
		canceled × posted: Canceled 10, handedOver, CRM_ORDER_CANCELED
		canceled × gone: Canceled 10, no couple, uncoupled
		fulfilled × draft: Fulfilled 10, handedOver, –
		fulfilled × released: Fulfilled 10, handedOver, –
		fulfilled × invoiced: Invoiced 70, handedOver, updated
		fulfilled × posted: Invoiced 70, handedOver, updated
		fulfilled × gone: Fulfilled 10, no couple, uncoupled
		invoiced × draft: Invoiced 10, handedOver, –
		invoiced × released: Invoiced 10, handedOver, –
		invoiced × invoiced: Invoiced 70, handedOver, updated
		invoiced × posted: Invoiced 70, handedOver, updated
		invoiced × gone: Invoiced 10, no couple, uncoupled
		deleted × draft: deleted, no couple, uncoupled
		deleted × released: deleted, no couple, uncoupled
		deleted × invoiced: deleted, no couple, uncoupled
		deleted × posted: deleted, no couple, uncoupled
		deleted × gone: deleted, no couple, uncoupled"
	`);
		expect(Object.keys(LIFE_TRANSITIONS)).toEqual(CRM_STATES);
	}),
	900_000,
);
