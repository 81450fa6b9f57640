import type { BatchPart } from '../../odata/batch';
import { PART_HEADERS } from '../partHeaders';
import type { ChoiceColumn } from './choiceColumns';

/** English, where neither the column nor its values tell a language. */
const DEFAULT_LANGUAGE = 1033;

/** Action that adds the value: labelled in every language the column has texts in, so that nobody meets a bare number. */
export function insertOption(root: string, column: ChoiceColumn, value: number, label: string): BatchPart {
	const texts = [...column.options.values()].flatMap(({ languages }) => languages);
	const languages = new Set([...column.languages, ...texts]);
	return action(root, 'InsertOptionValue', { ...namesOf(column), Value: value, Label: labelled(label, [...languages]) });
}

/** Action that gives a value another label, in the language it is read in; texts in other languages stay. */
export function relabelOption(root: string, column: ChoiceColumn, value: number, label: string): BatchPart {
	const language = column.options.get(value)?.language;
	const languages = language ? [language] : column.languages;
	return action(root, 'UpdateOptionValue', { ...namesOf(column), Value: value, Label: labelled(label, languages), MergeLabels: true });
}

const action = (root: string, name: string, body: unknown): BatchPart => ({
	method: 'POST',
	url: `${new URL(root).pathname}/${name}`,
	headers: PART_HEADERS,
	body,
});

const namesOf = ({ globalName, table, column }: ChoiceColumn): Record<string, string> =>
	globalName === null ? { EntityLogicalName: table, AttributeLogicalName: column } : { OptionSetName: globalName };

const labelled = (label: string, languages: readonly number[]) => ({
	LocalizedLabels: (languages.length > 0 ? languages : [DEFAULT_LANGUAGE]).map((LanguageCode) => ({ Label: label, LanguageCode })),
});
