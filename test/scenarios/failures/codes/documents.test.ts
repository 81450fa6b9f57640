import { documentWalks } from './documents';
import { walkAll } from './kit';

walkAll(documentWalks);
