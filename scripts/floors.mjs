/** The order of the engine's rooms (engine/floors.json), as the lint rule, the test of the house and engine/README.md need it. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** @typedef {{ room: string, floor: number, holds: string }} Room */

/** @type {readonly Room[]} From the ground up. */
export const rooms = JSON.parse(readFileSync(join(root, 'engine', 'floors.json'), 'utf8')).rooms;

/** The room a file of the engine stands in, by its path below `engine/`; undefined for the door, `index.ts`. */
export const roomOf = (path) =>
	rooms.filter(({ room }) => path.startsWith(`${room}/`)).sort((one, other) => other.room.length - one.room.length)[0];

/** Zones of `import-x/no-restricted-paths`: what no file of a room may import. */
export const floorZones = rooms.map(({ room, floor }) => ({
	target: `./engine/${room}`,
	from: [
		'./engine/index.ts',
		...rooms.filter((other) => other.room !== room && other.floor >= floor).map((other) => `./engine/${other.room}`),
	],
	message: `Imports of the engine go down: ${room} stands on floor ${floor} (engine/floors.json).`,
}));

/** The table of engine/README.md, top floor first. */
export function floorTable() {
	const floors = [...new Set(rooms.map(({ floor }) => floor))].sort((one, other) => other - one);
	const lines = floors.flatMap((floor) =>
		rooms.filter((each) => each.floor === floor).map(({ room, holds }) => `| ${floor} | \`${room}/\` | ${holds} |`),
	);
	return [
		'| Floor | Room | What it holds |',
		'|---|---|---|',
		'| door | `index.ts` | All that nodes, tests and scripts may use. |',
		...lines,
	].join('\n');
}
