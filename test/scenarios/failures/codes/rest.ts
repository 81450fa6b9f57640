import { createBusinessCentral } from '../../../../engine/systems/businessCentral';
import { resetMappings, type TableMapping } from '../../../../engine';
import { failedItems } from '../../../../nodes/shared/items';
import { NoAnswer, type Transport } from '../../../../engine/systems/odata/transport';
import { BC_ROOT, inProcessTransport, itIsNew } from '../../../kit/world';
import { leads, own } from '../../ownMappings/scene';
import { defineLeads } from '../../../kit/ownTables';
import { openScene } from '../../parties/scene';
import { openStage, type Stage } from '../kit';
import { failedWith, refusedWith, says, type Walks } from './kit';
import { expectNamesOfNodes } from './names';

/** Additional pages, what the services confirm in a strange way, and definitions that an import or an earlier version may have brought. */
const mapping = 'CUSTOMER';

async function on(count: number, walk: (stage: Stage) => Promise<void>): Promise<void> {
	const stage = await openStage(count);
	try {
		await walk(stage);
	} finally {
		await stage.world.close();
	}
}
const run = async (stage: Stage, more: Parameters<Stage['run']>[0] = {}) => {
	stage.world.minutes(15);
	return await stage.run(more);
};
const fine = (results: Awaited<ReturnType<typeof run>>): void =>
	expect(results.map(({ job, failed }) => [job.status, failed])).toEqual(results.map(() => ['finished', []]));

/** A definition that the store holds, and that nobody could save by the node: the run says what is wrong with it, and goes on when it is mended. */
async function walkDefinition(code: string, wrong: TableMapping, right: TableMapping, ...steps: string[]): Promise<void> {
	await on(1, async (stage) => {
		defineLeads(stage.world.sandbox);
		const save = (definition: TableMapping) => stage.with(({ store }) => store.saveSettings(definition.name, { definition }));
		await save(wrong);
		await itIsNew(stage.world, wrong.name);
		const start = () => stage.world.run({ mapping: wrong.name, direction: 'toCrm' });
		const seen = await start().then(
			(results) => failedWith(code, results),
			async (error: unknown) => await refusedWith(code, Promise.reject(error as Error)),
		);
		says(seen, ...steps);
		await save(right);
		fine(await start());
	});
}

