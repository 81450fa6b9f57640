import type { Topic } from '../expectation';
import { BATCH, json, type AnswerCase } from './answerCase';

type Response = { id: string; status: number; body?: unknown };
const responses =
	(change: (all: Response[]) => Response[]): AnswerCase['answer'] =>
	(truth) => {
		const batch = JSON.parse(truth.body) as { responses: Response[] };
		return json({ responses: change(batch.responses) });
	};

/** Parts of a multipart answer, delimiters left out. */
const parts =
	(change: (all: string[]) => string[]): AnswerCase['answer'] =>
	(truth) => {
		const boundary = /boundary="?([^";]+)/.exec(truth.headers['content-type'] ?? '')![1]!;
		const all = truth.body.split(`--${boundary}`).slice(1, -1);
		return {
			...truth,
			headers: { 'content-type': truth.headers['content-type']! },
			body: `${change(all)
				.map((part) => `--${boundary}${part}`)
				.join('')}--${boundary}--\r\n`,
		};
	};
const crm = (what: string, answer: AnswerCase['answer'], works: string): AnswerCase => ({
	what,
	system: 'crm',
	request: BATCH,
	answer,
	expect: { works },
});
const once = (each: AnswerCase): AnswerCase => ({ ...each, times: 1 });

/** A service that mixes up the answers to the operations of a batch, while a thousand records are being created. */
export const batches: Topic<AnswerCase> = {
	title: 'Batches of up to a thousand operations',
	cases: [
		crm(
			'answers to a batch in reverse order',
			parts((all) => all.reverse()),
			'each record gets its own answer',
		),
		crm(
			'answers to a batch in random order',
			parts((all) => all.sort((a, b) => (a.length % 7) - (b.length % 7) || a.localeCompare(b))),
			'each record gets its own answer',
		),
		once(
			crm(
				'the first answer of a batch is missing',
				parts((all) => all.slice(1)),
				'the operations without an answer are sent again; none is done twice',
			),
		),
		once(
			crm(
				'every second answer of a batch is missing',
				parts((all) => all.filter((_, index) => index % 2 === 0)),
				'the operations without an answer are sent again; none is done twice',
			),
		),
		once(
			crm(
				'an answer of a batch comes twice',
				parts((all) => [all[0]!, ...all]),
				'each record gets its own answer',
			),
		),
		once(
			crm(
				'no answer at all in a batch that was carried out',
				parts(() => []),
				'the operations are sent again; none is done twice',
			),
		),
		once(
			crm(
				'a batch answered under another delimiter than announced',
				(truth) => ({ ...truth, headers: { 'content-type': 'multipart/mixed; boundary=other' } }),
				'the operations are sent again; none is done twice',
			),
		),
		once(
			crm('a batch answered with an empty text', (truth) => ({ ...truth, body: '' }), 'the operations are sent again; none is done twice'),
		),
		{
			what: 'answers to a JSON batch in reverse order',
			system: 'businessCentral',
			request: BATCH,
			answer: responses((all) => all.reverse()),
			expect: { works: 'each record gets its own answer' },
		},
		{
			what: 'a JSON batch that answers operations nobody sent',
			system: 'businessCentral',
			request: BATCH,
			answer: responses((all) => [{ id: '9999', status: 200, body: {} }, { id: '-1', status: 200 }, { id: '', status: 500 }, ...all]),
			expect: { works: 'they are passed over' },
		},
		{
			what: 'a JSON batch that answers each operation twice, differently',
			system: 'businessCentral',
			request: BATCH,
			times: 1,
			answer: responses((all) => [...all, ...all.map(({ id }) => ({ id, status: 404 }))]),
			expect: { works: 'the reads are sent again' },
		},
		{
			what: 'a JSON batch whose answers have no status',
			system: 'businessCentral',
			request: BATCH,
			times: 1,
			answer: responses((all) => all.map(({ id, body }) => ({ id, status: 0, body }))),
			expect: { works: 'the reads are sent again' },
		},
	],
};
