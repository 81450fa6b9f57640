import { webhookWalks, close, open } from './webhooks';
import { walkAll } from './kit';

beforeAll(open);
afterAll(close);
walkAll(webhookWalks);
