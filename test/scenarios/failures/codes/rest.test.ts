import { walkAll } from './kit';
import { restWalks } from './rest';

walkAll(restWalks);
