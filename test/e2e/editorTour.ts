import { doesNotMatch, match, ok } from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../package/stagedProject';
import type { Checks } from './checks';
import { example } from './exampleRuns';
import { Editor } from './n8n/editor';
import type { Environment, Workflow } from './n8n/environment';
import type { Pair } from './agreement';
import { companyName, type Person } from './person';
import { byHand } from './workflows';

const images = join(projectRoot, 'docs', 'images');
/** Example workflows and the names of their pictures. */
const canvasPictures = {
	'scheduled-sync': 'scheduled-workflow',
	'first-sync-with-review': 'workflow-first-sync',
	'nightly-deletion-check': 'workflow-nightly-deletion-check',
	'failures-by-mail': 'workflow-failures-by-mail',
	'weekly-report': 'workflow-weekly-report',
};
const empty = { __rl: true, mode: 'list', value: '' };

/** One workflow per node, with everything still to be chosen. */
export const tourWorkflows: Workflow[] = [
	byHand('tour-sync', 'Synchronize customers', {
		name: 'Sync Mapping',
		type: 'syncMapping',
		parameters: {
			company: empty,
			operation: 'synchronizeModified',
			mapping: empty,
			direction: 'mapping',
			preview: true,
			options: { returnChanges: 20 },
		},
	}),
	byHand('tour-full', 'Review the full sync', {
		name: 'Full Sync',
		type: 'fullSync',
		parameters: { company: empty, operation: 'review', mappingSelection: 'all' },
	}),
	byHand('tour-couple', 'Couple two records', {
		name: 'Couple Records',
		type: 'coupleRecords',
		parameters: {
			company: empty,
			operation: 'couple',
			mapping: empty,
			businessCentralRecord: empty,
			crmRecord: empty,
			initial: 'none',
			preview: true,
		},
	}),
	byHand('tour-log', 'Read the log', {
		name: 'Read Sync Log',
		type: 'readSyncLog',
		parameters: { company: empty, operation: 'getJobs', returnAll: false, limit: 50, filters: {} },
	}),
];

/** A user opens each node, fills its pickers from the sandbox, executes it and sees the result; pictures for the documentation on the way. */
export async function checkEditor(checks: Checks, { n8n }: Environment, pairs: readonly Pair[], anna: Person): Promise<void> {
	mkdirSync(images, { recursive: true });
	const editor = await Editor.open(n8n.origin);
	const picture = (name: string) => editor.screenshot(join(images, `${name}.png`));
	const step = (name: string, work: () => Promise<void>) =>
		checks.that(name, async () => {
			try {
				await work();
			} catch (error) {
				await editor.screenshot(join(n8n.userFolder, `failed-${name.replace(/\W+/g, '-')}.png`)).catch(() => undefined);
				throw error;
			}
		});
	const chooseCompany = async () => {
		const companies = await editor.offered('company');
		ok(companies.includes(companyName), companies.join(', '));
		await editor.choose(companyName);
	};
	const chooseMapping = async () => {
		const mappings = await editor.offered('mapping');
		ok(
			mappings.some((name) => name.startsWith('CUSTOMER')),
			mappings.join(', '),
		);
		await editor.choose('CUSTOMER');
	};
	try {
		await checks.must('A user signs in to the editor', () => editor.signIn());

		for (const [file, name] of Object.entries(canvasPictures)) {
			await step(`The example workflow "${file}" opens on the canvas`, async () => {
				await editor.openWorkflow(file);
				const notes = example(file).nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote').length;
				await editor.shown(example(file).nodes.length - notes, notes);
				await editor.fitCanvas();
				await picture(name);
			});
		}

		await step('Each credential field offers the credentials of its own system', async () => {
			await editor.openWorkflow('tour-sync');
			await editor.openNode('Sync Mapping');
			const [businessCentral, crm] = [(await editor.credentialsOffered(0)).join(' '), (await editor.credentialsOffered(1)).join(' ')];
			match(businessCentral, /Business Central \(sandbox\)/);
			match(businessCentral, /Business Central user \(sandbox\)/);
			doesNotMatch(businessCentral, /CRM/);
			match(crm, /CRM \(sandbox\)/);
			doesNotMatch(crm, /Business Central/);
		});

		await step('Sync Mapping: company and mapping from lists, preview by Execute step', async () => {
			await editor.openWorkflow('tour-sync');
			await editor.openNode('Sync Mapping');
			await chooseCompany();
			await chooseMapping();
			await anna.changeInBusinessCentral('customers', pairs[5]!.customer, { phoneNumber: '+44 20 7946 0199', city: 'Southampton' });
			await editor.executeStep();
			await editor.widenOutput();
			await editor.showOutputAs('json');
			// Only what is in view is in the page.
			await editor.scrollOutput(420);
			await editor.part('output-panel').getByText('Southampton').first().waitFor();
			await picture('sync-mapping');
		});

		await step('Full Sync: the review shows one line per mapping', async () => {
			await editor.openWorkflow('tour-full');
			await editor.openNode('Full Sync');
			await chooseCompany();
			await editor.executeStep();
			await editor.widenOutput();
			await editor.showOutputAs('table');
			await picture('full-sync-review');
		});

		await step('Couple Records: records from searchable pickers of both systems', async () => {
			await editor.openWorkflow('tour-couple');
			await editor.openNode('Couple Records');
			await chooseCompany();
			await chooseMapping();
			const found = await editor.offered('businessCentralRecord', 'a');
			ok(found.length > 0);
			await picture('record-picker');
			await editor.choose(found[0]!);
			const accounts = await editor.offered('crmRecord');
			ok(accounts.length > 0);
			await editor.choose(accounts[0]!);
			await editor.executeStep();
			await picture('couple-records');
		});

		await step('Read Sync Log: the jobs with their counters', async () => {
			await editor.openWorkflow('tour-log');
			await editor.openNode('Read Sync Log');
			await chooseCompany();
			await editor.executeStep();
			await editor.widenOutput();
			await picture('read-sync-log');
		});
	} finally {
		await editor.close();
	}
}
