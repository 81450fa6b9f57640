import { walkAll } from './kit';
import { settingWalks } from './settings';

walkAll(settingWalks);
