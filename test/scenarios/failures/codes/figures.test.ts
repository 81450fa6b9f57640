import { figureWalks } from './figures';
import { walkAll } from './kit';

walkAll(figureWalks);
