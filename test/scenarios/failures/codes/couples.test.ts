import { walkAll } from './kit';
import { coupleWalks } from './couples';

walkAll(coupleWalks);
