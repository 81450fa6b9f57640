import type { SandboxResponse } from '../core/http';
import { jsonAnswer } from './answers';
import type { Call, Segment } from './call';
import { DataverseError, invalidArgument } from './errors';
import { splitTop } from '../odata/query';
import { initializeFrom } from './initializeFrom';
import type { Platform } from './platform';
import { wrongVerb } from './references';
import { allowOptions } from './requestRules';

type Parameters = Record<string, string>;
type Function = (platform: Platform, call: Call, parameters: Parameters) => Record<string, unknown>;

/** Version of the service, as its answers and its organization tell it. */
export const serviceVersion = '9.2.26102.00150';

/** Unbound functions by name, with the names of their parameters. */
const functions: Record<string, { parameters: string[]; run: Function }> = {
	WhoAmI: {
		parameters: [],
		run: (platform, call) => {
			const user = platform.db.row('systemuser', call.session.user);
			return {
				BusinessUnitId: user?.businessunitid ?? platform.environment.businessUnitId,
				UserId: call.session.user,
				OrganizationId: platform.environment.organizationId,
			};
		},
	},
	/** Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrieveversion */
	RetrieveVersion: { parameters: [], run: () => ({ Version: serviceVersion }) },
	/**
	 * The service answers from a snapshot that is up to a day old; the switch `recordCountsOf` gives such an old one.
	 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrievetotalrecordcount
	 */
	RetrieveTotalRecordCount: {
		parameters: ['EntityNames'],
		run: (platform, _call, { EntityNames }) => {
			const names = namesIn(EntityNames);
			for (const name of names) if (!platform.model.tables.has(name)) throw invalidArgument(`The entity with a name = '${name}' was not found in the MetadataCache.`); // prettier-ignore
			return {
				EntityRecordCountCollection: {
					Count: names.length,
					IsReadOnly: false,
					Keys: names,
					Values: names.map((name) => platform.oldCounts?.get(name) ?? platform.db.store(name).rows.size),
				},
			};
		},
	},
	InitializeFrom: {
		parameters: ['EntityMoniker', 'TargetEntityName', 'TargetFieldType'],
		run: (platform, call, { EntityMoniker = '', TargetEntityName = '', TargetFieldType = '' }) =>
			initializeFrom(platform, call, EntityMoniker, TargetEntityName, TargetFieldType),
	},
	/** Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrievecurrentorganization */
	RetrieveCurrentOrganization: {
		parameters: ['AccessType'],
		run: (platform, call, { AccessType }) => {
			if (!/^Microsoft\.Dynamics\.CRM\.EndpointAccessType'(Default|Internet|Intranet)'$/.test(AccessType ?? '')) throw invalidArgument("The parameter 'AccessType' needs a value of Microsoft.Dynamics.CRM.EndpointAccessType."); // prettier-ignore
			const origin = call.root.replace(/api\/data\/.*$/, '');
			const organization = platform.db.row('organization', platform.environment.organizationId);
			return {
				Detail: {
					OrganizationId: platform.environment.organizationId,
					FriendlyName: organization?.name ?? 'Sandbox',
					OrganizationVersion: serviceVersion,
					EnvironmentId: platform.environment.organizationId,
					DatacenterId: '00000000-0000-0000-0000-000000000000',
					Geo: 'NA',
					TenantId: '7f0c3a52-6d1e-4b8a-9c2f-1e5d7a3b9c40',
					UrlName: 'sandbox',
					UniqueName: `unq${platform.environment.organizationId.replaceAll('-', '').slice(0, 24)}`,
					State: 'Enabled',
					SchemaType: 'Full',
					OrganizationType: 'Secondary',
					Endpoints: {
						Count: 3,
						IsReadOnly: false,
						Keys: ['WebApplication', 'OrganizationService', 'OrganizationDataService'],
						Values: [origin, `${origin}XRMServices/2011/Organization.svc`, `${origin}XRMServices/2011/OrganizationData.svc`],
					},
				},
			};
		},
	},
};

/** Carries out a function called by its name, e.g. `WhoAmI` or `RetrieveVersion()`; null when there is none of that name. */
export function handleFunction(platform: Platform, call: Call, segment: Segment): SandboxResponse | null {
	const name = segment.name.replace(/^Microsoft\.Dynamics\.CRM\./, '');
	const found = functions[name];
	if (!found) return null;
	if (call.method !== 'GET') {
		if (name === 'WhoAmI') throw new DataverseError(404, '', `No HTTP resource was found that matches the request URI '${call.address}'.`);
		throw wrongVerb(call);
	}
	allowOptions(call, 'none');
	const parameters = parametersOf(call, segment.key ?? '');
	const missing = found.parameters.filter((each) => !(each in parameters));
	const unknown = Object.keys(parameters).filter((each) => !found.parameters.includes(each));
	if (missing.length || unknown.length) {
		throw new DataverseError(404, '0x8006088a', `Resource not found for the segment '${segment.name}' with the parameters '${Object.keys(parameters).join(', ')}'.`); // prettier-ignore
	}
	const json = found.run(platform, call, parameters);
	return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#Microsoft.Dynamics.CRM.${name}Response`, ...json });
}

/** Parameters of a function by name, aliases resolved. */
export function parametersOf(call: Call, text: string): Parameters {
	const parameters: Parameters = {};
	for (const pair of splitTop(text, ',')) {
		const [, name = '', value = ''] = /^(\w+)\s*=\s*(.*)$/s.exec(pair) ?? [];
		if (!name) throw invalidArgument(`The parameter '${pair}' cannot be read.`);
		const alias = value.startsWith('@') ? call.query.aliases.get(value) : value;
		if (alias === undefined) throw invalidArgument(`The parameter alias '${value}' has no value in the query.`);
		parameters[name] = alias;
	}
	return parameters;
}

function namesIn(text: string | undefined): string[] {
	try {
		const names: unknown = JSON.parse((text ?? '').replaceAll("'", '"'));
		if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
	} catch {
		// Told below.
	}
	throw invalidArgument("The parameter 'EntityNames' needs a list of table names, e.g. ['account','contact'].");
}
