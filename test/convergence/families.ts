import type { ConflictStrategy, DeletionStrategy } from '../../engine/model/tableMapping';
import type { Direction } from '../../engine/model/direction';
import type { Closing } from './closings';
import type { HistoryName } from './histories/history';

/** Settings of the table mapping and of the stage; part of the story. */
export interface Rules {
	conflict: ConflictStrategy;
	deletion: DeletionStrategy;
	direction: Direction;
	/** Runs create partners of uncoupled records. */
	creates: boolean;
	/** Change tracking of accounts is on: runs read what Dataverse noted, deletions included, and by stamps only where a token leads on no more. */
	tracking: boolean;
	store: 'sqlite' | 'postgres';
	/** People enter long texts in many scripts. */
	texts: boolean;
	/** Uncoupled records outside the filters stand by; nobody may touch them. */
	outsiders: boolean;
	/** Numbers of Business Central travel to CRM. */
	numbered?: boolean;
	/** Told by `restoredStory.ts`: which systems are put back to an earlier state. */
	restores?: 'crm' | 'businessCentral' | 'either' | 'both';
	/** Told by `histories/play.ts`: which danger the story is about. */
	history?: HistoryName;
	/** Told by `together/play.ts`: records of all tables, which hang together. */
	together?: true;
	/** Told by `triggered/play.ts`: nobody starts runs but the trigger, which looks, or is told as well. */
	triggered?: { how: 'looking' | 'webhooks' };
	/** Told by `documents/play.ts`: orders and invoices. */
	documents?: true;
	/** What takes the place of CRM may be a copy, with another organization id. */
	copies?: boolean;
}

/** What people do, and what happens, between runs. `act`: something is run; `lull`: nothing happens for longer than what runs read again. */
export type StepKind =
	| 'act'
	| 'edit'
	| 'create'
	| 'twin'
	| 'remove'
	| 'slow'
	| 'wait'
	| 'lull'
	| 'week'
	| 'skew'
	| 'leave'
	| 'enter'
	/** Of a history: what its stories are about. */
	| 'event'
	| StoreStep
	| RestoreStep
	| Closing;

/** A system is backed up; it is put back, and people settle that. */
export type RestoreStep = 'keep' | 'putBack';

/** What becomes of the store: runs go on with another one, with an empty one, with what a backup kept. */
export type StoreStep = 'otherStore' | 'loseStore' | 'backUp' | 'setBack';

export type ActionName =
	| 'sync'
	| 'oneWay'
	| 'selected'
	| 'all'
	| 'fullSync'
	| 'resume'
	| 'restart'
	| 'retryAll'
	| 'retry'
	| 'restore'
	| 'deleteOther'
	| 'withSide'
	| 'findDeleted'
	| 'couple'
	| 'createAndCouple'
	| 'match'
	| 'uncouple'
	| 'uncoupleAll';

/**
 * How something is run: to its end; until the process dies; until it is cancelled; held up in the middle while others work; together with another
 * one; as a preview; with people at work between its requests; with a request that times out and is carried out minutes later.
 */
export type Manner = 'plain' | 'kill' | 'cancel' | 'pause' | 'overlap' | 'preview' | 'busy' | 'late';

export type Weights<Name extends string> = Partial<Record<Name, number>>;

export interface Family {
	name: string;
	/** What the stories are about, for the table of figures. */
	about: string;
	/** What is not given is drawn for each story. */
	rules?: Partial<Rules>;
	steps?: Weights<StepKind>;
	actions?: Weights<ActionName>;
	manners?: Weights<Manner>;
	/** Number of faults during a run: one of these. */
	faults?: readonly number[];
	/** Records at the beginning; default 3. */
	start?: number;
	/** Things that happen in a story; default 24. */
	length?: number;
	/** Told by `npm run convergence` only, and not by every run of the tests. */
	onDemand?: true;
}

const CALM: Weights<Manner> = { plain: 1 };
const BUSY: Weights<Manner> = { plain: 5, kill: 2, cancel: 1, pause: 1, overlap: 1, preview: 1, busy: 2, late: 1 };
const STEPS: Weights<StepKind> = { act: 30, edit: 40, create: 8, slow: 3, wait: 8, lull: 8, skew: 3 };
const WITH_REMOVALS: Weights<StepKind> = { ...STEPS, remove: 8 };
/** `event`: people in Business Central; `wait`: an order is submitted or taken back. */
const DOCUMENTS: Weights<StepKind> = { act: 34, edit: 14, create: 12, event: 28, wait: 6, lull: 6, remove: 6 };
const SYNC: Weights<ActionName> = { sync: 8, oneWay: 2, selected: 1 };
const ANYTHING: Weights<ActionName> = {
	...{ sync: 10, oneWay: 2, selected: 2, all: 1, fullSync: 2, resume: 1, restart: 1, retryAll: 1, retry: 1, restore: 1, deleteOther: 1 },
	...{ withSide: 1, findDeleted: 1, couple: 1, createAndCouple: 1, match: 1, uncouple: 1 },
};

