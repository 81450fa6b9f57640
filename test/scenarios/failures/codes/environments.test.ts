import { walkAll } from './kit';
import { environmentWalks } from './environments';

walkAll(environmentWalks);
