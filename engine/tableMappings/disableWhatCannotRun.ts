import { loadMappings } from '../defaults/catalog';
import type { Finding, FindingArea } from '../model/finding';
import type { SyncSession } from '../ports/session';
import { store } from './persist';

/** What keeps a mapping from running; the others concern the connection as a whole. */
const OF_MAPPINGS: ReadonlySet<FindingArea> = new Set(['privilege', 'page', 'solution', 'column', 'choice']);

/**
 * Disables the mappings that an error of the set-up check keeps from running, and says so, one finding each; a preview only says it. Errors that concern
 * the connection as a whole, such as a sign-in, disable nothing: with them nothing could run. Nothing is compared with metadata: what is missing is the
 * reason. They are enabled again by hand.
 */
export async function disableWhatCannotRun(
	session: SyncSession,
	findings: readonly Finding[],
	{ preview }: { preview: boolean },
): Promise<Finding[]> {
	const mappings = (await loadMappings(session)).filter(({ enabled }) => enabled);
	const errors = findings.filter(({ severity, area }) => severity === 'error' && OF_MAPPINGS.has(area));
	const told: Finding[] = [];
	for (const mapping of mappings) {
		const reasons = errors.filter(({ neededBy }) => neededBy.some((each) => each === mapping.name || each.startsWith(`${mapping.name} (`)));
		if (reasons.length === 0) continue;
		if (!preview) await store(session, { ...mapping, enabled: false });
		const dependents = mappings.filter(({ dependsOn }) => dependsOn.includes(mapping.name)).map(({ name }) => name);
		const waiting = dependents.length === 0 ? '' : ` Records of ${dependents.join(', ')} that refer to its records fail or wait.`;
		told.push({
			severity: 'info',
			area: 'mapping',
			system: 'n8n',
			subject: mapping.name,
			neededBy: dependents,
			message: `${mapping.name} ${preview ? 'would be' : 'was'} disabled, because of: ${reasons.map(({ subject }) => subject).join(', ')}.${waiting}`,
			remedy: 'Once nothing is missing: Table Mappings → Enable or Disable.',
			page: 'nodes/table-mappings.md',
		});
	}
	return told;
}
