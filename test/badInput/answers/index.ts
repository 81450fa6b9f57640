import { batches } from './batches';
import { bodies } from './bodies';
import { pages } from './pages';
import { redirects } from './redirects';
import { schema } from './schema';
import { statuses } from './statuses';

/** Everything a service may answer. */
export const answerTopics = { redirects, bodies, statuses, pages, batches, schema };
