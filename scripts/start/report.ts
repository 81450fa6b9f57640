import type { RunReport } from './stage';

const COUNTERS = ['inserted', 'modified', 'unchanged', 'skipped', 'failed', 'coupled', 'uncoupled'] as const;

/** Everything as one JSON document on standard output. */
export function printJson(runs: readonly RunReport[], differences: readonly string[]): void {
	const document = {
		agree: differences.length === 0,
		asExpected: runs.every((run) => run.asExpected),
		differences,
		runs: runs.map(({ title, before, jobs, failed, requests, writes, durationMs, asExpected }) => ({
			title,
			before,
			counters: totals(jobs),
			requests,
			writes,
			durationMs,
			asExpected,
			jobs,
			failed,
		})),
	};
	console.log(JSON.stringify(document, null, 2));
}

/** What each run did, for people. */
export function printTable(runs: readonly RunReport[], differences: readonly string[]): void {
	const heads = ['run', 'created', 'changed', 'unchanged', 'skipped', 'failed', 'requests BC', 'CRM', 'writes BC', 'CRM', 'ms'];
	const rows = runs.map(({ title, jobs, requests, writes, durationMs }) => {
		const sum = totals(jobs);
		const counts = [sum.inserted, sum.modified, sum.unchanged, sum.skipped, sum.failed];
		return [title, ...[...counts, requests.businessCentral, requests.crm, writes.businessCentral, writes.crm, durationMs].map(String)];
	});
	const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
	const line = (cells: readonly string[]): string =>
		cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ');
	console.log(`\n${line(heads)}\n${widths.map((width) => '─'.repeat(width)).join('  ')}`);
	for (const row of rows) console.log(line(row));
	const [failure] = runs.flatMap((run) => run.failed);
	if (failure) {
		console.log('\nAn item of the output "Failed", as a workflow gets it:');
		console.log(JSON.stringify(failure, null, 2));
	}
	console.log(differences.length === 0 ? '\nBoth sides agree on every customer and account.' : '\nThe two sides differ:');
	for (const difference of differences.slice(0, 20)) console.log(`  ${difference}`);
	if (differences.length > 20) console.log(`  … and ${differences.length - 20} more`);
	console.log(
		'\nWhere to look next: `npm run editor` opens n8n with these nodes and the same two systems; `npm run sandbox` starts the systems alone;',
	);
	console.log('README.md takes you to a scheduled workflow of your own; docs/ has a page for each node.');
}

function totals(jobs: RunReport['jobs']): Record<(typeof COUNTERS)[number], number> {
	const sum = (name: string): number => jobs.reduce((total, job) => total + Number(job[name] ?? 0), 0);
	return Object.fromEntries(COUNTERS.map((name) => [name, sum(name)])) as Record<(typeof COUNTERS)[number], number>;
}
