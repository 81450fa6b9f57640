import { walkAll } from './kit';
import { optionWalks } from './options';

walkAll(optionWalks);
