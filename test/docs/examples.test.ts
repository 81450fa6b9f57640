import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { docsFolder } from './generate/sections';
import { makeExamples, type Examples } from './examples';

interface Shown {
	page: string;
	name: string;
	json: unknown;
}

const shown: Shown[] = readdirSync(docsFolder, { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.md'))
	.flatMap((page) =>
		[...readFileSync(join(docsFolder, page), 'utf8').matchAll(/<!-- example: ([\w-]+) -->\s*```json\n([\s\S]*?)```/g)].map(
			([, name = '', json = '']) => ({ page, name, json: JSON.parse(json) as unknown }),
		),
	);

/** Names of the fields, with those of the objects and of the first entries inside. */
function fields(value: unknown, path = ''): string[] {
	if (Array.isArray(value)) return value.length === 0 ? [] : fields(value[0], `${path}[]`);
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) => [`${path}.${name}`, ...fields(inner, `${path}.${name}`)]);
}

let examples: Examples;
beforeAll(async () => {
	examples = await makeExamples();
});

test('there is an example for every item that is made, and the other way round', () => {
	expect([...new Set(shown.map(({ name }) => name))].sort()).toEqual([...examples.keys()].sort());
});

test.each(shown.map(({ page, name, json }) => [page, name, json] as const))('docs/%s: the item "%s" has the fields the nodes send', (_, name, json) => {
	expect(fields(json).sort()).toEqual(fields(examples.get(name)).sort());
});

test.each(shown.map(({ page, name, json }) => [page, name, json] as const))('docs/%s: the item "%s" says what the nodes say', (_, name, json) => {
	const words = (value: unknown): unknown =>
		JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
			['jobId', 'jobIds', 'toJobId', 'fromJobId', 'id', 'url', 'startedAt', 'finishedAt', 'lastSyncedAt', 'since', 'failedAt', 'at', 'before', 'requests', 'bytes', 'takenAt', 'shape'].includes(key) ? undefined : inner,
		);
	expect(words(json)).toEqual(words(examples.get(name)));
});
