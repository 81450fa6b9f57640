import type { Operation } from '../../shared/operation';
import { checkSetUp } from './checkSetUp';
import { restartMapping } from './restartMapping';
import { resume } from './resume';
import { review } from './review';
import { run } from './run';
import { settleCopied } from './settleCopied';

/** A new operation is one file and one line here; the first is the default. */
export const operations: readonly Operation[] = [review, checkSetUp, run, resume, restartMapping, settleCopied];