export const restWalks: Walks = {
	BC_COMPANION_ROW_MISSING: () =>
		on(1, async (stage) => {
			stage.inCrm(1, { fax: '+44 99' });
			// The page of additional fields has a filter of its own, or the user may not see the row.
			const empty = { kind: 'answer' as const, status: 200, headers: { 'content-type': 'application/json' }, body: '{"value":[]}' };
			stage.world.sandbox.faults.add({
				system: 'businessCentral',
				method: 'GET',
				url: /workflowCustomers/,
				nth: 2,
				times: 100,
				fault: empty,
			});
			stage.world.minutes(15);
			const seen = failedWith('BC_COMPANION_ROW_MISSING', await stage.world.run({ mapping, direction: 'fromCrm' }));
			says(seen, 'Check the filters of that page and the permissions of the user', 'disable the fields that live there');
			stage.world.sandbox.faults.clear();
			fine(await run(stage));
			expect(stage.company().rows('workflowCustomers')[0]).toMatchObject({ faxNumber: '+44 99' });
		}),

	BC_NOT_SENT: () =>
		on(1, async (stage) => {
			stage.world.sandbox.crm.insert('account', { name: 'Fabrikam', customertypecode: 3 });
			const late =
				(transport: Transport): Transport =>
				async (request) => {
					const creates = request.url.startsWith(BC_ROOT) && request.method === 'POST' && /"method": ?"POST"/.test(request.body ?? '');
					if (creates) throw new NoAnswer('Too late.', false, { late: true });
					return await transport(request);
				};
			stage.world.minutes(15);
			const seen = failedWith(
				'BC_NOT_SENT',
				await stage.world.run({ mapping, createUncoupled: true, direction: 'fromCrm' }, { transport: late }),
			);
			says(seen, 'Nothing needs to be done: it is tried again by the next run');
			await run(stage, { createUncoupled: true });
			stage.world.minutes(60);
			fine(await run(stage, { createUncoupled: true }));
			expect(stage.company().rows('customers')).toHaveLength(2);
		}),

	BC_COMPANY_MISSING: () =>
		on(1, async (stage) => {
			const { sandbox, base, clock } = stage.world;
			const system = (companyId: string) =>
				createBusinessCentral({
					...{ apiRoot: `${BC_ROOT}/api/v2.0`, odataRoot: `${BC_ROOT}/ODataV4`, companyId, clock, log: () => undefined, random: () => 0.5 },
					...{
						transport: inProcessTransport(sandbox),
						webClient: { baseUrl: 'https://businesscentral.dynamics.com', companyName: base.companyName, tenant: 't', environment: 'e' },
					},
					authenticator: {
						header: () => Promise.resolve(`Bearer ${sandbox.login.token('businessCentral')}`),
						refresh: () => Promise.resolve(),
					},
				});
			const read = (companyId: string) => system(companyId).readAll('companyInformation', ['currencyCode']);
			says(await refusedWith('BC_COMPANY_MISSING', () => read('')), 'Choose the company in the node');
			expect(await read(base.companyId)).toHaveLength(1);
		}),

	BC_SEARCH_PLACE: () =>
		on(1, async (stage) => {
			await stage.with(async ({ businessCentral }) => {
				const table = { name: 'customers', numberField: 'number', nameField: 'displayName' };
				const search = (next?: string) => businessCentral.search(table, '', null, next);
				says(await refusedWith('BC_SEARCH_PLACE', () => search('nowhere')), 'Start the search again');
				expect(JSON.stringify(await search())).toContain('Customer 1');
			});
		}),

	BC_PAGE_READ_ONLY: () =>
		on(1, async (stage) => {
			// A mapping of two pages that are read together can only be read.
			await stage.with(({ store }) => store.saveSettings('UNIT GROUP', { direction: 'fromCrm' }));
			const table = {
				name: 'ItemUnitGroups',
				numberField: 'Item_No',
				nameField: 'Code',
				page: { keys: ['Source_Id'], also: [{ service: 'ResourceUnitGroups', properties: { Item_No: 'Resource_No' } }] },
			};
			await stage.with(async ({ businessCentral }) => {
				const write = () => businessCentral.write(table, [{ kind: 'insert', values: { Code: 'X' } }]);
				says(await refusedWith('BC_PAGE_READ_ONLY', write), 'Choose the direction "Business Central to CRM" for the table mapping');
			});
			await stage.with((session) => resetMappings(session, ['UNIT GROUP'], false));
			fine(await stage.world.run({ mapping: 'UNIT GROUP' }));
		}),

	CRM_CHOICE_UNKNOWN: () => {
		const terms = (column: string): TableMapping => ({
			...leads({ name: 'TERMS', direction: 'toCrm', fields: [own('Code', 'code', 'label', { direction: 'toCrm' })] }),
			bc: { name: 'paymentTerms', numberField: 'code', nameField: 'displayName' },
			crm: {
				name: `account.${column}`,
				numberField: null,
				nameField: 'label',
				choice: { table: 'account', column, mirrors: [] },
			} as unknown as TableMapping['crm'],
		});
		return walkDefinition('CRM_CHOICE_UNKNOWN', terms('name'), terms('paymenttermscode'), 'Correct the field in the table mapping');
	},

	CONTACT_COMPANY_UNCLEAR: async () => {
		const scene = await openScene();
		try {
			const [adatum, contoso] = ['Adatum', 'Contoso'].map((displayName) => scene.enter('customers', { displayName }));
			const person = scene.person(adatum!, 'Robert Townes');
			await scene.runAll();
			const company = scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
			const [row] = company.data.table('Contact').withField('No.', scene.companyOf(contoso!));
			const named = (Name: string): void =>
				void company.data.modify(
					'Contact',
					company.data.table('Contact').get(row!.id)!,
					{ ...company.data.table('Contact').get(row!.id)!.fields, Name },
					'ANNA',
				);
			// A tool wrote the name of the company contact alone, so that nobody finds its customer by it.
			named('Contoso of old');
			scene.world.minutes(30);
			scene.change('contacts', person.id, { companyNumber: scene.companyOf(contoso!) });
			const seen = failedWith('CONTACT_COMPANY_UNCLEAR', await scene.run('CONTACT'));
			says(seen, 'Give the company contact and its customer or vendor the same name');
			named('Contoso');
			scene.world.minutes(30);
			fine(await scene.run('CONTACT'));
			const contact = (await scene.partner('CONTACT', person.id))!;
			expect(scene.crm('contact', contact)?.['parentcustomerid']).toBe(await scene.partner(mapping, contoso!.id));
		} finally {
			await scene.world.close();
		}
	},

	MORE_FAILED: () =>
		on(3, async (stage) => {
			for (const number of [1, 2, 3]) stage.quarrel(number);
			const results = await run(stage, { returnFailures: 1, direction: 'toCrm' });
			const more = failedItems(results, () => [0]).at(-1)!.json;
			expect(more).toMatchObject({ errorCode: 'MORE_FAILED', moreFailed: 2 });
			expectNamesOfNodes(String(more['hint']));
			expect(more['hint']).toContain('the node Read Sync Log with the operation Get Errors');
			expect(await stage.log('error')).toHaveLength(3);
		}),
};
