import { walkAll } from './kit';
import { deletionWalks } from './deletions';

walkAll(deletionWalks);
