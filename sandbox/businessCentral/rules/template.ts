import type { Draft } from '../write/session';

/** After insert BC applies a matching configuration template for fields that the caller did not set. */
export function applyTemplate(draft: Draft): void {
	for (const [field, value] of Object.entries(draft.session.company.settings.templates[draft.table] ?? {})) {
		if (!draft.sent.has(field) && draft.text(field) === '') draft.set(field, value);
	}
}
