import type { AlProperty } from './object';
import { AlSyntaxError } from './problem';

/** One condition of a SourceTableView: the field has one of the values. */
export interface AlCondition {
	field: string;
	line: number;
	/** `const`: new rows get the value. */
	constant: boolean;
	values: readonly string[];
}

/**
 * The conditions of `SourceTableView = where(…)`.
 * @throws AlSyntaxError for anything but `where` with `const(A)` and `filter(A | B)`
 */
export function conditionsOf(file: string, { value, line }: AlProperty): AlCondition[] {
	const rest = value.map((token) => ({ ...token, sign: token.kind === 'quoted' ? '' : token.value.toLowerCase() }));
	const conditions: AlCondition[] = [];
	const take = (...expected: string[]): string => {
		const token = rest.shift();
		if (!token || (expected.length > 0 && !expected.includes(token.sign))) {
			throw new AlSyntaxError({
				file,
				line,
				message: `This SourceTableView is not understood${token ? ` at ${token.value}` : ''}.`,
				remedy: 'Write where(Field = const(Value)) or where(Field = filter(One | Other)).',
			});
		}
		return token.value;
	};
	take('where');
	take('(');
	do {
		const field = take();
		take('=');
		const constant = take('const', 'filter').toLowerCase() === 'const';
		take('(');
		const values = [take()];
		while (!constant && rest[0]?.sign === '|') {
			take('|');
			values.push(take());
		}
		take(')');
		conditions.push({ field, line, constant, values });
	} while (take(',', ')') === ',');
	return conditions;
}
