import { DatabaseSync } from 'node:sqlite';

/** What a state file says when no process has it open. */
export interface Left {
	/** Mappings whose lease somebody has. */
	held: string[];
	running: number;
	intents: number;
	failures: string[];
}

export function lookInto(file: string): Left {
	const database = new DatabaseSync(file, { readOnly: true });
	try {
		const rows = <T>(text: string): T[] => database.prepare(text).all() as T[];
		return {
			held: rows<{ mapping: string }>('select mapping from lease where owner is not null').map(({ mapping }) => mapping),
			running: rows<{ count: number }>(`select count(*) as count from job where status = 'running'`)[0]!.count,
			intents: rows<{ count: number }>('select count(*) as count from intent')[0]!.count,
			failures: rows<{ text: string }>(`select direction || ' ' || error_code as text from failure`).map(({ text }) => text),
		};
	} finally {
		database.close();
	}
}
