import { walkAll } from './kit';
import { contactWalks } from './contacts';

walkAll(contactWalks);
