import { Decimal } from '../../model/decimal';
import { DETAIL_FIELDS } from './figures';
import { salesOf } from './fiscalYear';
import type { StatisticsContext, StatisticsWork } from './statisticsWork';
import { BC_CUSTOMERS, BC_DETAILS } from './tables';
import type { WholeFigures } from './wanted';

/** All there is to know of customers, by id; those that are gone are absent. Three requests at most, and once a run those for corrections. */
export async function wholeFigures(context: StatisticsContext, works: readonly StatisticsWork[]): Promise<Map<string, WholeFigures>> {
	const { session, source, year } = context;
	const { businessCentral } = session;
	const ids = works.map(({ coupling }) => coupling.bcId);
	const details = await businessCentral.readByIds(BC_DETAILS, ids, DETAIL_FIELDS);
	const cards = source.page ? new Map() : await businessCentral.readByIds(BC_CUSTOMERS, ids, ['creditLimit']);
	const numbers = [...details.values()].map(({ number }) => number);
	const sales = year && (await salesOf(session, year, numbers));
	const corrections = await context.corrections();
	const found = new Map<string, WholeFigures>();
	for (const { figures, coupling } of works) {
		const own = details.get(coupling.bcId);
		const card = cards.get(coupling.bcId);
		if (!own || (!card && figures.name === null)) continue;
		found.set(coupling.bcId, {
			...figures,
			number: own.number,
			name: figures.name ?? card.name,
			creditLimit: figures.creditLimit ?? Number(card.values['creditLimit'] ?? 0),
			balance: Number(own.values['balance'] ?? 0),
			overdue: Number(own.values['overdueAmount'] ?? 0),
			sales: sales && (sales.get(own.number) ?? 0),
			correction: corrections && (corrections.get(own.number) ?? NOTHING),
		});
	}
	return found;
}

const NOTHING = { total: Decimal.ZERO, prepayments: Decimal.ZERO };
