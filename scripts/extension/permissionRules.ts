import { type AlObject, isTrue, propertyName, propertyText } from '../../sandbox/al/object';
import type { AlProblem } from '../../sandbox/al/problem';
import type { Token } from '../../sandbox/al/tokens';
import { teller, type Tell } from './tell';

interface Entry {
	kind: string;
	name: string;
	rights: string;
	line: number;
}

const keyOf = (kind: string, name: string): string => `${kind} ${name}`.toLowerCase();

/** The permission sets give every page, and exactly the rights to tables that the pages use. */
export function checkPermissions(objects: readonly AlObject[], problems: AlProblem[]): void {
	const pages = objects.filter(({ type }) => type === 'page');
	const sets = objects.filter(({ type }) => type === 'permissionset');
	if (sets.length !== 1) {
		const { file = 'src', line = 1 } = sets[1] ?? {};
		teller(problems, file)(
			line,
			`There are ${sets.length} permission sets.`,
			'Keep exactly one, which holds everything a user of the API needs.',
		);
		return;
	}
	const [set] = sets as [AlObject];
	const tell = teller(problems, set.file);
	if (!isTrue(set.properties, 'Assignable', true)) tell(set.line, 'Nobody can be given the permission set.', 'Write Assignable = true;');
	const property = set.properties.get('permissions');
	if (!property) return tell(set.line, 'Permissions is missing.', 'Write Permissions = …;');
	const entries = new Map<string, Entry>();
	for (const entry of entriesOf(property.value, tell)) {
		const key = keyOf(entry.kind, entry.name);
		if (entries.has(key)) tell(entry.line, `${entry.kind} "${entry.name}" is named twice.`, 'Take one of them away.');
		entries.set(key, entry);
	}
	const needed = neededBy(pages);
	for (const { kind, name, rights, line } of entries.values()) {
		const right = needed.get(keyOf(kind, name))?.rights;
		if (right === undefined) tell(line, `No page needs ${kind} "${name}".`, 'Take it away.');
		else if (right !== rights)
			tell(line, `${kind} "${name}" has the rights ${rights}, and the pages need ${right}.`, `Write ${kind} "${name}" = ${right}`);
	}
	for (const { kind, name, rights, line } of needed.values())
		if (!entries.has(keyOf(kind, name)))
			tell(set.line, `${kind} "${name}" is missing (line ${line} of its page).`, `Add ${kind} "${name}" = ${rights}`);
}

function neededBy(pages: readonly AlObject[]): Map<string, Entry> {
	const needed = new Map<string, Entry>();
	for (const page of pages) {
		needed.set(keyOf('page', page.name), { kind: 'page', name: page.name, rights: 'X', line: page.line });
		const name = propertyName(page.properties, 'SourceTable') ?? propertyText(page.properties, 'SourceTable') ?? '';
		const key = keyOf('tabledata', name);
		const allowed = (what: string) => isTrue(page.properties, `${what}Allowed`, true);
		const before = needed.get(key)?.rights ?? '';
		const rights = ['R', ...(allowed('Insert') ? ['I'] : []), ...(allowed('Modify') ? ['M'] : []), ...(allowed('Delete') ? ['D'] : [])];
		const all = 'RIMD'.split('').filter((right) => rights.includes(right) || before.includes(right));
		needed.set(key, { kind: 'tabledata', name, rights: all.join(''), line: page.line });
	}
	return needed;
}

/** `page "Name" = X, tabledata Name = RIMD` */
function entriesOf(tokens: readonly Token[], tell: Tell): Entry[] {
	const entries: Entry[] = [];
	for (let at = 0; at < tokens.length; at += 5) {
		const [kind, name, equals, rights, comma] = tokens.slice(at, at + 5);
		const last = at + 4 >= tokens.length;
		if (!kind || !name || equals?.value !== '=' || !rights || (!last && comma?.value !== ',')) {
			tell(
				kind?.line ?? 1,
				`This entry is not understood at ${kind?.value ?? 'its end'}.`,
				'Write page "Name" = X or tabledata "Name" = RIMD, with commas between.',
			);
			break;
		}
		entries.push({ kind: kind.value.toLowerCase(), name: name.value, rights: rights.value.toUpperCase(), line: kind.line });
	}
	return entries;
}
