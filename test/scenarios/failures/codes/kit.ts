import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INode } from 'n8n-workflow';
import type { JobResult } from '../../../../engine/jobs/jobResult';
import { failedJson } from '../../../../nodes/shared/items';
import { toNodeError } from '../../../../nodes/shared/errors';
import { expectNamesOfNodes } from './names';

/**
 * The walk over the codes of `docs/errors.md`: each case provokes its code at a border, takes the remedy as a person sees it, follows it by what it names,
 * and sees the record delivered, or the run succeed. What the remedy calls by a name of a node must be there in the editor.
 */
export type Walk = () => Promise<void>;
export type Walks = Readonly<Record<string, Walk>>;

export const walkAll = (walks: Walks): void => test.each(Object.entries(walks))('%s', (_code, walk) => walk());

/** A failure as a person sees it: in an item of the output *Failed* (which the log repeats), or as the error of a node. */
export interface Seen {
	message: string;
	hint: string;
	item?: IDataObject;
}

/** The only record that failed with the code, as the output *Failed* shows it. */
export function failedWith(code: string, results: JobResult | readonly JobResult[], at = 0): Seen {
	const all = ([] as JobResult[]).concat(results);
	const failed = all.flatMap((result) => result.failed);
	expect(failed.map(({ errorCode }) => errorCode)).toContain(code);
	const item = failedJson(failed.filter(({ errorCode }) => errorCode === code)[at]!);
	return checked({ message: String(item['message']), hint: String(item['hint']), item });
}

/** What ends a node with the code, as n8n shows it: the message, and the remedy in its description. */
export async function refusedWith(code: string, work: Promise<unknown> | (() => Promise<unknown>)): Promise<Seen> {
	const error = await (typeof work === 'function' ? work() : work).then(
		() => new Error('It was not refused.'),
		(thrown: unknown) => thrown as Error,
	);
	return errorWith(code, error);
}

/** As `refusedWith`, of an error that is at hand, for instance that of a record which an action refused. */
export function errorWith(code: string, error: Error | undefined): Seen {
	expect(error && { ...error, message: error.message }).toMatchObject({ code });
	const shown = toNodeError(NODE, error);
	return checked({ message: shown.message, hint: String(shown.description) });
}

const NODE: INode = { id: 'node', name: 'Node', type: 'node', typeVersion: 1, position: [0, 0], parameters: {} };

const INSTRUCTS =
	/\b(nothing (needs )?to (be done|do)|nothing was lost|(tried|written?|reads?|tries|writes) (again|once more)|run it again|next run|check|choose|correct|create|enter|give|couple|uncouple|open|map|change|set|add|remove|delete|use|activate|go back|keep|move|rename|raise|close|put|make|bring|synchronize|restore|enable|disable|let|shorten|attach|decide|find out|say|divide|free|stop|name|grant|import|update|export|publish|start|try|retry|point|confirm|call|ask|allow|see)\b/i;

function checked(seen: Seen): Seen {
	expect(seen.message).not.toBe('');
	// A remedy tells somebody to do something, or that there is nothing to do.
	expect(seen.hint).toMatch(INSTRUCTS);
	expectNamesOfNodes(seen.hint);
	return seen;
}

/** The remedy says so: these are the steps that the walk takes next. */
export function says({ hint }: Seen, ...steps: readonly string[]): void {
	for (const step of steps) expect(hint).toContain(step);
}

const PAGE = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'errors.md'), 'utf8');

/** Codes of the page that are errors; what the log tells besides stands below the last heading. */
export function codesOfPage(): string[] {
	const errors = PAGE.slice(0, PAGE.indexOf('## Entries of the log that are no errors'));
	const cells = [...errors.matchAll(/^\| (`[^|]+`) \|/gm)].map(([, cell = '']) => cell);
	return [...new Set(cells.flatMap((cell) => [...cell.matchAll(/`([A-Z0-9_]+)`/g)].map(([, code = '']) => code)))];
}
