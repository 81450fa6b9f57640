import {
	coupleRecords,
	createAndCouple,
	createMapping,
	matchCouple,
	runFullSync,
	uncouple,
	type MatchCriterion,
	type MatchRequest,
} from '../../../../engine';
import { createSetting, type Setting } from '../../coupling/setting';
import { failedWith, refusedWith, says, type Walks } from './kit';

/** Records that look for a partner by what they hold. */
const mapping = 'CUSTOMER';
const NAME: MatchCriterion = { bcField: 'displayName', crmField: 'name' };

async function on(walk: (setting: Setting) => Promise<void>): Promise<void> {
	const setting = await createSetting();
	try {
		await walk(setting);
	} finally {
		await setting.world.close();
	}
}
const match = async (setting: Setting, request: Partial<MatchRequest> = {}) =>
	(await setting.use((session) => matchCouple(session, { mapping, criteria: [NAME], ...request }))).job;
const couple = (setting: Setting, bcId: string, crmId: string) =>
	setting.use((session) => coupleRecords(session, { mapping, bcId, crmId, initial: 'send' }));
const create = (setting: Setting, ...ids: string[]) =>
	setting.use((session) => createAndCouple(session, { mapping, side: 'businessCentral', ids }));
const agrees = async (setting: Setting, request: Partial<MatchRequest> = {}): Promise<void> => {
	const { job, failed } = await match(setting, request);
	expect([job.status, failed]).toEqual(['finished', []]);
};

export const matchWalks: Walks = {
	NO_MATCH: () =>
		on(async (setting) => {
			const ids = ['C1', 'C2', 'C3'].map((number) => setting.customer(number, { displayName: `Name ${number}` }));
			const other = setting.account('Name one');
			says(failedWith('NO_MATCH', await match(setting)), 'Couple the record by hand', 'Create and Couple', '"Create When No Match"');
			await couple(setting, ids[0]!, other);
			expect((await create(setting, ids[1]!)).failed).toEqual([]);
			await agrees(setting, { createWhenNoMatch: true });
			expect((await setting.couplings()).length).toBe(3);
		}),
	SEVERAL_MATCHES: () =>
		on(async (setting) => {
			const first = setting.customer('C1', { displayName: 'Same' });
			const accounts = [setting.account('Same'), setting.account('Same')];
			says(failedWith('SEVERAL_MATCHES', await match(setting)), 'Couple the right two by hand', 'add a criterion');
			await couple(setting, first, accounts[1]!);
			await agrees(setting);
			expect((await setting.couplings()).map(({ crmId }) => crmId)).toEqual([accounts[1]]);
		}),
	NAMESAKE: () =>
		on(async (setting) => {
			const ids = ['one', 'two'].map((mail, index) =>
				setting.customer(`C${index}`, { displayName: `Same ${mail}`, email: `${mail}@adatum.example` }),
			);
			const accounts = ['one', 'two'].map((mail) => setting.account(`Same ${mail}`, { emailaddress1: `${mail}@other.example` }));
			const full = () =>
				setting.use((session) => runFullSync(session, { mappings: [mapping], afterwards: 'keep', ignoreDependencies: true }));
			says(failedWith('NAMESAKE', await full()), 'couple them by hand', 'Create and Couple');
			await couple(setting, ids[0]!, accounts[0]!);
			expect((await create(setting, ids[1]!)).failed).toEqual([]);
			expect((await setting.couplings()).length).toBe(2);
		}),
	MATCH_TAKEN: () =>
		on(async (setting) => {
			const [first, second] = ['C1', 'C2'].map((number) =>
				setting.customer(number, { displayName: 'Same', email: `${number}@adatum.example` }),
			);
			const account = setting.account('Same');
			await couple(setting, first!, account);
			says(failedWith('MATCH_TAKEN', await match(setting)), 'uncouple the other record first', 'create a partner for this one');
			await setting.use((session) => uncouple(session, { mapping, side: 'businessCentral', ids: [first!] }));
			await couple(setting, second!, account);
			expect((await create(setting, first!)).failed).toEqual([]);
			await agrees(setting);
			expect((await setting.couplings()).length).toBe(2);
		}),
	NO_CRITERIA: () =>
		on(async (setting) => {
			setting.customer('C1', { displayName: 'Adatum' });
			setting.account('Adatum');
			const bare = await setting.use((session) => matchCouple(session, { mapping }));
			says(failedWith('NO_CRITERIA', bare.job), 'Set criteria for this run', 'flag fields of the table mapping for matching');
			await agrees(setting);
			expect((await setting.couplings()).length).toBe(1);
		}),
	CRITERION_UNKNOWN: () =>
		wrongCriterion('CRITERION_UNKNOWN', { bcField: 'displayName', crmField: 'nickname' }, 'Choose the column from the list'),
	CRITERION_NOT_COMPARABLE: () =>
		wrongCriterion('CRITERION_NOT_COMPARABLE', { bcField: 'displayName', crmField: 'revenue' }, 'Choose two columns of the same kind'),
	BC_TABLE_NAME: () =>
		on(async (setting) => {
			const make = (table: string) => () =>
				setting.use((session) =>
					createMapping(session, {
						name: 'MINE',
						businessCentral: { table },
						crm: { table: 'account' },
						direction: 'toCrm',
						fields: [{ bcField: 'displayName', crmField: 'name', direction: 'toCrm' }],
					}),
				);
			says(await refusedWith('BC_TABLE_NAME', make('a/b')), 'publisher/group/version/entitySet');
			await make('customers')();
		}),
};

async function wrongCriterion(code: string, criterion: MatchCriterion, step: string): Promise<void> {
	await on(async (setting) => {
		setting.customer('C1', { displayName: 'Adatum' });
		setting.account('Adatum');
		says(failedWith(code, await match(setting, { criteria: [criterion] })), step);
		await agrees(setting);
		expect((await setting.couplings()).length).toBe(1);
	});
}
