import type { Cursor } from './cursor';
import type { AlReference, AlVariable } from './object';

/** Goes over the parameters, the return value, the variables and the body of a trigger or procedure, and gathers what it asks of `Rec`. */
export function skipRoutine(cursor: Cursor, references: AlReference[]): void {
	while (!cursor.sees('begin')) {
		if (cursor.ended || cursor.sees('}'))
			throw cursor.error('This trigger or procedure has no body.', 'Write begin … end; after its head.');
		cursor.next();
	}
	let depth = 0;
	do {
		if (cursor.sees('begin') || cursor.sees('case')) depth++;
		else if (cursor.sees('end')) depth--;
		else if (cursor.sees('}')) throw cursor.error('The code ends before its end;.', 'Write the missing end;.');
		else if (cursor.sees('rec') && cursor.sees('.', 1)) {
			cursor.next();
			cursor.next();
			const { value, line } = cursor.name('a field or a method');
			const called = cursor.sees('(');
			const member = cursor.takes('::') ? cursor.name('a member').value : null;
			references.push({ name: value, line, called, member });
			continue;
		}
		cursor.next();
	} while (depth > 0);
	cursor.expect(';');
}

/** The variables of a page, as far as the section goes. */
export function readVariables(cursor: Cursor): AlVariable[] {
	const variables: AlVariable[] = [];
	while (cursor.peek(1)?.value === ':' && !cursor.sees('[')) {
		const { value: name, line } = cursor.name('the name of a variable');
		cursor.expect(':');
		const type = cursor.until(';').map(({ kind, value }) => (kind === 'quoted' ? `"${value}"` : value));
		variables.push({ name, line, type: type.join(' ').replace(/ ?([[\]]) ?/g, '$1') });
	}
	return variables;
}
