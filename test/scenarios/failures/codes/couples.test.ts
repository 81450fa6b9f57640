import { coupleWalks } from './couples';
import { walkAll } from './kit';

walkAll(coupleWalks);
