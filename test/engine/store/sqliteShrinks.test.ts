import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../engine/store/openStore';
import { insertion, recordedStatements } from './releases/recording';
import { bcId, CONNECTION, crmId, ManualClock } from './samples';

const FIELDS = Array.from({ length: 20 }, (_, index) => `address1_field_number_${index}`);
const markOf = (row: number, field: number): string => `mark${String(row * 100 + field).padStart(8, '0')}`;
const COUPLES = 3_000;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'sync-shrinks-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file of the release before baselines were packed, with couplings of twenty fields; every seventh has a field more, every eleventh two marks in one. */
function oldFile(): string {
	const file = join(folder, 'state.sqlite');
	const database = new DatabaseSync(file);
	for (const statement of recordedStatements('0017_runs_of_couples', 'sqlite')!) database.exec(statement);
	database.exec('delete from coupling');
	database.exec('begin');
	for (let row = 0; row < COUPLES; row++) {
		const baseline: Record<string, string | [string, string]> = Object.fromEntries(
			FIELDS.map((field, index) => [field, markOf(row, index)]),
		);
		if (row % 7 === 0) baseline['extra'] = '47DEQpj8HBSa';
		if (row % 11 === 0) baseline[FIELDS[3]!] = [`~1${markOf(row, 3)}`, '47DEQpj8HBSa'];
		const values = {
			bc_number: `C${row}`,
			bc_name: `Customer ${row}`,
			crm_name: `Customer ${row}`,
			search: '',
			coupled_at: '2026-03-01T12:00:00.000Z',
		};
		database.exec(
			insertion('"coupling"', {
				...{ connection_key: 1, mapping: 'CUSTOMER', bc_id: bcId(row), crm_id: crmId(row), ...values },
				baseline: JSON.stringify(baseline),
			}),
		);
	}
	database.exec('commit');
	database.close();
	return file;
}

it('a file of an earlier version takes less room once it was opened, and every baseline is what it was', async () => {
	const file = oldFile();
	const before = statSync(file).size;
	const open = () => openSqliteStore({ file, connection: CONNECTION, clock: new ManualClock() });
	const store = await open();
	const ids = Array.from({ length: COUPLES }, (_, row) => bcId(row));
	const found = await store.couplingsOf('CUSTOMER', 'businessCentral', ids);
	expect(found.size).toBe(COUPLES);
	for (let row = 0; row < COUPLES; row++) {
		const expected = Object.fromEntries(FIELDS.map((field, index) => [field, [markOf(row, index), markOf(row, index)]]));
		if (row % 7 === 0) expected['extra'] = ['47DEQpj8HBSa', '47DEQpj8HBSa'];
		if (row % 11 === 0) expected[FIELDS[3]!] = [`~1${markOf(row, 3)}`, '47DEQpj8HBSa'];
		expect(found.get(bcId(row))!.baseline).toEqual(expected);
	}
	await store.commit({ couplings: [{ ...found.get(bcId(0))!, bcName: 'Renamed' }] });
	await store.close();
	expect(statSync(file).size).toBeLessThan(before * 0.7);
	const again = await open();
	expect((await again.couplingsOf('CUSTOMER', 'businessCentral', [bcId(0)])).get(bcId(0))).toMatchObject({
		bcName: 'Renamed',
		baseline: found.get(bcId(0))!.baseline,
	});
	await again.close();
});

it('a file that another process holds open is brought up to date all the same, and stays as large as it is', async () => {
	const file = oldFile();
	const before = statSync(file).size;
	const other = new DatabaseSync(file);
	other.exec('pragma journal_mode = wal');
	other.exec('begin');
	other.prepare('select count(*) from connection').get();
	const store = await openSqliteStore({ file, connection: CONNECTION, clock: new ManualClock() });
	expect((await store.couplingsOf('CUSTOMER', 'businessCentral', [bcId(1)])).get(bcId(1))!.baseline).toHaveProperty(FIELDS[0]!);
	expect(statSync(file).size).toBeGreaterThanOrEqual(before);
	other.exec('rollback');
	other.close();
	await store.close();
});
