import type { Call } from '../../scenarios/trigger/webhookStage';
import { describeFault, drawFault } from '../faults';
import { SIDES } from '../fields';
import type { Random } from '../random';
import type { Control } from './control';
import { HOUR, MINUTE, SECOND } from './times';

type Mishap = (control: Control, random: Random) => Promise<string> | string;

/** What may happen to a trigger. */
const MISHAPS: readonly Mishap[] = [
	function faults({ story }, random) {
		const rules = Array.from({ length: random.between(1, 4) }, () => drawFault(random));
		for (const rule of rules) story.world.sandbox.faults.add(rule);
		story.figures.faults += rules.length;
		return rules.map(describeFault).join('; ');
	},
	function better({ story }) {
		story.world.sandbox.faults.clear();
		return 'nothing is wrong with the services any more';
	},
	async function away(control, random) {
		const { faults } = control.story.world.sandbox;
		const gone = random.pick([SIDES, ['businessCentral'], ['crm']] as const);
		for (const system of gone) faults.add({ system, fault: { kind: 'dropBefore' }, times: 1_000_000 });
		control.story.figures.faults += gone.length;
		const ms = random.pick([20 * SECOND, 3 * MINUTE, 40 * MINUTE]);
		await control.pass(ms);
		faults.clear();
		return `${gone.join(' and ')} did not answer for ${ms / SECOND} s`;
	},
	async function killed(control, random) {
		for (const loop of control.running) control.kill(loop);
		const ms = random.pick([0, 20 * SECOND, 2 * MINUTE, HOUR]);
		await offFor(control, ms);
		return `n8n was killed, and off for ${ms / SECOND} s`;
	},
	async function restarted(control, random) {
		for (const loop of control.running) await control.shut(loop);
		const ms = random.pick([0, 10 * SECOND, 5 * MINUTE]);
		await offFor(control, ms);
		return `n8n was ended, and off for ${ms / SECOND} s`;
	},
	function dying(control, random) {
		const death = { step: random.between(1, 25), when: random.pick(['before', 'after'] as const), withLoop: random.chance(0.5) };
		control.deaths.push(death);
		return `the next run dies ${death.when} step ${death.step}`;
	},
	function lostStart(control) {
		control.lostStarts += 1;
		return 'the next start is put down, and not made';
	},
	async function twoLeaders(control) {
		control.begin();
		await control.pass(25 * SECOND);
		const [first, ...others] = control.running;
		if (others.length > 0 && first) control.kill(first);
		return 'there were two leaders for a while';
	},
	function signals({ stage }, random) {
		const [what, way] = random.pick(Object.entries(WAYS));
		const held: Call[] = [];
		stage.onTheWay = (call) => way(call, held);
		return `signals are ${what}`;
	},
	function n8n({ stage }, random) {
		stage.n8n = random.pick(['up', 'starting', 'proxied', 'lost'] as const);
		return `webhooks are answered as by n8n that is ${stage.n8n}`;
	},
];

const WAYS: Readonly<Record<string, (call: Call, held: Call[]) => Call[]>> = {
	'as they were sent': (call) => [call],
	lost: () => [],
	doubled: (call) => [call, call],
	forged: (call) => [{ ...call, headers: {}, body: call.body.replace(/"clientState":"[^"]*"/g, '"clientState":"forged"') }, call],
	'in another order': (call, held) => {
		held.push(call);
		return held.length % 2 === 0 ? held.splice(0).reverse() : [];
	},
};

/** Nobody is at the address meanwhile. */
async function offFor(control: Control, ms: number): Promise<void> {
	const { stage } = control;
	const { n8n } = stage;
	stage.n8n = 'lost';
	await control.pass(ms);
	stage.n8n = n8n;
	control.begin();
}

/** Something goes wrong; a process that died meanwhile is there again, as a service manager sees to it. */
export async function goWrong(control: Control, random: Random): Promise<void> {
	const { story } = control;
	story.disturbed = true;
	const mishap = random.pick(MISHAPS);
	story.tell(`${mishap.name}: …`);
	const text = await mishap(control, random);
	story.tell(`${mishap.name}: ${text}`);
	if (control.running.length === 0) control.begin();
}
