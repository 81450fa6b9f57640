import { walkAll } from './kit';
import { valueWalks } from './values';

walkAll(valueWalks);
