import { Worker } from 'node:worker_threads';
import { loadDriver } from './driver';
import type { Reader, Row } from './reader';

interface Answer {
	rows?: Row[];
	message?: string;
	errcode?: number;
}

/**
 * Looks at a database file from another thread: what takes long there does not stop n8n.
 *
 * The connections only read: when they close they move nothing from the log into the file. They belong to the same SQLite library as
 * the connections of the main thread (`node:sqlite` is part of the program, and looks after its locks for the whole process), so closing
 * them takes no lock away from those.
 *
 * The thread's program is text because the package runs compiled and, in its tests, as TypeScript: a file would have another name in each.
 */
export async function openInOtherThread(file: string): Promise<Reader> {
	await loadDriver();
	// Not the options of the main program, for instance a debugger or a loader; a warning about SQLite has been given there.
	const worker = new Worker(PROGRAM, { eval: true, workerData: file, execArgv: ['--disable-warning=ExperimentalWarning'] });
	const waiting: Array<(answer: Answer) => void> = [];
	let ended: Answer | undefined;
	const end = (message: string): void => {
		ended ??= { message };
		for (const answer of waiting.splice(0)) answer(ended);
	};
	worker.on('message', (answer: Answer) => waiting.shift()?.(answer));
	worker.on('error', (error: Error) => end(error.message));
	const exit = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
	void exit.then(() => end('the thread that reads the file has ended'));
	const ask = async (sql: string, alone: boolean): Promise<Row[]> => {
		const answer = await new Promise<Answer>((resolve) => {
			if (ended) return resolve(ended);
			waiting.push(resolve);
			worker.postMessage({ sql, alone });
		});
		if (answer.rows) return answer.rows;
		throw Object.assign(new Error(answer.message), { errcode: answer.errcode });
	};
	return {
		rows: (sql) => ask(sql, false),
		rowsOfFileAlone: (sql) => ask(sql, true),
		close: async () => {
			worker.postMessage(null);
			await exit;
		},
	};
}

/**
 * Answers come in the order of the questions; null ends it. A lock is waited for up to 15 seconds, as in the main thread. See reader.ts for
 * the rest.
 */
const PROGRAM = `
const { parentPort, workerData: file } = require('node:worker_threads');
const { pathToFileURL } = require('node:url');
const { DatabaseSync } = require('node:sqlite');
const all = (database, sql) => database.prepare(sql).all().map((row) => ({ ...row }));
let database;
function answer({ sql, alone }) {
	if (!alone) return all((database ??= new DatabaseSync(file, { readOnly: true, timeout: 15000 })), sql);
	const url = pathToFileURL(file);
	url.searchParams.set('immutable', '1');
	const other = new DatabaseSync(url, { readOnly: true });
	try { return all(other, sql); } finally { other.close(); }
}
parentPort.on('message', (question) => {
	if (question === null) {
		try { database?.close(); } finally { parentPort.close(); }
		return;
	}
	try {
		parentPort.postMessage({ rows: answer(question) });
	} catch (error) {
		parentPort.postMessage({ message: String(error.message), errcode: error.errcode });
	}
});`;
