import { synchronizeMapping } from '../../engine';
import { clearDataverseMetadata } from '../../engine/systems/dataverse';
import { CRM_ROOT } from '../kit/world';
import { FIELDS, idOf, keyOf, MARK, markOf, tokenOf, type Row } from './fields';
import type { People } from './people';
import type { Random } from './random';
import type { Story } from './story';

/** What happens to records so that runs have to keep away from them, or to find them anew. */
export type Closing = 'merge' | 'give' | 'reimport' | 'hide' | 'misses';

const OTHER = '0000000f-0000-4000-8000-00000000000b';

/** Carries one out and tells it. */
export async function close(story: Story, kind: Closing, random: Random): Promise<string> {
	switch (kind) {
		case 'merge':
			return await merge(story, random);
		case 'give':
			return give(story, random);
		case 'reimport':
			// The new record and the row are synchronized for the first time: who wins is a setting, and the log names what gave way.
			story.disturbed = true;
			return reimport(story.people, random);
		case 'hide':
			return await hide(story, random);
		case 'misses':
			return await misses(story, random);
	}
}

/** From now on nobody may touch the row: a run that does breaks a promise. */
function keep({ people }: Story, id: string): void {
	const row = people.tables.rows('crm').find((each) => idOf('crm', each) === id)!;
	people.ledger.outsiders.set(`crm ${id}`, JSON.stringify(row));
}

/** People merge an account into another one, which may be coupled itself. */
async function merge(story: Story, random: Random): Promise<string> {
	const { people, world } = story;
	const rows = people.rows('crm').filter((row) => row['statecode'] === 0);
	if (rows.length === 0) return 'nothing';
	const row = random.pick(rows);
	const others = rows.filter((each) => each !== row);
	const { crm, login } = world.sandbox;
	let master: string;
	if (others.length > 0 && random.chance(0.5)) master = idOf('crm', random.pick(others));
	else {
		master = crm.insert('account', { name: 'survivor', customertypecode: 1, [MARK.crm]: 'outside' });
		people.ledger.marks.set(`crm ${master}`, 'outside');
	}
	const entity = (accountid: string) => ({ accountid, '@odata.type': 'Microsoft.Dynamics.CRM.account' });
	const { status, body } = await world.sandbox.handle({
		method: 'POST',
		url: `${CRM_ROOT}/api/data/v9.2/Merge`,
		headers: { authorization: `Bearer ${login.token('crm')}`, 'content-type': 'application/json' },
		body: JSON.stringify({ Target: entity(master), Subordinate: entity(idOf('crm', row)), PerformParentingChecks: false }),
	});
	if (status !== 204) throw new Error(`${status} ${body}`);
	keep(story, idOf('crm', row));
	if (people.ledger.marks.get(`crm ${master}`) === 'outside') keep(story, master);
	return `${markOf('crm', row)} into ${master}`;
}

/** An account is given to another company, which edits it. */
function give(story: Story, random: Random): string {
	const { people, witness, world } = story;
	// A run that is under way may have read what is not coupled yet, or may be making it: it cannot know.
	const isCoupled = (row: Row): boolean => witness.pairs.some(({ crmId }) => crmId === idOf('crm', row));
	const rows = people.rows('crm').filter((row) => !story.interrupted || isCoupled(row));
	if (rows.length === 0) return 'nothing';
	const row = random.pick(rows);
	const { crm } = world.sandbox;
	if (!crm.row('bcbi_company', OTHER)) crm.seed('bcbi_company', [{ bcbi_companyid: OTHER, bcbi_externalid: OTHER, bcbi_name: 'B' }]);
	const id = idOf('crm', row);
	crm.update('account', id, { bcbi_companyid: { table: 'bcbi_company', id: OTHER } });
	if (random.chance(0.5)) crm.update('account', id, { websiteurl: `https://b${random.between(1, 1e6)}.example` });
	keep(story, id);
	return markOf('crm', row);
}

