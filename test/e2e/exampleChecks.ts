import { equal, match, ok } from 'node:assert/strict';
import type { Checks } from './checks';
import { example, runnable } from './exampleRuns';
import type { Environment } from './n8n/environment';
import { itemsOf, ran, type Binary, type ExecutionReport } from './n8n/report';
import type { Person } from './person';

type Json = Record<string, unknown>;
interface Mail {
	subject: string;
	text: string;
	html: string;
}

const toDelete = { number: '90030', displayName: 'Vanishing Sails' };

/** What stands in place of the sending, or undefined when the workflow took another way. */
const mailOf = (report: ExecutionReport): Mail | undefined =>
	ran(report, 'Send e-mail') ? (itemsOf(report, 'Send e-mail')[0] as unknown as Mail) : undefined;

/** The example "failures by mail" while nothing fails. */
export async function checkNoFailuresNoMail(checks: Checks, { n8n }: Environment): Promise<void> {
	await checks.that('The example "failures by mail" sends none while no record needs anybody', async () => {
		const report = await n8n.execute(runnable.failures);
		equal(mailOf(report), undefined);
		equal(itemsOf(report, 'All is well').length, 1);
	});
}

/** @param failing name and number of the one record that fails at the moment */
export async function checkFailuresByMail(
	checks: Checks,
	{ n8n }: Environment,
	failing: { number: string; displayName: string },
): Promise<void> {
	await checks.that('The example "failures by mail" writes a mail that names the failing record and links to it', async () => {
		const mail = mailOf(await n8n.execute(runnable.failures));
		ok(mail !== undefined, 'No mail was written.');
		equal(mail.subject.split(';')[0], '1 record needs someone');
		for (const body of [mail.text, mail.html]) {
			ok(body.includes(failing.displayName), `${failing.displayName} is not in ${body.slice(0, 800)}`);
			ok(body.includes(failing.number), `${failing.number} is not in ${body.slice(0, 800)}`);
		}
		match(mail.html, /^\s*<!doctype html>/i);
		match(mail.html, /<a [^>]*href="http/);
	});
}

/** The example "nightly deletion check": an account that somebody deleted, then its customer, too. */
export async function checkNightly(
	checks: Checks,
	{ n8n }: Environment,
	{ anna, ben }: { anna: Person; ben: Person },
	createNew: string,
): Promise<void> {
	const nightly = async () => {
		const report = await n8n.execute(runnable.nightly);
		const failed = itemsOf(report, 'Synchronize and find deleted records', 1);
		return {
			mail: mailOf(report),
			failed: failed.filter(({ businessCentral }) => (businessCentral as Json | null)?.['number'] === toDelete.number),
		};
	};
	let customer = '';

	await checks.that('The example "nightly deletion check" notices an account deleted although nobody touched its customer', async () => {
		customer = String((await anna.createInBusinessCentral('customers', toDelete))['id']);
		itemsOf(await n8n.execute(createNew), 'Sync');
		const account = (await ben.crm('accounts')).find(({ name }) => name === toDelete.displayName);
		ok(account !== undefined, 'The account was not created.');
		equal((await nightly()).failed.length, 0);
		await ben.deleteInCrm('accounts', String(account['accountid']));
		const { failed, mail } = await nightly();
		equal(failed.length, 1, JSON.stringify(failed));
		equal(failed[0]?.['errorCode'], 'PARTNER_DELETED', JSON.stringify(failed));
		match(mail?.subject ?? '', /^1 record needs a decision$/);
		ok(mail?.text.includes(`CUSTOMER: ${toDelete.number} ${toDelete.displayName}`), mail?.text);
		equal((await anna.businessCentral('customers', `id eq ${customer}`)).length, 1);
	});

	await checks.that('It says nothing more once the customer has been deleted, too', async () => {
		await anna.deleteInBusinessCentral('customers', customer);
		const { failed, mail } = await nightly();
		equal(failed.length, 0, JSON.stringify(failed));
		equal(mail, undefined, mail?.text);
	});
}

/** The example "weekly report" */
export async function checkWeeklyReport(checks: Checks, { n8n }: Environment): Promise<void> {
	await checks.that(
		'The example "weekly report" mails the page of all runs, attached as well, and keeps what is younger than 60 days',
		async () => {
			const report = await n8n.execute(runnable.weekly);
			const [item] = itemsOf(report, 'Report');
			const mail = mailOf(report);
			ok(mail !== undefined, 'No mail was written.');
			ok(Number(item?.['jobs']) >= 10, `The report counts ${String(item?.['jobs'])} jobs.`);
			ok(mail.subject.startsWith(`Synchronization report: ${String(item?.['jobs'])} jobs, `), mail.subject);
			for (const part of ['Synchronization report of the week', 'Runs over time', 'Customers – accounts', 'Why records failed']) {
				ok(mail.html.includes(part), `The page does not hold ${part}.`);
			}
			const { options } = example('weekly-report').nodes.find(({ name }) => name === 'Send e-mail')!.parameters;
			const attachment = attachmentOf(report, 'Send e-mail', (options as { attachments: string }).attachments);
			equal(attachment.mimeType, 'text/html');
			match(attachment.fileName, /^synchronization-\d{4}-\d\d-\d\d\.html$/);
			equal(attachment.bytes, Buffer.byteLength(mail.html));
			equal(itemsOf(report, 'Delete old entries')[0]?.['deleted'], 0);
		},
	);
}

function attachmentOf(report: ExecutionReport, node: string, field: string): Binary {
	const found = report.data.resultData.runData[node]?.[0]?.data?.main[0]?.[0]?.binary?.[field];
	if (found === undefined) throw new Error(`There is no file in the field ${field} of ${node}.`);
	return found;
}
