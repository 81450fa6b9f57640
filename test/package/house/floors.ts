import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../stagedProject';
import { importArrows, insideEngine, type Sources } from './importGraph';

/** A room of the engine, as engine/floors.json lists it. */
export interface Room {
	room: string;
	floor: number;
	holds: string;
}

export const rooms = (JSON.parse(readFileSync(join(projectRoot, 'engine', 'floors.json'), 'utf8')) as { rooms: Room[] }).rooms;

/** The room a path below `engine/` stands in; undefined for the door. */
export const roomOf = (path: string): Room | undefined =>
	rooms.filter(({ room }) => path.startsWith(`${room}/`)).sort((one, other) => other.room.length - one.room.length)[0];

/** Imports of the engine that run up, or across to another room of the same floor; the door imports all rooms and is imported by none. */
export function importsUp(sources: Sources): string[] {
	return importArrows(sources).flatMap(({ from, to }) => {
		const [one, other] = [insideEngine(from), insideEngine(to)];
		if (one === undefined || other === undefined || one === 'index.ts') return [];
		const [above, below] = [roomOf(one), roomOf(other)];
		const fine = above !== undefined && below !== undefined && (above === below || below.floor < above.floor);
		return fine ? [] : [`${from} -> ${to}`];
	});
}

/** Files of the engine that stand in no room. */
export const roomless = (sources: Sources): string[] =>
	[...sources.keys()].filter((file) => {
		const path = insideEngine(file);
		return path !== undefined && path !== 'index.ts' && roomOf(path) === undefined;
	});
