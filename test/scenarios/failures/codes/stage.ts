import { listFailedRecords, type ActionResult } from '../../../../engine';
import { NoAnswer, type HttpRequest, type Transport } from '../../../../engine/systems/odata/transport';
import { CRM_ROOT } from '../../../kit/world';
import { openStage, type Stage } from '../kit';

/** Couples of customer and account, and short ways to see what became of them. */
export const mapping = 'CUSTOMER';

export async function on(count: number, walk: (stage: Stage) => Promise<void>): Promise<void> {
	const stage = await openStage(count);
	try {
		await walk(stage);
	} finally {
		await stage.world.close();
	}
}

export const bc = (stage: Stage, ...numbers: number[]) => ({
	...{ mapping, side: 'businessCentral' as const },
	ids: numbers.map((number) => stage.customerId(number)),
});
export const later = (stage: Stage): void => stage.world.minutes(15);
export const run = async (stage: Stage, more: Parameters<Stage['run']>[0] = {}) => {
	later(stage);
	return await stage.run(more);
};
/** Nothing fails or is skipped any more, and both sides agree. */
export async function delivered(stage: Stage, more: Parameters<Stage['run']>[0] = {}): Promise<void> {
	expect((await run(stage, more)).map(({ job, failed }) => [job.status, failed])).toEqual([
		['finished', []],
		['finished', []],
	]);
	expect((await stage.with((session) => listFailedRecords(session, { mapping, limit: 10 }))).rows).toEqual([]);
}
export const done = ({ records }: ActionResult, outcome: string): void =>
	expect(records.map((record) => [record.outcome, record.error?.message])).toEqual(records.map(() => [outcome, undefined]));
export const couplings = async (stage: Stage): Promise<number> => await stage.with(({ store }) => store.countCouplings(mapping));
export const crm = (stage: Stage) => stage.world.sandbox.crm;
export const accounts = (stage: Stage) => crm(stage).rows('account');
export const customers = (stage: Stage) => stage.company().rows('customers');
export const phones = (stage: Stage, number: number) => [stage.customer(number)?.['phoneNumber'], stage.account(number)?.['telephone1']];
export const ours = (stage: Stage) => ({ bcbi_companyid: { table: 'bcbi_company', id: stage.world.base.companyRowId } });
export const deleteAccount = (stage: Stage, number: number): void => void crm(stage).remove('account', stage.accountId(number));

/** Rows of Dataverse as a query answers them, each by itself or within a batch, changed on their way. */
export const rowsChanged =
	(change: (rows: Array<Record<string, unknown>>) => Array<Record<string, unknown>>) =>
	(transport: Transport): Transport =>
	async (request) => {
		const response = await transport(request);
		if (!request.url.startsWith(CRM_ROOT)) return response;
		const lines = response.body.split('\r\n').map((line) => {
			if (!line.startsWith('{"@odata.context"') || !line.includes('"value":[')) return line;
			const json = JSON.parse(line) as { value: Array<Record<string, unknown>> };
			return JSON.stringify({ ...json, value: change(json.value) });
		});
		return { ...response, body: lines.join('\r\n') };
	};
/** As row-level security does. */
export const hiding = (id: string) => rowsChanged((rows) => rows.filter((row) => row['accountid'] !== id));

export async function merge(stage: Stage, master: string, subordinate: string): Promise<void> {
	const { sandbox } = stage.world;
	const entity = (accountid: string) => ({ accountid, '@odata.type': 'Microsoft.Dynamics.CRM.account' });
	const { status, body } = await sandbox.handle({
		method: 'POST',
		url: `${CRM_ROOT}/api/data/v9.2/Merge`,
		headers: { authorization: `Bearer ${sandbox.login.token('crm')}`, 'content-type': 'application/json' },
		body: JSON.stringify({ Target: entity(master), Subordinate: entity(subordinate), PerformParentingChecks: false }),
	});
	expect([status, body]).toEqual([204, '']);
}

export const isInsert = ({ method, url, body = '' }: HttpRequest): boolean =>
	method === 'POST' && url.includes('/$batch') && /"method": ?"POST"/.test(body);
/** What is created in Business Central is carried out, and its answer is lost. */
export const losing =
	(transport: Transport): Transport =>
	async (request) => {
		const answer = await transport(request);
		if (isInsert(request)) throw new NoAnswer('The connection broke.', true);
		return answer;
	};
