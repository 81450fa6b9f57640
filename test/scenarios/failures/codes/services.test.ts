import { walkAll } from './kit';
import { close, open, serviceWalks } from './services';

beforeAll(open);
afterAll(close);
walkAll(serviceWalks);
