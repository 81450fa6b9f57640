export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

/** An edit is on the other side by then, as the documentation promises (milliseconds): looks every minute, and a run. */
export const LOOKING_BOUND_MS = 62 * SECOND;
/** Business Central gathers for 30 seconds, its job queue takes up to 10; then the quiet time, and a run. */
export const TOLD_BOUND_MS = 45 * SECOND;
/** The same where others were told meanwhile: looks are ten seconds apart. */
export const CROWDED_BOUND_MS = TOLD_BOUND_MS + 10 * SECOND;
export const INTERVAL_MS = 30 * MINUTE;
