import type { Outcome } from './stage';

export interface Line {
	what: string;
	outcome: Outcome;
	/** Records it was about, for requests per record. */
	records: number;
	/** What the services allow (ms), see `ceilingMs`; absent for work that is not meant to get near it. */
	ceilingMs?: number;
}

/** Bytes as megabytes (2^20). */
export const megabytes = (bytes: number): number => bytes / 2 ** 20;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;

/** The lines as a table in fixed width. */
export function asTable(lines: readonly Line[]): string {
	const heads = [
		'',
		'time',
		'records/s',
		'× ceiling',
		'requests BC',
		'CRM',
		'per record',
		'created',
		'changed',
		'failed',
		'peak memory',
		'longest pause',
		'CPU per record',
	];
	const rows = lines.map(({ what, outcome, records, ceilingMs }) => {
		const requests = outcome.requests.businessCentral + outcome.requests.crm;
		return [
			what,
			seconds(outcome.durationMs),
			Math.round((records * 1000) / outcome.durationMs).toString(),
			ceilingMs === undefined ? '' : (outcome.durationMs / ceilingMs).toFixed(1),
			String(outcome.requests.businessCentral),
			String(outcome.requests.crm),
			(requests / records).toFixed(4),
			String(outcome.inserted),
			String(outcome.modified),
			String(outcome.failed),
			`+${megabytes(outcome.peakRss - outcome.idleRss).toFixed(0)} MB`,
			`${outcome.eventLoopMaxMs.toFixed(0)} ms`,
			`${(outcome.cpuMs / records).toFixed(2)} ms`,
		];
	});
	const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
	const line = (cells: readonly string[]): string =>
		cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ');
	return [line(heads), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
