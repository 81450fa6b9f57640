import { walkAll } from './kit';
import { matchWalks } from './matching';

walkAll(matchWalks);
