import { Pulse } from '../../engine/ports/pulse';
import { virtualClock } from './systems/virtualClock';

const MINUTE = 60_000;

const setting = () => {
	const clock = virtualClock();
	let now = clock.now();
	return { pulse: new Pulse({ ...clock, now: () => now }), pass: (minutes: number) => (now += minutes * MINUTE) };
};

test('a run that is quiet for more than two minutes without waiting for anything hangs', () => {
	const { pulse, pass } = setting();
	expect(pulse.alive).toBe(true);
	pass(2);
	expect(pulse.alive).toBe(true);
	pass(0.1);
	expect(pulse.alive).toBe(false);
});

test('a wait counts as life for as long as it was announced, and its end is a sign of life', () => {
	const { pulse, pass } = setting();
	const over = pulse.waiting(10 * MINUTE);
	const shorter = pulse.waiting(MINUTE);
	pass(10);
	expect(pulse.alive).toBe(true);
	pass(0.1);
	expect(pulse.alive).toBe(false);
	shorter();
	expect(pulse.alive).toBe(true);
	pass(3);
	expect(pulse.alive).toBe(false);
	over();
	expect(pulse.alive).toBe(true);
});

test('work that fails has ended as well', async () => {
	const { pulse, pass } = setting();
	await expect(pulse.during(30 * MINUTE, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
	pass(3);
	expect(pulse.alive).toBe(false);
});
