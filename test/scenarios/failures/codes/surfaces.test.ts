import { walkAll } from './kit';
import { surfaceWalks } from './surfaces';

walkAll(surfaceWalks);
