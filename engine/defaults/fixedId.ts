import { createHash } from 'node:crypto';

/**
 * An id for a row of Dataverse made of what the row stands for: the same parts always give the same id, so that creating the row again, after a
 * crash or from another worker, meets the row that is there.
 */
export function fixedId(...parts: readonly string[]): string {
	const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
