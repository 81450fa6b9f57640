import type { Call } from './call';

/** The preferences a read honoured, as `Preference-Applied` tells them: page sizes are only for collections, tracking for sets. */
export function preferenceApplied({ prefer, headers }: Call, read: 'row' | 'page' | 'tracked'): Record<string, string> {
	const applied: string[] = [];
	if (prefer.maxPageSize !== null && read !== 'row') applied.push(`odata.maxpagesize=${prefer.maxPageSize}`);
	if (prefer.trackChanges && read === 'tracked') applied.push('odata.track-changes');
	if (prefer.annotations.length) {
		applied.push(/odata\.include-annotations=("[^"]*"|[^,]*)/.exec(headers.prefer ?? '')?.[0] ?? 'odata.include-annotations');
	}
	return applied.length ? { 'preference-applied': applied.join(',') } : {};
}
