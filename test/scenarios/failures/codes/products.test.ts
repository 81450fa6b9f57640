import { walkAll } from './kit';
import { productWalks } from './products';

walkAll(productWalks);
