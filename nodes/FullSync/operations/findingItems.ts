import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Finding } from '../../../engine';
import { documentation } from '../../shared/documentation';
import { item } from '../../shared/items';

/** A finding as the node shows it. */
export const findingItem = (
	{ severity, area, system, subject, neededBy, message, remedy, page }: Finding,
	itemIndexes: readonly number[],
): INodeExecutionData => item({ severity, area, system, subject, neededBy, message, remedy, url: documentation(page) }, itemIndexes);

/** What opening a session and the check both came across is told once, as it was first. */
export const withoutDoubles = (findings: readonly Finding[]): Finding[] =>
	findings.filter((finding, index) => index === findings.findIndex((each) => keyOf(each) === keyOf(finding)));

const keyOf = ({ severity, area, system, subject }: Finding): string => [severity, area, system, subject].join(' ');

const counted = (count: number, one: string, several: string): string => `${count} ${count === 1 ? one : several}`;

/** The sum above the output: how many of each, and what becomes of what cannot run. */
export function tellSum(
	context: IExecuteFunctions,
	findings: readonly Finding[],
	disabled: readonly Finding[],
	{ disable, preview }: { disable: boolean; preview: boolean },
): void {
	const of = (severity: Finding['severity']): number => findings.filter((finding) => finding.severity === severity).length;
	const [errors, warnings, notes] = [of('error'), of('warning'), of('info')];
	const sum =
		errors + warnings === 0
			? `Everything is in place (${counted(notes, 'note', 'notes')}).`
			: `${counted(errors, 'error', 'errors')}, ${counted(warnings, 'warning', 'warnings')}, ${counted(notes, 'note', 'notes')}. Each item says what to do.`;
	const mappings = disabled.map(({ subject }) => subject).join(', ');
	const effect =
		mappings !== '' ? ` ${preview ? 'Would be disabled' : 'Disabled'}: ${mappings}.` : disable ? ' No mapping has to be disabled.' : '';
	context.addExecutionHints({ type: errors + warnings === 0 ? 'info' : 'warning', location: 'outputPane', message: sum + effect });
}
