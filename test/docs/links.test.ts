import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '..', '..');
const pages = [
	'README.md',
	'CHANGELOG.md',
	...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.md'))
		.map((file) => join('docs', file)),
];

/** GitHub's name for a heading. */
const anchor = (heading: string): string =>
	heading
		.toLowerCase()
		.replace(/[`*_]/g, '')
		.replace(/[^\p{L}\p{N}\s-]/gu, '')
		.trim()
		.replace(/\s/g, '-');

const anchorsOf = (file: string): string[] =>
	[...readFileSync(file, 'utf8').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchor(heading));

test.each(pages)('the links of %s lead somewhere', (page) => {
	const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
	const broken = links.filter((link) => {
		const [path = '', fragment] = link.split('#');
		const file = path === '' ? join(root, page) : join(root, dirname(page), path);
		// Pictures of the editor are taken by the end-to-end run, so a page may name one before it is there.
		if (path.endsWith('.png') && pictures().includes(relative(join(root, 'docs', 'images'), file))) return false;
		return !existsSync(file) || (fragment !== undefined && !anchorsOf(file).includes(fragment));
	});
	expect(broken).toEqual([]);
});

/** Names that the end-to-end run gives to its pictures. */
function pictures(): string[] {
	const folder = join(root, 'test', 'e2e');
	return readdirSync(folder)
		.filter((file) => file.endsWith('.ts'))
		.flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/(?:picture\(|: )'([\w-]+)'/g)].map(([, name]) => `${name}.png`));
}

/** Pages that findings of the set-up check lead to, as the code names them. */
const named = ['engine/setup/check', 'engine/tableMappings', 'nodes/FullSync/operations'].flatMap((folder) =>
	readdirSync(join(root, folder)).flatMap((file) => [...readFileSync(join(root, folder, file), 'utf8').matchAll(/'([\w/-]+\.md(?:#[\w-]+)?)'/g)].map(([, page = '']) => page)),
);

test.each([...new Set(named)])('docs/%s, which findings lead to, is there', (page) => {
	const [path = '', fragment] = page.split('#');
	const file = join(root, 'docs', path);
	expect(existsSync(file)).toBe(true);
	if (fragment !== undefined) expect(anchorsOf(file)).toContain(fragment);
});