const onlyPlain = (name: string, about: string, more: Omit<Family, 'name' | 'about'> = {}): Family => ({
	...{ name, about, steps: STEPS, actions: SYNC, manners: CALM, faults: [0] },
	...more,
});
const rough = (name: string, about: string, more: Omit<Family, 'name' | 'about'> = {}): Family => ({
	...{ name, about, steps: STEPS, actions: SYNC, manners: BUSY, faults: [0, 0, 1, 1, 2] },
	...more,
});

/** Rows that runs make of accounts are known by the number they get, and their other values are edited freely. */
const ELSEWHERE: Omit<Family, 'name' | 'about'> = {
	rules: { numbered: true, store: 'sqlite' },
	actions: { sync: 8, oneWay: 2, selected: 1, createAndCouple: 1, fullSync: 1 },
	manners: { plain: 5, preview: 1 },
};

const restoring = (name: string, about: string, rules: Partial<Rules>): Family => ({
	...{ name, about, rules: { store: 'sqlite', ...rules }, start: 5 },
	steps: { act: 12, edit: 40, create: 6, wait: 8, lull: 4, keep: 10, putBack: 16 },
});

/** Runs begin by the trigger alone; nothing is deleted, for that is found by intervals of days. */
const triggered = (name: string, about: string, how: 'looking' | 'webhooks', more: Partial<Family> = {}): Family => ({
	...{ name, about, rules: { triggered: { how }, store: 'sqlite', outsiders: false, tracking: false }, start: 4, length: 16 },
	steps: { edit: 40, create: 6, slow: 3, leave: 3, enter: 4, lull: 4, skew: 3 },
	...more,
});
const MISFORTUNE: Partial<Family> = {
	onDemand: true,
	steps: { edit: 40, create: 6, slow: 3, leave: 3, enter: 4, lull: 4, skew: 3, event: 30 },
};

/** The name of the family is that of its danger. */
const historyOf = (name: HistoryName, about: string, more: Partial<Family> = {}): Family => ({
	...{ name, about, rules: { history: name, store: 'sqlite', deletion: 'none' }, start: 5 },
	...{ steps: { act: 20, edit: 36, create: 3, wait: 6, lull: 12, event: 24 } },
	...more,
});

