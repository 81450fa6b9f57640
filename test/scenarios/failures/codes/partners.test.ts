import { walkAll } from './kit';
import { partnerWalks } from './partners';

walkAll(partnerWalks);
