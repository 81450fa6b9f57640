import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');

/** Codes that never reach a user: an answer of the operating system is given this name on its way to an error with a code of its own. */
const INTERNAL = new Set(['LOOKUP_REFUSED']);
const UPPER_SNAKE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;

const sources = ['engine', 'nodes'].flatMap((folder) =>
	readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => join(root, folder, file)),
);

/** What a property `code` or `errorCode` may come to: plain texts, and texts with the prefix of a system in front. */
function codesIn(file: string): string[] {
	const found: string[] = [];
	const collect = (node: ts.Node): void => {
		if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
		else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(collect);
		else if (ts.isBinaryExpression(node)) [node.left, node.right].forEach(collect);
		else if (ts.isTemplateExpression(node)) found.push(...prefixed(node));
	};
	const visit = (node: ts.Node): void => {
		if (ts.isPropertyAssignment(node) && ['code', 'errorCode'].includes(node.name.getText())) collect(node.initializer);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
	// The table of service rules gets its prefixes elsewhere.
	return file.endsWith('serviceRules.ts') ? [] : found.filter((code) => UPPER_SNAKE.test(code) && !INTERNAL.has(code));
}

/** `${prefix}_NAME` stands for BC_NAME and CRM_NAME. */
function prefixed(node: ts.TemplateExpression): string[] {
	const tails: string[] = [];
	const inner = (each: ts.Node): void => {
		if (ts.isStringLiteral(each)) tails.push(each.text);
		ts.forEachChild(each, inner);
	};
	for (const span of node.templateSpans) {
		if (span.literal.text.startsWith('_') && span.literal.text.length > 1) tails.push(span.literal.text.slice(1));
		else inner(span.expression);
	}
	return tails.flatMap((tail) => [`BC_${tail}`, `CRM_${tail}`]);
}

test('every code that the engine and the nodes can give stands on the page of errors', () => {
	const codes = [...new Set(sources.flatMap(codesIn))].sort();
	// A look at the yardstick itself: it must see the plain, the chosen and the prefixed ones.
	expect(codes).toEqual(expect.arrayContaining(['CONFLICT', 'RECORD_AMBIGUOUS', 'RUN_FAILED', 'CRM_ANSWER_LOST', 'BC_WEB_PAGE', 'STORE_TLS']));
	expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});

/** Class of each code whose class is written beside it. */
function classesIn(file: string): Array<[code: string, errorClass: string]> {
	const found: Array<[string, string]> = [];
	const visit = (node: ts.Node): void => {
		if (ts.isObjectLiteralExpression(node)) {
			const text = (name: string): string | undefined => {
				const property = node.properties.find((each) => each.name?.getText() === name);
				return property && ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer) ? property.initializer.text : undefined;
			};
			const [code, errorClass] = [text('code'), text('errorClass')];
			if (code && errorClass) found.push([code, errorClass]);
		}
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
	return file.endsWith('serviceRules.ts') ? [] : found;
}

test('the page of errors gives each code the class that the code has', () => {
	const wrong = sources.flatMap(classesIn).filter(([code, errorClass]) => {
		const row = page.split('\n').find((line) => line.startsWith('| ') && line.split('|')[1]!.includes(`\`${code}\``));
		return !row?.split('|')[2]!.includes(errorClass);
	});
	expect(wrong).toEqual([]);
});

test('the page of errors names no code that does not exist', () => {
	const known = new Set(sources.flatMap(codesIn));
	const handWritten = page.replace(/<!-- generated: [\s\S]*?<!-- end of generated -->/g, '');
	const named = [...handWritten.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`([A-Z0-9_]+)`/g)].map((match) => match[1]!));
	expect(named.length).toBeGreaterThan(60);
	expect(named.filter((code) => !known.has(code))).toEqual([]);
});
