import type { Checks } from '../checks';

export type Topic = (checks: Checks) => Promise<void>;

const given = process.argv.slice(2);

/** Those named on the command line; all when none is. */
export function chosenTopics(topics: Readonly<Record<string, Topic>>): Array<[name: string, topic: Topic]> {
	const names = given.filter((word, index) => !word.startsWith('--') && given[index - 1] !== '--seed');
	const unknown = names.filter((name) => !(name in topics));
	if (unknown.length > 0) throw new Error(`There is no topic ${unknown.join(', ')}; there are ${Object.keys(topics).join(', ')}.`);
	return Object.entries(topics).filter(([name]) => names.length === 0 || names.includes(name));
}

/** Of this run; to be printed by whatever uses it. */
export function seed(): number {
	const index = given.indexOf('--seed');
	return index < 0 ? Math.floor(Math.random() * 2 ** 31) : Number(given[index + 1]);
}
