import type { Operation } from '../../shared/operation';
import { checkSetUp } from './checkSetUp';
import { restartMapping } from './restartMapping';
import { resume } from './resume';
import { review } from './review';
import { run } from './run';
import { settleCopied } from './settleCopied';

/** A new operation is one file and one line here, in the order of use. */
export const operations: readonly Operation[] = [checkSetUp, review, run, resume, restartMapping, settleCopied];
