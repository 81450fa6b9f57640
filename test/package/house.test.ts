import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsUp, roomless, rooms } from './house/floors';
import { circles, exists, readSources } from './house/importGraph';
import { projectRoot } from './stagedProject';

const HOUSE = ['engine', 'nodes', 'sandbox', 'credentials'];
const sources = readSources(projectRoot, HOUSE);

/** The house with one more file or one more import. */
const withFile = (file: string, text: string): Map<string, string> => new Map(sources).set(file, `${sources.get(file) ?? ''}\n${text}`);

describe('the floors of the engine', () => {
	it('every file stands in a room, and every room has files', () => {
		expect(roomless(sources)).toEqual([]);
		const empty = rooms.filter(({ room }) => ![...sources.keys()].some((file) => file.startsWith(`engine/${room}/`)));
		expect(empty).toEqual([]);
	});

	it('every import goes down or stays in its room, types included', () => {
		expect(importsUp(sources)).toEqual([]);
	});

	it.each([
		['an import of a value', "import { processPage } from '../sync/pass/page';"],
		['an import of a type', "import type { PassContext } from '../sync/contract/passContext';"],
		['a type named in place', "export type Up = import('../sync/contract/passContext').PassContext;"],
		['something handed on', "export { processPage } from '../sync/pass/page';"],
		['an import of the door', "import { synchronizeMapping } from '..';"],
	])('%s that runs up is noticed', (_what, text) => {
		expect(importsUp(withFile('engine/mapping/lastAdded.ts', text))).toHaveLength(1);
	});

	it('an import across to another room of the same floor is noticed', () => {
		expect(importsUp(withFile('engine/store/lastAdded.ts', "import type { Transport } from '../systems/odata/transport';"))).toHaveLength(
			1,
		);
	});

	it('a file outside all rooms is noticed', () => {
		expect(roomless(withFile('engine/lastAdded.ts', ''))).toEqual(['engine/lastAdded.ts']);
	});
});

describe('circles', () => {
	it('there are none among the files of engine, nodes, sandbox and credentials, types included', () => {
		expect(circles(sources)).toEqual([]);
	});

	it.each([
		['values', "import { otherSide } from './side';", "export { sourceSide } from './direction';"],
		['types', "import type { Side } from './side';", "import type { PassDirection } from './direction';"],
		['a type named in place', "import type { Side } from './side';", "export type Loop = import('./direction').Direction;"],
	])('one of %s is noticed', (_what, there, back) => {
		const looped = withFile('engine/model/direction.ts', there);
		looped.set('engine/model/side.ts', `${sources.get('engine/model/side.ts')!}\n${back}`);
		expect(circles(looped)).toEqual([['engine/model/direction.ts', 'engine/model/side.ts']]);
	});
});

describe('engine/README.md', () => {
	const readme = readFileSync(join(projectRoot, 'engine', 'README.md'), 'utf8');

	it('shows the floors as engine/floors.json has them', () => {
		for (const { room, floor, holds } of rooms) expect(readme).toContain(`| ${floor} | \`${room}/\` | ${holds} |`);
	});

	it('names only files and folders that exist', () => {
		const named = [...readme.matchAll(/`((?:engine|nodes|test|docs|scripts|sandbox)\/[\w./*-]+)`/g)].map(([, path]) => path!);
		expect(named.length).toBeGreaterThan(20);
		expect(named.filter((path) => !exists(projectRoot, path.replace(/\/\*.*$/, '')))).toEqual([]);
	});
});
