import { answerTopics } from './answers';
import { clocks } from './clocks';
import { connectionTopics } from './connections';
import type { Topic } from './expectation';
import { dates } from './dates';
import { filters } from './filters';
import { values } from './values';

/** Every case there is, by topic; each is run by the suite beside its table. */
export const topics: Readonly<Record<string, Topic>> = { ...connectionTopics, filters, values, dates, ...answerTopics, clocks };
