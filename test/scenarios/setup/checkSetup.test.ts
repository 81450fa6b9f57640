import { rulesOf, defaultMappings } from '../../../engine/defaults/catalog';
import { DEFAULT_COMPANY_SETTINGS } from '../../../engine/model/companySettings';
import type { Finding } from '../../../engine/model/finding';
import { neededRights } from '../../../engine/setup/access/neededRights';
import { checkEverything } from '../../../engine/setup/check';
import { permissionIn } from '../../../engine/setup/check/refusedWrites';
import type { NeededRight } from '../../../engine/model/access';
import { usedFields } from '../../../engine/setup/usedFields';
import { tableOn } from '../../../engine/model/tableMapping';
import { type Side, SIDES } from '../../../engine/model/side';
import type { RecordSystem } from '../../../engine/ports/recordSystem';
import type { SyncSession } from '../../../engine/ports/session';
import { createWorld, type World } from '../../kit/world';
import { run, within } from '../fullSync/fullSyncs';
import { offer } from '../surfaces/worlds';
import { BC_USER, crmPrivilege, CRM_USER } from './rights';

const SETUP = { ...DEFAULT_COMPANY_SETTINGS, ownershipModel: 'person' as const };
const MAPPINGS = defaultMappings(SETUP);
const RIGHTS = neededRights(MAPPINGS, SETUP);
/** Without them metadata cannot be read. */
const METADATA = /^prvRead(Entity|Attribute|Relationship|OptionSet)$/;
const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

let world: World;
let healthy: string[];
beforeAll(async () => {
	world = await createWorld();
	offer(world, 'published pages');
	healthy = (await check()).map(told);
	world.takeRequests();
});
afterAll(() => world.close());

const check = (change: (session: SyncSession) => SyncSession = (session) => session): Promise<Finding[]> =>
	within(world, (session) => checkEverything(change(session)));
/** Metadata of the system that nothing is changed in need not be read again each time. */
const remembering = (system: RecordSystem): RecordSystem => Object.assign(Object.create(system) as RecordSystem, { lookAfresh: undefined });
const told = ({ severity, area, system, subject }: Finding): string => `${severity} ${area} ${system} ${subject}`;

/** What the check finds with the change in place, beyond what it says of a healthy set-up; that is found again once the change is taken back. */
async function foundWith(change: () => () => void, metadataOf: Side | 'none' = 'crm'): Promise<Finding[]> {
	const back = change();
	try {
		const others = SIDES.filter((side) => side !== metadataOf);
		const found = await check((session) => ({
			...session,
			...Object.fromEntries(others.map((side) => [side, remembering(session[side])])),
		}));
		expect(found.filter(({ message }) => message.trim() === '')).toEqual([]);
		return found.filter((finding) => !healthy.includes(told(finding)));
	} finally {
		back();
	}
}

