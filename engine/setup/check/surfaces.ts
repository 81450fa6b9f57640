import type { Finding } from '../../model/finding';
import type { CompanyMapping } from '../../model/mappingStages';
import { surfacesOfMappings } from '../surfacesOfMappings';
import { type Checked, named, orNull } from './checked';

/** Pages that end with a release of Business Central, and what goes with them. */
export async function checkSurfaces({ session, reachable }: Checked, read: readonly CompanyMapping[]): Promise<Finding[]> {
	if (!reachable.has('businessCentral') || read.length === 0) return [];
	const lines = await orNull(surfacesOfMappings(session, { mappings: read.map(({ name }) => name) }));
	const ending = new Map<string, { release: string; neededBy: string[] }>();
	for (const { mapping, caption, surfaces, ending: captions } of lines ?? []) {
		const whole = captions.includes(caption);
		for (const { names, endsWith } of surfaces) {
			if (endsWith === null) continue;
			for (const name of names) {
				const known = ending.get(name) ?? { release: endsWith, neededBy: [] };
				const lost = named(mapping, whole ? [] : captionsOn(read, mapping, name));
				ending.set(name, { ...known, neededBy: [...new Set([...known.neededBy, lost])] });
			}
		}
	}
	return [...ending].map(([subject, { release, neededBy }]) => ({
		severity: 'info',
		area: 'page',
		system: 'businessCentral',
		subject,
		neededBy,
		message: `The page "${subject}" is in use. With Business Central ${release} pages of Microsoft can no longer be published: ${neededBy.join(', ')} would be lost then.`,
		remedy: `Install the extension that comes with this package before Business Central ${release}; runs change over by themselves.`,
		page: 'extension.md',
	}));
}

/** Captions of the fields that an additional page shows. */
const captionsOn = (mappings: readonly CompanyMapping[], name: string, service: string): string[] =>
	(mappings.find((mapping) => mapping.name === name)?.fields ?? []).flatMap(({ enabled, bcField, caption }) =>
		enabled && bcField?.startsWith(`${service}/`) ? [caption] : [],
	);
