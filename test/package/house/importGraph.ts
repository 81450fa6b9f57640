import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** One file naming another, in whatever way: import, export from, `import('…')` as value or as type. Paths are relative to the root. */
export interface ImportArrow {
	from: string;
	to: string;
}

/** Text of a file by its path relative to the root. */
export type Sources = ReadonlyMap<string, string>;

/** What runs install and make beside the sources. */
const NOT_OURS = /(^|\/)(node_modules|\.work|packages)\//;

/** All TypeScript files of the folders, without installed packages. */
export function readSources(root: string, folders: readonly string[]): Map<string, string> {
	const files = folders.flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts') && !NOT_OURS.test(name))
			.map((name) => join(folder, name)),
	);
	return new Map(files.filter((file) => statSync(join(root, file)).isFile()).map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

/** Every arrow between two of the sources; also of imports that only name types. */
export function importArrows(sources: Sources): ImportArrow[] {
	return [...sources].flatMap(([from, text]) =>
		specifiersOf(from, text).flatMap((specifier) => {
			const to = targetOf(sources, from, specifier);
			return to === undefined ? [] : [{ from, to }];
		}),
	);
}

function specifiersOf(file: string, text: string): string[] {
	const specifiers: string[] = [];
	const visit = (node: ts.Node): void => {
		const named =
			ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
				? node.moduleSpecifier
				: ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
					? node.argument.literal
					: ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
						? node.arguments[0]
						: undefined;
		if (named && ts.isStringLiteral(named) && named.text.startsWith('.')) specifiers.push(named.text);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
	return specifiers;
}

function targetOf(sources: Sources, from: string, specifier: string): string | undefined {
	const path = join(dirname(from), specifier);
	return [path, `${path}.ts`, join(path, 'index.ts')].find((candidate) => sources.has(candidate));
}

/** Files that name each other in a loop, each loop sorted. Tarjan's strongly connected components. */
export function circles(sources: Sources): string[][] {
	const next = new Map<string, string[]>([...sources.keys()].map((file) => [file, []]));
	for (const { from, to } of importArrows(sources)) next.get(from)!.push(to);
	const order = new Map<string, number>();
	const low = new Map<string, number>();
	const stack: string[] = [];
	const open = new Set<string>();
	const found: string[][] = [];
	const visit = (file: string): void => {
		order.set(file, order.size);
		low.set(file, order.get(file)!);
		stack.push(file);
		open.add(file);
		for (const other of next.get(file)!) {
			if (!order.has(other)) visit(other);
			if (open.has(other)) low.set(file, Math.min(low.get(file)!, low.get(other)!));
		}
		if (low.get(file) !== order.get(file)) return;
		const loop = stack.splice(stack.indexOf(file));
		for (const each of loop) open.delete(each);
		if (loop.length > 1) found.push(loop.sort());
	};
	for (const file of sources.keys()) if (!order.has(file)) visit(file);
	return found;
}

/** The path without `engine/`, or undefined for a file outside the engine. */
export const insideEngine = (file: string): string | undefined => {
	const path = relative('engine', file);
	return path.startsWith('..') ? undefined : path;
};

export const exists = (root: string, path: string): boolean => existsSync(join(root, path));