/** Each family is a setting in which stories are told; seeds go round them. */
export const FAMILIES: readonly Family[] = [
	onlyPlain('calm', 'edits on both sides, no misfortune'),
	onlyPlain('calmTexts', 'long texts in many scripts, no misfortune', { rules: { texts: true } }),
	rough('storms', 'three to six faults in every run', { manners: CALM, faults: [3, 4, 5, 6] }),
	rough('kills', 'the process dies at a request or a commit', { manners: { kill: 4, plain: 1 } }),
	rough('cancels', 'runs are cancelled', { manners: { cancel: 4, plain: 1 } }),
	rough('overlaps', 'runs at the same time', { manners: { overlap: 3, plain: 1 } }),
	rough('pauses', 'runs that hang for minutes while others work; leases expire', { manners: { pause: 4, plain: 1 } }),
	rough('lateRequests', 'requests that time out and are carried out later', { manners: { late: 4, plain: 2, kill: 1 } }),
	rough('drift', 'people work between the requests of a run, on small pages', { manners: { busy: 5, plain: 1 }, start: 6 }),
	rough('skew', 'clocks up to five minutes off, edits within seconds', {
		steps: { act: 34, edit: 40, create: 6, slow: 4, wait: 6, skew: 20 },
		manners: { plain: 4, kill: 1, busy: 1 },
	}),
	rough('lateCommits', 'long transactions of Business Central', {
		steps: { act: 32, edit: 24, create: 6, slow: 24, wait: 14 },
		manners: { plain: 4, kill: 1, busy: 1 },
	}),
	rough('lulls', 'changes further apart than what runs read again', {
		steps: { act: 18, edit: 48, create: 4, lull: 30 },
		manners: { plain: 4, cancel: 3, kill: 1, late: 1 },
		faults: [1, 2, 3],
		start: 8,
	}),
	rough('conflictNone', 'no update-conflict strategy', { rules: { conflict: 'none' } }),
	rough('conflictSend', 'Business Central wins conflicts', { rules: { conflict: 'send' } }),
	rough('conflictGet', 'CRM wins conflicts', { rules: { conflict: 'get' } }),
	rough('conflictNewest', 'the newest change wins conflicts', { rules: { conflict: 'newest' } }),
	rough('deletionNone', 'deletions are reported', { rules: { deletion: 'none' }, steps: WITH_REMOVALS }),
	rough('deletionRestore', 'deleted records are created again', { rules: { deletion: 'restore' }, steps: WITH_REMOVALS }),
	rough('deletionUncouple', 'deletions remove the coupling', { rules: { deletion: 'removeCoupling' }, steps: WITH_REMOVALS }),
	rough('deletionFollow', 'deletions delete the partner', { rules: { deletion: 'deleteOther' }, steps: WITH_REMOVALS }),
	rough('tracking', 'changes and deletions as Dataverse notes them, tokens that expire', {
		rules: { tracking: true },
		steps: { ...WITH_REMOVALS, week: 5 },
		manners: { plain: 5, kill: 1 },
	}),
	rough('fullSyncs', 'full synchronizations, resumed and restarted', {
		steps: { ...WITH_REMOVALS, twin: 3 },
		actions: { fullSync: 4, resume: 3, restart: 1, sync: 2 },
	}),
	rough('recoupling', 'people couple, move and uncouple by hand', {
		steps: { ...STEPS, act: 40 },
		actions: { sync: 6, couple: 4, uncouple: 2, uncoupleAll: 0.3, createAndCouple: 2 },
	}),
	rough('matching', 'match-based coupling is what creates; runs only deliver', {
		rules: { creates: false },
		steps: { ...STEPS, twin: 8 },
		actions: { match: 4, sync: 4, uncouple: 2, createAndCouple: 1 },
	}),
	rough('onlyCoupled', 'runs create nothing; people create and couple', {
		rules: { creates: false },
		actions: { sync: 6, createAndCouple: 3, couple: 1, selected: 1, oneWay: 1 },
	}),
	rough('filters', 'records leave the filters and come back', { steps: { ...STEPS, leave: 8, enter: 6 }, rules: { outsiders: true } }),
	rough('texts', 'long texts in many scripts', { rules: { texts: true } }),
	rough('postgres', 'the state in PostgreSQL', { rules: { store: 'postgres' } }),
	rough('helping', 'people retry, restore, delete the other record, choose a side', {
		rules: { conflict: 'none', deletion: 'none' },
		steps: { ...WITH_REMOVALS, act: 40 },
		actions: { sync: 8, retryAll: 1, retry: 2, restore: 3, deleteOther: 2, withSide: 3, findDeleted: 2 },
	}),
	rough('toCrm', 'a mapping from Business Central to CRM only', {
		rules: { direction: 'toCrm' },
		actions: { sync: 8, selected: 1, withSide: 1 },
	}),
	rough('fromCrm', 'a mapping from CRM to Business Central only', { rules: { direction: 'fromCrm' }, actions: { sync: 8, selected: 1 } }),
	rough('previews', 'previews between everything else', {
		manners: { preview: 3, plain: 3, kill: 1 },
		actions: ANYTHING,
		steps: WITH_REMOVALS,
	}),
	rough('allMappings', 'all mappings one after another', { actions: { all: 4, fullSync: 1, resume: 1, sync: 1 }, steps: WITH_REMOVALS }),
	onlyPlain('twoStores', 'two stores work on the same systems in turn', {
		...ELSEWHERE,
		steps: { ...STEPS, act: 40, create: 12, otherStore: 14 },
	}),
	onlyPlain('lostStore', 'the store is lost, and runs go on with an empty one', {
		...ELSEWHERE,
		steps: { ...STEPS, act: 40, create: 12, loseStore: 8 },
	}),
	onlyPlain('olderStore', 'the store is set back to what a backup kept', {
		...ELSEWHERE,
		steps: { ...STEPS, act: 40, create: 12, backUp: 8, setBack: 8 },
	}),
	rough('storesToCrm', 'stores change, are lost and set back in the middle of misfortune, to CRM only', {
		rules: { direction: 'toCrm', store: 'sqlite' },
		steps: { ...STEPS, act: 40, create: 12, otherStore: 6, loseStore: 3, backUp: 5, setBack: 5 },
		actions: { sync: 8, selected: 1, createAndCouple: 1 },
		manners: { plain: 4, kill: 3, cancel: 1, late: 1, busy: 1, preview: 1 },
	}),
	restoring('restoredCrm', 'CRM is put back to an earlier state', { restores: 'crm' }),
	restoring('restoredBc', 'Business Central is put back to an earlier state', { restores: 'businessCentral' }),
	restoring('restoredBoth', 'both are put back, to states of the same time', { restores: 'both' }),
	restoring('copiedOver', 'an older copy takes the place of either system', { restores: 'either', copies: true }),
	onlyPlain('merges', 'accounts are merged into others, coupled ones too', {
		rules: { outsiders: false },
		steps: { ...STEPS, act: 40, create: 6, merge: 5 },
		manners: { plain: 5, preview: 1 },
	}),
	onlyPlain('reimports', 'customers are deleted and entered again under their numbers', {
		steps: { act: 40, edit: 30, wait: 12, create: 6, reimport: 12 },
		manners: { plain: 5, preview: 1 },
	}),
	onlyPlain('twoCompanies', 'accounts are given to another company and come back', {
		rules: { outsiders: true },
		steps: { ...STEPS, act: 40, give: 10 },
		manners: { plain: 5, preview: 1 },
	}),
	onlyPlain('sidesDisagree', 'accounts change hands in the middle of a pass, whichever side it reads', {
		rules: { outsiders: true },
		steps: { act: 40, edit: 40, give: 12, wait: 8 },
		manners: { plain: 3, busy: 4 },
		start: 4,
	}),
	historyOf('mappingEdited', 'fields, directions, rules, filters and strategies of the mapping change in mid-life'),
	historyOf('emptied', 'fields are blanked, also in masses', { start: 14 }),
	historyOf('backAgain', 'values go back to what they were, around crashes'),
	historyOf('longRuns', 'runs longer than what is read again, transactions of an hour, rows with stamps of long ago', { start: 7 }),
	historyOf('clocks', "the services' clocks, and n8n's own, jump ahead and back"),
	historyOf('hiddenColumns', 'column security is switched on and off in mid-life'),
	historyOf('pagesComeAndGo', 'the page with further fields is not published for a while'),
	historyOf('owed', 'values of a template that the page of further fields does not take at once'),
	historyOf('rewriting', 'Business Central makes something else of what it is given'),
	onlyPlain('hiddenCompany', 'the row of the company, or the column with it, is not shown for a while', {
		rules: { outsiders: true },
		steps: { ...STEPS, act: 30, hide: 10 },
	}),
	onlyPlain('otherMissing', 'services miss something that is not the record', {
		steps: { ...STEPS, act: 30, misses: 14, remove: 3 },
	}),
	rough('everything', 'all of it at once', {
		rules: { outsiders: true },
		steps: { ...WITH_REMOVALS, act: 40, leave: 3, enter: 3, twin: 2 },
		actions: ANYTHING,
	}),
	triggered('triggerCalm', 'the trigger starts what changed, and nothing else, in time', 'looking'),
	triggered('triggerTold', 'the trigger is told by webhooks, and starts in time', 'webhooks'),
	triggered('trigger', 'the trigger in the middle of misfortune', 'looking', MISFORTUNE),
	triggered('triggerSignals', 'signals are lost, doubled, forged and late; n8n, its trigger and its runs die', 'webhooks', MISFORTUNE),
	{
		...{ name: 'together', about: 'records of all tables, which hang together', start: 0, length: 9 },
		rules: { together: true, store: 'sqlite', deletion: 'none' },
		steps: { act: 14, edit: 40, create: 10, lull: 4, event: 20, remove: 6 },
	},
	{
		...{ name: 'documents', about: 'orders and invoices, their lines and amounts, no misfortune', start: 2, length: 24 },
		...{ rules: { documents: true, store: 'sqlite' }, steps: DOCUMENTS, manners: { plain: 4, busy: 4, preview: 1 }, faults: [0] },
	},
	{
		...{
			name: 'documentStorms',
			about: 'orders and invoices, faults, dead processes, late requests, runs at the same time',
			start: 3,
			length: 24,
		},
		...{ rules: { documents: true, store: 'sqlite' }, steps: DOCUMENTS, faults: [0, 0, 1, 2, 3] },
		manners: { plain: 3, kill: 4, late: 2, overlap: 1, busy: 2, preview: 1 },
	},
];

export function familyOf(name: string): Family {
	const family = FAMILIES.find((each) => each.name === name);
	if (!family) throw new Error(`There is no family "${name}". Families: ${FAMILIES.map((each) => each.name).join(', ')}.`);
	return family;
}
