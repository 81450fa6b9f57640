export { resetFullSync, restartMapping, resumeFullSync, runFullSync } from './run';
export { reviewFullSync } from './review';
export type { FullSyncOptions, FullSyncRequest, Recommendation, RestartRequest, ResumeRequest, ReviewLine } from './types';
