import { BC_RIGHTS, CRM_RIGHTS, type NeededRight } from '../../../engine/model/access';
import { EVERY_CONNECTION, neededRights } from '../../../engine/setup/access/neededRights';
import { defaultMappings } from '../../../engine/defaults/catalog';
import { STANDARD_PAGES } from '../../../engine/systems/businessCentral/standardPages';
import { tableDataOf } from '../../../engine/model/tableData';
import { usualPrivilegeName } from '../../../engine/systems/dataverse/privilegeNames';
import { setups } from '../masterMappings/compare';
import { code, table } from './markdown';
import type { Sections } from './sections';

/** Rights of all default mappings, in whatever set-up they are active, each once. */
export function rightsOfDefaults(): NeededRight[] {
	const found = new Map<string, NeededRight>();
	for (const right of setups.flatMap((setup) => neededRights(defaultMappings(setup), setup))) {
		const key = [right.side, right.table, right.right].join(' ');
		const known = found.get(key);
		found.set(key, known ? { ...known, neededBy: [...new Set([...known.neededBy, ...right.neededBy])], sets: [...new Set([...known.sets, ...right.sets])] } : right); // prettier-ignore
	}
	return [...found.values()];
}

/** Least privileges: a row for each table, with who needs it. */
export function rightSections(): Sections {
	const rights = rightsOfDefaults();
	return { 'least-permissions': permissions(rights), 'least-privileges': privileges(rights), 'pages-to-publish': pages() };
}

const users = (rights: readonly NeededRight[]): string =>
	[...new Set(rights.flatMap(({ neededBy }) => neededBy))].map((name) => (name === EVERY_CONNECTION ? 'every connection' : code(name))).join(', '); // prettier-ignore

function grouped(rights: readonly NeededRight[]): Array<[string, NeededRight[]]> {
	const tables = new Map<string, NeededRight[]>();
	for (const right of rights) tables.set(right.table ?? '', [...(tables.get(right.table ?? '') ?? []), right]);
	return [...tables].sort(([one], [other]) => one.localeCompare(other));
}

const usersOf = (rights: readonly NeededRight[], names: readonly string[]): string => users(rights.filter(({ right }) => names.includes(right))) || '–';

const permissions = (rights: readonly NeededRight[]): string =>
	table(
		['Table', 'No.', ...BC_RIGHTS.filter((right) => right !== 'Delete'), 'Read by', 'Written by'],
		grouped(rights.filter(({ side }) => side === 'businessCentral')).map(([name, each]) => [
			name,
			String(each[0]!.number ?? ''),
			...BC_RIGHTS.filter((right) => right !== 'Delete').map((right) => (each.some((one) => one.right === right) ? 'yes' : '–')),
			usersOf(each, ['Read']),
			usersOf(each, ['Insert', 'Modify']),
		]),
	);

const privileges = (rights: readonly NeededRight[]): string =>
	table(
		['Table', 'Privileges', 'Needed by'],
		grouped(rights.filter(({ side }) => side === 'crm')).map(([name, each]) =>
			name === ''
				? ['– (of no table)', each.map(({ right }) => code(right)).join(', '), users(each)]
				: [
						code(name),
						`${CRM_RIGHTS.filter((right) => each.some((one) => one.right === right)).join(', ')} (${code(usualPrivilegeName(name, 'Read').replace('prvRead', 'prv…'))})`,
						users(each),
					],
		),
	);

/** Pages that default mappings read where the extension is not installed, with the mappings that do. */
export function publishedPages(): Map<string, Set<string>> {
	const services = new Map<string, Set<string>>();
	const add = (service: string, mapping: string): void => void services.set(service, (services.get(service) ?? new Set()).add(mapping));
	for (const { name, bc } of setups.flatMap((setup) => defaultMappings(setup))) {
		if (bc.page) [bc.name, ...(bc.page.also ?? []).map(({ service }) => service)].forEach((service) => add(service, name));
		for (const { service } of bc.companions ?? []) add(service, name);
	}
	return services;
}

const pages = (): string =>
	table(
		['Service name', 'Object ID', 'Page', 'Table', 'Mappings'],
		[...publishedPages()].map(([service, names]) => [
			code(service),
			String(STANDARD_PAGES[service]?.page ?? ''),
			STANDARD_PAGES[service]?.caption ?? '',
			tableDataOf(service)?.table ?? '',
			[...names].map(code).join(', '),
		]),
	);
