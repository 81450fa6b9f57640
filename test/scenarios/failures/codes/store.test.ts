import { walkAll } from './kit';
import { close, open, storeWalks } from './store';

beforeAll(open);
afterAll(close);
walkAll(storeWalks);
