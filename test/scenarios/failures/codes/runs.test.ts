import { walkAll } from './kit';
import { runWalks } from './runs';

walkAll(runWalks);
