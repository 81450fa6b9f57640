import { SyncError } from '../../model/errors';

/** A link that a service gave leads nowhere any more: it is too old, or belongs to another address of the service. */
export const isLinkLost = (error: unknown): boolean =>
	error instanceof SyncError && (/_FOREIGN_NEXT_LINK$/.test(error.code) || [400, 404, 410, 501].includes(error.httpStatus ?? 0));

/** Links that lead in a circle. */
export class EndlessLinks extends Error {}

/**
 * As `isLinkLost`, or the service tells changes to this user no more, or without end. Reading by stamps says what is wrong, where more is.
 */
export const isTrackingLost = (error: unknown): boolean =>
	isLinkLost(error) || error instanceof EndlessLinks || (error instanceof SyncError && error.httpStatus === 403);
