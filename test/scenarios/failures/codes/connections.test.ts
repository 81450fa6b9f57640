import { shortenWaits } from '../../../kit/shortWaits';
import { close, connectionWalks, open } from './connections';
import { walkAll } from './kit';

shortenWaits();
beforeAll(open);
afterAll(close);
walkAll(connectionWalks);
