import { PointSample, type Ending, type Point } from '../kit/points';
import { requestStep, storeStep, type Step } from '../kit/step';

const read = (kind: string): Step => ({ kind, writes: false });
const write = (kind: string): Step => ({ kind, writes: true });
/** Two pages, each read, looked up, written and recorded, after a start. */
const PAGE = [read('page'), read('partners'), write('rows'), write('commit')];
const WALK = [write('lease'), read('set-up'), ...PAGE, ...PAGE, write('release')];

const OFFSETS = Array.from({ length: 24 }, (_, offset) => offset);
const told = ({ step, when }: Point): string => `${when} ${step}`;
const chosen = (ending: Ending, offset: number, walk: readonly Step[] = WALK): string[] =>
	new PointSample(ending, false, offset).of(walk).map(told);

describe('which points of a walk are tried', () => {
	it.each(OFFSETS)('offset %i: a process is killed after each kind of write', (offset) => {
		expect(chosen('killed', offset)).toEqual(expect.arrayContaining(['after 1', 'after 5', 'after 6', 'after 11']));
	});

	it.each(OFFSETS)('offset %i: a process is asked to end after each kind of step', (offset) => {
		expect(chosen('asked', offset)).toEqual(expect.arrayContaining([1, 2, 3, 4, 5, 6, 11].map((step) => `after ${step}`)));
	});

	it.each(['killed', 'asked'] as const)('%s: the offsets together try every point, and all of them is all of them', (ending) => {
		const every = WALK.flatMap((_, index) => [`before ${index + 1}`, `after ${index + 1}`]);
		expect([...new Set(OFFSETS.flatMap((offset) => chosen(ending, offset)))].sort()).toEqual([...every].sort());
		expect(new PointSample(ending, true, 0).of(WALK).map(told)).toEqual(every);
	});

	it('kinds that one walk has met are not tried in the next one again', () => {
		const sample = new PointSample('killed', false, 0);
		expect(sample.of(WALK).length).toBeGreaterThan(4);
		expect(sample.of(WALK).length).toBeLessThanOrEqual(1);
		expect([sample.total, String(sample)]).toEqual([44, expect.stringContaining('CRASH_OFFSET=0')]);
	});

	it('points that do not count are neither tried nor counted', () => {
		const sample = new PointSample('asked', true, 0);
		expect(sample.of(WALK, ({ when }) => when === 'after')).toHaveLength(WALK.length);
		expect(sample.total).toBe(WALK.length);
	});
});

describe('what a step does', () => {
	const request = (method: 'GET' | 'POST' | 'PATCH', url: string, body?: string) =>
		requestStep({ method, url, headers: {}, ...(body === undefined ? {} : { body }) });
	const part = (line: string): string =>
		`--b\r\ncontent-type: application/http\r\n\r\n${line} HTTP/1.1\r\naccept: application/json\r\n\r\n`;

	it.each<[what: string, step: Step, kind: string, writes: boolean]>([
		['a read', request('GET', 'http://crm/api/data/v9.2/accounts?$select=name'), 'GET accounts', false],
		['a read of one', request('GET', 'http://crm/api/data/v9.2/accounts(1)'), 'GET accounts()', false],
		['a write', request('PATCH', 'http://bc/v2.0/s/api/v2.0/companies(1)/customers(2)'), 'PATCH customers()', true],
		[
			'a batch of reads',
			request('POST', 'http://crm/api/data/v9.2/$batch', part('GET /api/data/v9.2/accounts?x=1')),
			'batch of GET accounts',
			false,
		],
		[
			'a batch of writes',
			request('POST', 'http://crm/api/data/v9.2/$batch', part('PATCH /api/data/v9.2/accounts(1)') + part('GET /api/data/v9.2/contacts')),
			'batch of GET contacts, PATCH accounts()',
			true,
		],
		[
			'a batch in JSON',
			request('POST', 'http://bc/v2.0/s/api/v2.0/$batch', '{"requests":[{"id":"1","method":"POST","url":"companies(1)/customers"}]}'),
			'batch of POST customers',
			true,
		],
		['a batch nobody can read', request('POST', 'http://bc/v2.0/s/api/v2.0/$batch', '?'), 'batch of ', true],
		['a commit', storeStep('commit', [{ intents: [1], couplings: [], job: {}, log: undefined }]), 'store commit intents job', true],
		['a lease', storeStep('acquireLease', ['CUSTOMER']), 'store acquireLease', true],
	])('%s', (_what, step, kind, writes) => {
		expect(step).toEqual({ kind, writes });
	});
});
