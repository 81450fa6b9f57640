import { createSandbox, inProcess } from '../../../sandbox';
import { start } from './client';

test('posts are about rows of tables whose activity feed is on; out of the box invoices are not among them', async () => {
	const sandbox = createSandbox({ now: start });
	const headers = { authorization: `Bearer ${sandbox.login.token('crm')}` };
	const account = sandbox.crm.insert('account', { name: 'A' });
	const invoice = sandbox.crm.insert('invoice', { name: 'I', customerid: { table: 'account', id: account } } as never);
	const post = async (navigation: string, path: string): Promise<number> => {
		const body = JSON.stringify({ text: 'Paid', source: 1, [`${navigation}@odata.bind`]: path });
		return (await sandbox.handle({ method: 'POST', url: `${inProcess.crm}/api/data/v9.2/posts`, headers, body })).status;
	};
	expect(await post('regardingobjectid_account', `/accounts(${account})`)).toBe(204);
	expect(await post('regardingobjectid_invoice', `/invoices(${invoice})`)).toBe(400);
	sandbox.crm.followTable('invoice');
	expect(await post('regardingobjectid_invoice', `/invoices(${invoice})`)).toBe(204);
	expect(sandbox.crm.rows('post').map(({ regardingobjectid }) => regardingobjectid)).toEqual([account, invoice]);
});
