import {
	coupleRecords,
	createAndCouple,
	deleteOther,
	findForDeleted,
	matchCouple,
	restartMapping,
	restoreRecords,
	resumeFullSync,
	retryAll,
	retryRecords,
	runFullSync,
	synchronizeAll,
	synchronizeMapping,
	synchronizeWithSide,
	uncouple,
} from '../../engine';
import type { SyncSession } from '../../engine/ports/session';
import type { ActionName, Rules } from './families';
import { idOf, keyOf, MARK, type Side, SIDES } from './fields';
import { type Ledger, pairKey } from './ledger';
import type { People } from './people';
import type { Random } from './random';
import { idsOf, keysOf, type Witness } from './witness';
import type { JobResult } from '../../engine/jobs/jobResult';

/** Something to be run, with its parameters. */
export interface Action {
	name: ActionName;
	text: string;
	/** What people decided by starting it: told to the ledger before it begins, even if it comes to nothing. */
	decided?: () => void;
	/** It has ended, and what became of it was looked at. */
	ended?: () => void;
	run(session: SyncSession, preview: boolean): Promise<JobResult[]>;
}

export interface Scene {
	people: People;
	witness: Witness;
	rules: Rules;
}

const mapping = 'CUSTOMER';

/** Chooses the parameters of an action; null when there is nothing it could be done with. */
export function prepare(name: ActionName, scene: Scene, random: Random): Action | null {
	const { people, witness, rules } = scene;
	const { ledger } = people;
	const side = random.pick(SIDES);
	const pageSize = random.pick([1, 2, 1000]);
	// Several pages at a time, where pages are that small.
	const pages = { pageSize, ...(pageSize === 2 ? { partRows: 4 } : {}) };
	const findDeleted = random.chance(0.3) ? { findDeleted: 'now' as const } : {};
	const some = (of: Side): string[] => idsOf(people, of).filter(() => random.chance(0.5));
	const pair = witness.pairs.length > 0 ? random.pick(witness.pairs) : null;
	const part = (coupling: { bcId: string; crmId: string }): void => {
		const [customer] = keysOf(coupling);
		ledger.mayPart.add(pairKey(coupling.bcId, coupling.crmId));
		ledger.allow(ledger.marks.get(customer) ?? '');
	};
	switch (name) {
		case 'sync': {
			const limit = random.chance(0.1) ? { recordLimit: random.between(1, 3) } : {};
			const budget = random.chance(0.1) ? { timeBudgetMs: random.between(0, 3000) } : {};
			const request = { mapping, ...pages, ...findDeleted, ...limit, ...budget };
			return {
				name,
				text: JSON.stringify(request),
				run: (session, preview) => synchronizeMapping(session, { ...request, ...anew(ledger), preview }),
			};
		}
		case 'oneWay': {
			const direction = rules.direction === 'bidirectional' ? random.pick(['toCrm', 'fromCrm'] as const) : rules.direction;
			const request = { mapping, ...pages, direction, ...findDeleted };
			return {
				name,
				text: JSON.stringify(request),
				run: (session, preview) => synchronizeMapping(session, { ...request, ...anew(ledger), preview }),
			};
		}
		case 'selected': {
			const from = rules.direction === 'toCrm' ? 'businessCentral' : rules.direction === 'fromCrm' ? 'crm' : side;
			const request = { mapping, ...pages, selected: { side: from, ids: some(from) } };
			return {
				name,
				text: JSON.stringify(request),
				run: (session, preview) => synchronizeMapping(session, { ...request, ...anew(ledger), preview }),
			};
		}
		case 'all':
			return { name, text: '', run: (session, preview) => synchronizeAll(session, { ...pages, preview, ...findDeleted, ...anew(ledger) }) };
		case 'fullSync': {
			const bothSides = random.pick(['matchFirst', 'createAll'] as const);
			const request = { afterwards: 'keep' as const, bothSides, ...pages, ignoreDependencies: true };
			const mappings = random.chance(0.8) ? { mappings: [mapping] } : {};
			return {
				name,
				text: JSON.stringify({ ...request, ...mappings }),
				run: (session, preview) => runFullSync(session, { ...request, ...mappings, ...anew(ledger), preview }),
			};
		}
		case 'resume':
			return {
				name,
				text: '',
				run: (session, preview) => resumeFullSync(session, { ...pages, preview, ignoreDependencies: true, ...anew(ledger) }),
			};
		case 'restart':
			return {
				name,
				text: '',
				run: (session, preview) => restartMapping(session, { mapping, ...pages, preview, ignoreDependencies: true, ...anew(ledger) }),
			};
		case 'retryAll':
			return { name, text: '', run: async (session, preview) => (await retryAll(session, { mapping, preview }), []) };
		case 'retry': {
			const request = { mapping, side, ids: some(side) };
			return { name, text: '', run: async (session, preview) => (await retryRecords(session, { ...request, preview })).jobs };
		}
		case 'restore': {
			const request = { mapping, side, ids: witness.pairs.map((each) => (side === 'crm' ? each.crmId : each.bcId)) };
			return { name, text: '', run: async (session, preview) => (await restoreRecords(session, { ...request, preview })).jobs };
		}
		case 'deleteOther': {
			const request = { mapping, side, ids: witness.pairs.map((each) => (side === 'crm' ? each.crmId : each.bcId)) };
			return {
				name,
				text: '',
				decided: () => witness.pairs.flatMap(keysOf).forEach((key) => ledger.mayDelete.add(key)),
				run: async (session, preview) => (await deleteOther(session, { ...request, preview })).jobs,
			};
		}
		case 'withSide': {
			const winner = rules.direction === 'toCrm' ? 'businessCentral' : side;
			const request = { mapping, side, winner, ids: some(side) };
			return { name, text: winner, run: async (session, preview) => (await synchronizeWithSide(session, { ...request, preview })).jobs };
		}
		case 'findDeleted':
			return { name, text: '', run: async (session, preview) => [(await findForDeleted(session, { mapping, preview })).job] };
		case 'couple': {
			const [customers, accounts] = [people.rows('businessCentral'), people.rows('crm')];
			if (customers.length === 0 || accounts.length === 0) return null;
			const [customer, account] = [random.pick(customers), random.pick(accounts)];
			const request = {
				...{ mapping, from: side, bcId: idOf('businessCentral', customer), crmId: idOf('crm', account) },
				initial: random.pick(['send', 'get', 'none'] as const),
			};
			return {
				name,
				text: JSON.stringify(request),
				decided: () => {
					const keys = [keyOf('businessCentral', customer), keyOf('crm', account)] as const;
					for (const each of witness.pairs) {
						const same = each.bcId === request.bcId && each.crmId === request.crmId;
						const owner = keysOf(each)[side === 'crm' ? 1 : 0];
						// Whoever is chosen moves away from its partner; the one it is to be coupled with is taken only from records that are gone.
						const free = keys.includes(owner) || ledger.gone.has(owner);
						if (!same && free && keysOf(each).some((key) => keys.includes(key))) part(each);
					}
					ledger.unite(...keys);
					ledger.moving.push(keys[side === 'crm' ? 1 : 0]);
				},
				ended: () => ledger.stopMoving(keyOf(side, side === 'crm' ? account : customer)),
				run: async (session, preview) => {
					const { job } = await coupleRecords(session, { ...request, preview });
					return job ? [job] : [];
				},
			};
		}
		case 'createAndCouple': {
			const outside = [...ledger.outsiders.keys()].flatMap((key) => (key.startsWith(side) ? [key.split(' ')[1]!] : []));
			const request = { mapping, side, ids: [...some(side), ...outside] };
			return {
				name,
				text: JSON.stringify(request),
				run: async (session, preview) => [await createAndCouple(session, { ...request, preview })],
			};
		}
		case 'match': {
			const after = random.pick(['no', 'send', 'get', 'byStrategy'] as const);
			const request = {
				...{ mapping, side, synchronizeAfterwards: after, createWhenNoMatch: random.chance(0.6) },
				criteria: [{ bcField: MARK.bc, crmField: MARK.crm, priority: 0, caseSensitive: true }],
			};
			return {
				name,
				text: JSON.stringify({ side, after, create: request.createWhenNoMatch }),
				run: async (session, preview) => {
					const { job, followUps } = await matchCouple(session, { ...request, preview });
					return [job, ...followUps];
				},
			};
		}
		case 'uncouple': {
			if (!pair) return null;
			const ids = [side === 'crm' ? pair.crmId : pair.bcId];
			return {
				name,
				text: pair.bcName,
				decided: () => part(pair),
				run: (session, preview) => uncouple(session, { mapping, side, ids, preview }),
			};
		}
		case 'uncoupleAll':
			return {
				name,
				text: '',
				decided: () => {
					ledger.beginsAnew = true;
					witness.pairs.forEach(part);
				},
				run: (session, preview) => uncouple(session, { mapping, side, preview }),
			};
	}
}

/** After all couples of a mapping were parted by hand, people say that every record is to get a partner anew. */
export const anew = ({ beginsAnew }: Ledger): { nothingCoupled?: 'isNew' } => (beginsAnew ? { nothingCoupled: 'isNew' } : {});
