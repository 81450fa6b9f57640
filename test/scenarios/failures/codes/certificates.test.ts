import { certificateWalks, close, open } from './certificates';
import { walkAll } from './kit';

beforeAll(open);
afterAll(close);
walkAll(certificateWalks);
