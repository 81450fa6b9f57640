import { restoreRecords } from '../../../engine';
import type { SessionOptions } from '../../kit/world';
import { dieAt, Killed } from '../../kit/killing';
import { furnish, type Household, openHousehold } from './kit';

const LEASE_MINUTES = 3;
const AT_MOST = 5;

interface Case {
	mapping: string;
	name: string;
	/** Its table in CRM, and what goes with it there. */
	remove(household: Household, ids: { crmId: string }): void;
}

const CASES: Record<string, Case> = {
	'an account with its contacts': {
		mapping: 'CUSTOMER',
		name: 'Adatum',
		remove: ({ world }, { crmId }) => void world.sandbox.crm.remove('account', crmId),
	},
	'a price list with its prices': {
		mapping: 'PLHEADER-PRICE',
		name: 'S1',
		remove: ({ world: { sandbox } }, { crmId }) => {
			for (const row of sandbox.crm.rows('productpricelevel'))
				if (row['pricelevelid'] === crmId) sandbox.crm.remove('productpricelevel', String(row['productpricelevelid']));
			sandbox.crm.remove('pricelevel', crmId);
		},
	},
};

interface Lost {
	household: Household;
	ids: { bcId: string; crmId: string };
	/** Both systems before the deletion. */
	picture: string[];
}

/** Something was deleted in CRM, and a run has told it. */
async function lose({ mapping, name, remove }: Case): Promise<Lost> {
	const household = await openHousehold();
	furnish(household);
	for (let round = 0; round < 2; round++) {
		await household.everything();
		household.world.minutes(30);
	}
	const picture = household.picture();
	const ids = (await household.couplings(mapping)).find(({ bcName, bcNumber }) => bcName === name || bcNumber === name)!;
	remove(household, ids);
	household.world.minutes(30);
	await household.runs();
	household.world.minutes(30);
	return { household, ids, picture };
}

const restore = ({ household, ids }: Lost, mapping: string, options?: SessionOptions) =>
	household.use((session) => restoreRecords(session, { mapping, side: 'businessCentral', ids: [ids.bcId] }), options);

/** The steps of an undisturbed restore that change something, one of each kind, by number. */
async function changingSteps(kind: Case): Promise<number[]> {
	const lost = await lose(kind);
	const death = dieAt(Number.MAX_SAFE_INTEGER, 'before');
	await restore(lost, kind.mapping, death.options);
	await lost.household.world.close();
	const seen = new Set<string>();
	const steps = death
		.walked()
		.flatMap(({ writes, kind: what }, index) => (!writes || /Lease/.test(what) || seen.has(what) ? [] : (seen.add(what), [index + 1])));
	// Each costs two worlds' work: what comes first and last, and some in between.
	return steps.filter((_, index) => index % Math.ceil(steps.length / AT_MOST) === 0 || index === steps.length - 1);
}

/** Killed after each of them: the record was restored then, or is told; and where it was restored, what belongs to it comes back with runs alone. */
test.each(Object.keys(CASES))(
	'%s, whose restore is killed anywhere: what went with it comes back, or everything is told',
	async (name) => {
		const kind = CASES[name]!;
		const steps = await changingSteps(kind);
		expect(steps.length).toBeGreaterThan(3);
		let cameBack = 0;
		for (const step of steps) {
			const lost = await lose(kind);
			const { household } = lost;
			const death = dieAt(step, 'after');
			await Promise.race([restore(lost, kind.mapping, death.options), death.happened]).catch((error: unknown) => {
				if (!(error instanceof Killed)) throw error;
			});
			for (let round = 0; round < 3; round++) {
				household.world.minutes(LEASE_MINUTES + 30);
				await household.runs();
			}
			const told = await household.log();
			const at = `after step ${step}`;
			const owner = told.some((line) => line.startsWith(`${kind.mapping} toCrm PARTNER_DELETED`));
			if (!owner) {
				cameBack++;
				expect([at, told]).toEqual([at, []]);
				expect([at, household.picture()]).toEqual([at, lost.picture]);
			}
			await household.world.close();
		}
		expect(cameBack).toBeGreaterThan(0);
	},
	300_000,
);
