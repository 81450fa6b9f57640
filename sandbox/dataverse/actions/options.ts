import type { SandboxResponse } from '../../core/http';
import { jsonAnswer, noContent } from '../answers';
import type { Call } from '../call';
import type { Labels } from '../choices';
import { invalidArgument } from '../errors';
import type { Body } from '../payload';
import type { Platform } from '../platform';

type Handler = (platform: Platform, call: Call, body: Body) => SandboxResponse;

/** Privileges of the messages, as their reference pages list them. */
const WRITE = 'prvWriteOptionSet';
const PUBLISH = 'prvPublishCustomization';

/** Unbound actions that change the values of choices, and those that publish customizations. */
export const optionActions: Record<string, Handler> = {
	InsertOptionValue: (platform, call, body) => {
		platform.demandNamed(call.session, WRITE);
		const value = body.Value === undefined || body.Value === null ? null : numberOf(body.Value, 'Value');
		return jsonAnswer(200, { NewOptionValue: platform.choices.insert(platform.choices.named(body), value, labelsOf(body)) });
	},
	UpdateOptionValue: (platform, call, body) => {
		platform.demandNamed(call.session, WRITE);
		if (typeof body.MergeLabels !== 'boolean') throw invalidArgument("The required parameter 'MergeLabels' is missing.");
		platform.choices.relabel(platform.choices.named(body), numberOf(body.Value, 'Value'), labelsOf(body), body.MergeLabels);
		return noContent();
	},
	DeleteOptionValue: (platform, call, body) => {
		platform.demandNamed(call.session, WRITE);
		platform.choices.remove(platform.choices.named(body), numberOf(body.Value, 'Value'));
		return noContent();
	},
	OrderOption: (platform, call, body) => {
		platform.demandNamed(call.session, WRITE);
		if (!Array.isArray(body.Values)) throw invalidArgument("The required parameter 'Values' is missing.");
		platform.choices.order(
			platform.choices.named(body),
			body.Values.map((value) => numberOf(value, 'Values')),
		);
		return noContent();
	},
	PublishXml: (platform, call, body) => {
		platform.demandNamed(call.session, PUBLISH);
		if (typeof body.ParameterXml !== 'string') throw invalidArgument("The required parameter 'ParameterXml' is missing.");
		const tables = namesIn(body.ParameterXml, 'entity');
		const unknown = tables.find((name) => !platform.model.tables.has(name));
		if (unknown !== undefined) throw invalidArgument(`The entity ${unknown} does not exist.`);
		platform.choices.publish({ tables, optionSets: namesIn(body.ParameterXml, 'optionset') });
		return noContent();
	},
	PublishAllXml: (platform, call) => {
		platform.demandNamed(call.session, PUBLISH);
		platform.choices.publish(null);
		return noContent();
	},
};

const namesIn = (xml: string, element: string): string[] =>
	[...xml.matchAll(new RegExp(`<${element}>\\s*([^<\\s]+)\\s*</${element}>`, 'g'))].map((match) => match[1]!);

function numberOf(value: unknown, parameter: string): number {
	if (typeof value === 'number' && Number.isInteger(value)) return value;
	throw invalidArgument(`The parameter '${parameter}' is no whole number.`);
}

function labelsOf(body: Body): Labels {
	const label = body.Label as { LocalizedLabels?: Array<{ Label?: unknown; LanguageCode?: unknown }> } | undefined;
	const texts = (label?.LocalizedLabels ?? []).flatMap(({ Label, LanguageCode }): Array<[number, string]> =>
		typeof Label === 'string' && typeof LanguageCode === 'number' ? [[LanguageCode, Label]] : [],
	);
	if (texts.length === 0 || texts.some(([, text]) => text === '')) throw invalidArgument("The required parameter 'Label' is missing.");
	return Object.fromEntries(texts);
}