test('of a healthy set-up nothing is an error or a warning, and nothing is written', async () => {
	const findings = await check();
	expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
	expect(findings.map(({ area }) => area)).toEqual(expect.arrayContaining(['sign-in', 'privilege', 'page']));
	const requests = world.takeRequests();
	expect(requests.reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
	// Tables and pages count, records do not.
	expect(requests.length).toBeLessThan(45);
	await within(world, async ({ store }) => expect((await store.jobs({ limit: 10 })).rows).toEqual([]));
});

describe('each of these alone gives exactly its finding', () => {
	test.each(unique(RIGHTS.filter(({ side }) => side === 'crm').map(crmPrivilege)))(
		'the privilege %s of Dataverse is missing',
		async (name) => {
			const found = await foundWith(
				() => {
					world.sandbox.crm.revokePrivilege(CRM_USER, name);
					return () => world.sandbox.crm.grantPrivilege(CRM_USER, name);
				},
				METADATA.test(name) ? 'crm' : 'none',
			);
			expect(found.map(({ area, system, subject }) => [area, system, subject])).toEqual([['privilege', 'crm', name]]);
			expect(found[0]!.neededBy.length).toBeGreaterThan(0);
			expect(found[0]!.remedy).toContain('security role');
		},
	);

	test.each(unique(RIGHTS.flatMap(({ side, right, table }) => (side === 'businessCentral' && right === 'Read' ? [table!] : []))))(
		'%s of Business Central may not be read',
		async (table) => {
			const { permissions } = world.sandbox.businessCentral;
			const found = await foundWith(() => {
				permissions.deny(BC_USER, table, 'Read');
				return () => permissions.allowAll(BC_USER);
			}, 'none');
			expect(found.map(told)).toEqual([`error privilege businessCentral ${table}: Read`]);
			expect(found[0]!.neededBy.length).toBeGreaterThan(0);
		},
	);

	const pages = unique(MAPPINGS.flatMap(({ bc }) => [...(bc.page ? [bc.name, ...(bc.page.also ?? []).map(({ service }) => service)] : []), ...(bc.companions ?? []).map(({ service }) => service)])); // prettier-ignore
	const mains = new Set(MAPPINGS.flatMap(({ bc }) => (bc.page ? [bc.name, ...(bc.page.also ?? []).map(({ service }) => service)] : [])));
	test.each(pages)('the page %s is not published', async (service) => {
		const { businessCentral } = world.sandbox;
		const found = await foundWith(() => {
			businessCentral.unpublish(service);
			return () => businessCentral.publish(service);
		}, 'businessCentral');
		expect(found.map(told)).toEqual([`${mains.has(service) ? 'error' : 'warning'} page businessCentral ${service}`]);
		expect(found[0]!.remedy).toMatch(/object ID \d+/);
		expect(found[0]!.remedy).toContain(`service name ${service}`);
	});

	/** Several at a time, of different tables: each has its finding, and there are no others. */
	const rounds = (fields: ReadonlyArray<readonly [table: string, field: string]>): Array<[string, Array<readonly [string, string]>]> => {
		const tables = new Map<string, Array<readonly [string, string]>>();
		for (const field of fields) tables.set(field[0], [...(tables.get(field[0]) ?? []), field]);
		const most = Math.max(...[...tables.values()].map(({ length }) => length));
		return Array.from({ length: most }, (_, index) => {
			const chosen = [...tables.values()].flatMap((list) => (list[index] ? [list[index]] : []));
			return [chosen.map(([table, field]) => `${table}.${field}`).join(', '), chosen];
		});
	};
	const fieldsOf = (side: Side): Array<[string, string]> => {
		const own = MAPPINGS.filter(({ bc, crm }) => (side === 'crm' ? !crm.choice : bc.page && !bc.page.also));
		const all = own.flatMap((mapping) =>
			usedFields(mapping, rulesOf(mapping.name), side).map(({ field }) => `${tableOn(mapping, side).name} ${field}`),
		);
		return unique(all).map((text) => text.split(' ') as [string, string]);
	};

	test.each(rounds(fieldsOf('businessCentral')))('pages no longer show %s', async (subjects, chosen) => {
		const { businessCentral } = world.sandbox;
		const found = await foundWith(() => {
			for (const [service, field] of chosen) businessCentral.reshape(service, { without: [field] });
			return () => chosen.forEach(([service]) => businessCentral.publish(service));
		}, 'businessCentral');
		expect(found.map(({ area, subject }) => `${area} ${subject}`).sort()).toEqual(subjects.split(', ').map((each) => `column ${each}`).sort()); // prettier-ignore
	});

	test.each(rounds(fieldsOf('crm')))('columns are gone: %s', async (subjects, chosen) => {
		const found = await foundWith(() => {
			const back = chosen.map(([table, column]) => world.sandbox.crm.removeColumn(table, column));
			return () => back.forEach((each) => each());
		});
		expect(found.map(({ area, system, subject }) => `${area} ${system} ${subject}`).sort()).toEqual(subjects.split(', ').map((each) => `column crm ${each}`).sort()); // prettier-ignore
		expect(found.filter(({ neededBy }) => neededBy.length === 0)).toEqual([]);
	});

	const tables = unique(MAPPINGS.flatMap(({ crm }) => (crm.choice ? [] : [crm.name]))).filter((table) => table !== 'systemuser');
	test.each([...tables, 'bcbi_company'])('the table %s is not installed', async (table) => {
		const found = await foundWith(() => world.sandbox.crm.removeTable(table));
		expect(found.map(({ area, system, subject }) => [area, system, subject])).toEqual([['solution', 'crm', table]]);
	});

	const optionsWithout = (table: string, column: string, value: string): (() => void) => {
		const { crm } = world.sandbox;
		const all = Object.fromEntries(crm.optionsOf(table, column).map(([each, label]) => [String(each), label]));
		crm.defineOptions(table, column, Object.fromEntries(Object.entries(all).filter(([each]) => each !== value)));
		return () => crm.defineOptions(table, column, all);
	};
	test.each([
		['account', 'customertypecode', '3', 'CUSTOMER'],
		['account', 'customertypecode', '11', 'VENDOR'],
		['product', 'producttypecode', '1', 'ITEM-PRODUCT'],
		['product', 'producttypecode', '3', 'RESOURCE-PRODUCT'],
		['productpricelevel', 'pricingmethodcode', '1', 'PLLINE-PRODPRICE'],
	])('the choice %s.%s has no value %s', async (table, column, value, mapping) => {
		const found = await foundWith(() => optionsWithout(table, column, value));
		expect(found.map(told)).toEqual([`error choice crm ${table}.${column} = ${value}`]);
		expect(found[0]!.neededBy.join()).toContain(mapping);
	});

	test.each([
		['account', 'telephone1'],
		['contact', 'emailaddress1'],
		['product', 'standardcost'],
		['transactioncurrency', 'exchangerate'],
		['uom', 'quantity'],
	])('column security hides %s.%s', async (table, column) => {
		const found = await foundWith(() => {
			world.sandbox.crm.secureColumn(table, column);
			return () => world.sandbox.crm.secureColumn(table, column, false);
		});
		expect(found.map(told)).toEqual([`warning column crm ${table}.${column}`]);
	});

	test('the company has no row in CRM', async () => {
		const { base, sandbox } = world;
		const found = await foundWith(() => {
			sandbox.crm.update('bcbi_company', base.companyRowId, { bcbi_externalid: '00000000-0000-4000-8000-00000000dead' });
			return () => sandbox.crm.update('bcbi_company', base.companyRowId, { bcbi_externalid: base.companyId });
		});
		expect(found.map(told)).toEqual(['error company crm bcbi_company']);
	});

	test('a currency has no exchange rate', async () => {
		const company = world.sandbox.businessCentral.company(world.base.companyName);
		const found = await foundWith(() => {
			const { id } = company.insert('currencies', { code: 'CHF', displayName: 'Swiss franc' });
			return () => company.remove('currencies', String(id));
		});
		expect(found.map(told)).toEqual(['warning currency businessCentral CHF']);
	});

	test('system price calculation is off', async () => {
		const { crm } = world.sandbox;
		const id = String(crm.rows('organization')[0]!['organizationid']);
		const found = await foundWith(() => {
			crm.update('organization', id, { oobpricecalculationenabled: false });
			return () => crm.update('organization', id, { oobpricecalculationenabled: true });
		});
		expect(found.map(told)).toEqual(['warning pricing crm System price calculation']);
	});

	test.each(['systemuser', 'account', 'contact'])('changes of %s are not tracked', async (table) => {
		const found = await foundWith(() => {
			world.sandbox.crm.setChangeTracking(table, false);
			return () => world.sandbox.crm.setChangeTracking(table, true);
		});
		expect(found.map(told)).toEqual([`info tracking crm ${table}`]);
	});

	test.each([
		[10, 'warning'],
		[1, 'info'],
	])('the clock is %s minutes ahead', async (minutes, severity) => {
		// prettier-ignore
		const clock = { ...world.clock, now: () => world.clock.now() + minutes * 60_000 };
		const found = (await check((session) => ({ ...session, clock }))).filter((each) => !healthy.includes(told(each)));
		expect(found.map(({ severity: is, area, system }) => `${is} ${area} ${system}`).sort()).toEqual([`${severity} clock businessCentral`, `${severity} clock crm`]); // prettier-ignore
	});

	test('a role that reaches only rows of the user itself', async () => {
		const { crm } = world.sandbox;
		const all = Object.fromEntries(unique(RIGHTS.filter(({ side }) => side === 'crm').map(crmPrivilege)).map((name) => [name, name === 'prvReadAccount' ? 'basic' as const : 'global' as const])); // prettier-ignore
		const found = await foundWith(() => {
			crm.defineRole('Own rows', all);
			crm.assignRoles(CRM_USER, 'Own rows');
			return () => crm.setRoles(CRM_USER, true);
		});
		expect(found.map(told)).toEqual(['warning privilege crm prvReadAccount']);
	});
});

describe('permissions to write, which Business Central tells by refusing', () => {
	const writes = RIGHTS.filter(({ side, right }) => side === 'businessCentral' && right !== 'Read');
	/** Its words for a right that is missing, in each of its versions. */
	const refusals = ({ table, number, right }: NeededRight): string[] => {
		const { permissions } = world.sandbox.businessCentral;
		permissions.deny(BC_USER, table!, right as 'Insert');
		const texts = (['403', 'sorry400', 'older400'] as const).map((answer) => {
			permissions.answer = answer;
			try {
				permissions.require(BC_USER, right as 'Insert', { table, tableNo: number } as never);
				return 'was not refused';
			} catch (error) {
				return (error as Error).message;
			}
		});
		permissions.answer = '403';
		permissions.allowAll(BC_USER);
		return texts;
	};

	test('each is found where a record still fails for it, in whatever words', async () => {
		const wrong: unknown[] = [];
		for (const right of writes) {
			for (const message of refusals(right)) {
				const permission = permissionIn(message);
				if (permission?.table !== right.table || permission?.right !== right.right) wrong.push([message, permission]);
			}
		}
		expect(writes.length).toBeGreaterThan(10);
		expect(wrong).toEqual([]);
	});

	test('one that a run was refused is an error, until a run succeeds', async () => {
		const { permissions } = world.sandbox.businessCentral;
		world.sandbox.crm.seed('account', [
			{ accountid: '0000000a-0000-4000-8000-000000000009', name: 'Nordwind', customertypecode: 3, statecode: 0, statuscode: 1 },
		]);
		permissions.deny(BC_USER, 'Customer', 'Insert');
		expect((await run(world, { ignoreDependencies: true })).some(({ job }) => job.status === 'failed')).toBe(true);
		const found = (await check()).filter((each) => !healthy.includes(told(each)));
		expect(found.map(told)).toEqual(['error privilege businessCentral Customer: Insert']);
		expect(found[0]!.neededBy).toContain('CUSTOMER');
		permissions.allowAll(BC_USER);
		world.minutes(1);
		await run(world, { ignoreDependencies: true });
		expect((await check()).map(told).filter((each) => !healthy.includes(each))).toEqual([]);
	});
});

describe('what the surfaces of Business Central make of it', () => {
	test('with neither extension nor pages it names exactly what is lost; with the extension nothing is', async () => {
		const other = await createWorld();
		try {
			offer(other, 'nothing');
			const lost = await within(other, (session) => checkEverything(session));
			const pages = lost.filter(({ area, severity }) => area === 'page' && severity !== 'info');
			const services = MAPPINGS.flatMap(({ bc }) => [...(bc.page ? [bc.name] : []), ...(bc.companions ?? []).map(({ service }) => service)]); // prettier-ignore
			expect(pages.map(({ subject }) => subject).sort()).toEqual(unique(services).sort());
			expect(lost.filter(({ severity, area }) => severity !== 'info' && area !== 'page')).toEqual([]);
			expect(pages.find(({ subject }) => subject === 'workflowCustomers')).toMatchObject({
				severity: 'warning',
				neededBy: ['CUSTOMER (Contact, Fax No., Shipping Agent Code, Primary Contact No.)'],
			});
			offer(other, 'extension');
			const installed = await within(other, (session) => checkEverything(session));
			expect(installed.filter(({ severity, area }) => severity !== 'info' || area === 'page')).toEqual([]);
		} finally {
			await other.close();
		}
	});
});
