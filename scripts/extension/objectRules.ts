import type { AlObject } from '../../sandbox/al/object';
import type { AlProblem } from '../../sandbox/al/problem';
import type { AppManifest } from '../../sandbox/businessCentral/extension/project';
import { teller } from './tell';

/** Longest names: of an object, and of a permission set, which is a Code[20]. */
const LONGEST = { page: 30, permissionset: 20 };

/** Numbers and names of all objects: in range, unique, not too long, one object in a file. */
export function checkObjects(objects: readonly AlObject[], { idRanges }: AppManifest, problems: AlProblem[]): void {
	const seen = new Map<string, AlObject>();
	for (const object of objects) {
		const { file, line, type, id, name } = object;
		const tell = teller(problems, file);
		if (!idRanges?.some(({ from, to }) => id >= from && id <= to))
			tell(line, `The number ${id} is in no range of app.json.`, 'Give it a number of "idRanges".');
		if (name.length > LONGEST[type]) tell(line, `The name "${name}" has more than ${LONGEST[type]} characters.`, 'Shorten it.');
		for (const key of [`${type} number ${id}`, `${type} "${name.toLowerCase()}"`]) {
			const other = seen.get(key);
			if (other) tell(line, `${other.file}:${other.line} has the ${key} already.`, 'Give this object another.');
			else seen.set(key, object);
		}
		const above = seen.get(file);
		if (above) tell(line, `The file holds ${above.name} already.`, 'Put each object into a file of its own.');
		else seen.set(file, object);
	}
}