/** Everything that was given away is ours again; until now nobody here may have written to it. */
export function takeBack({ people, witness, world }: Story): void {
	for (const row of people.tables.rows('crm')) {
		const before = people.ledger.outsiders.get(keyOf('crm', row));
		if (row['bcbi_companyid'] !== OTHER || before === undefined) continue;
		if (JSON.stringify(row) !== before) witness.found.push(`${keyOf('crm', row)}: belongs to another company and was touched`);
		const id = { table: 'bcbi_company', id: world.base.companyRowId };
		world.sandbox.crm.update('account', idOf('crm', row), { bcbi_companyid: id, websiteurl: '' });
		people.ledger.outsiders.delete(keyOf('crm', row));
	}
}

/** A customer is deleted and entered again under its number, with all that it held. */
function reimport(people: People, random: Random): string {
	const { ledger, tables } = people;
	const rows = people.rows('businessCentral');
	if (rows.length === 0) return 'nothing';
	const row = random.pick(rows);
	const mark = markOf('businessCentral', row);
	const values: Record<string, string> = { number: String(row['number']), [MARK.bc]: mark };
	for (const field of FIELDS) if (!field.page) values[field.bc] = tables.value('businessCentral', row, field);
	tables.company.remove('customers', idOf('businessCentral', row));
	ledger.lose(keyOf('businessCentral', row), 'people');
	const fresh: Row = tables.company.insert('customers', values);
	const key = keyOf('businessCentral', fresh);
	ledger.marks.set(key, mark);
	for (const field of FIELDS) {
		const value = tokenOf(tables.value('businessCentral', fresh, field));
		if (value !== '') ledger.enter({ key, side: 'businessCentral', field, value });
	}
	return `${mark} as ${String(row['number'])}`;
}

/** The row of our company, or the column with the company, is not shown for a while: whatever runs then writes nothing. */
async function hide(story: Story, random: Random): Promise<string> {
	const { world, people } = story;
	const { crm } = world.sandbox;
	const { companyRowId, companyId } = world.base;
	const isRow = random.chance(0.5);
	if (isRow) crm.update('bcbi_company', companyRowId, { bcbi_externalid: '0000000f-0000-4000-8000-0000000000cc' });
	else crm.secureColumn('account', 'bcbi_companyid');
	clearDataverseMetadata();
	people.edit(random, random.pick(['businessCentral', 'crm']));
	story.witness.look();
	const before = story.writes();
	await story.use((session) => synchronizeMapping(session, { mapping: 'CUSTOMER', findDeleted: 'now' }));
	story.figures.runs++;
	if (story.writes() !== before)
		story.witness.found.push(`a run wrote ${story.writes() - before} rows while nobody could tell whose rows are whose`);
	if (isRow) crm.update('bcbi_company', companyRowId, { bcbi_externalid: companyId });
	else crm.secureColumn('account', 'bcbi_companyid', false);
	clearDataverseMetadata();
	return isRow ? 'the row of the company' : 'the column with the company';
}

/** Updates are answered as if something were missing that is not the record; the run after that goes well. */
async function misses(story: Story, random: Random): Promise<string> {
	const { world, people } = story;
	const system = random.pick(['businessCentral', 'crm'] as const);
	people.edit(random, system === 'crm' ? 'businessCentral' : 'crm');
	story.witness.look();
	const [code, message] =
		system === 'crm'
			? ['0x80060891', 'A record with the specified key values does not exist in transactioncurrency entity']
			: ['Internal_RecordNotFound', 'The Marketing Setup does not exist.'];
	world.sandbox.faults.add({
		...{ system, method: random.pick(['PATCH', 'DELETE']), url: system === 'crm' ? /\/accounts\(/ : /\/customers\(/, times: 20 },
		fault: { kind: 'answer', status: 404, body: JSON.stringify({ error: { code, message } }) },
	});
	await story.use((session) => synchronizeMapping(session, { mapping: 'CUSTOMER', findDeleted: 'now' }));
	story.figures.runs++;
	story.figures.faults++;
	story.disturbed = true;
	world.sandbox.faults.clear();
	story.witness.look();
	await story.use((session) => story.witness.lookAtCouplings(session));
	world.minutes(1);
	return `${code} in ${system}`;
}
