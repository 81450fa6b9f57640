import { encodeMember } from '../model/names';
import { apiViews, targetOf } from '../model/schema';
import type { Property, View } from '../model/view';
import type { Address, Endpoint } from './address';
import type { ServiceState } from './state';

function viewsOf({ endpoint, route }: Pick<Address, 'endpoint' | 'route'>, state: ServiceState): View[] {
	if (endpoint === 'api') return [...state.routes.entitySets(route).values()];
	return [apiViews.get('companies')!, ...[...state.published.values()].sort((a, b) => (a.name < b.name ? -1 : 1))];
}

const nameOf = (view: View, endpoint: Endpoint) => (endpoint === 'odata' && view.name === 'companies' ? 'Company' : view.name);

export function serviceDocument(address: Address, state: ServiceState): unknown {
	const { root, endpoint } = address;
	const value = viewsOf(address, state).map((view) => ({ name: nameOf(view, endpoint), kind: 'EntitySet', url: nameOf(view, endpoint) }));
	return { '@odata.context': `${root}/$metadata`, value };
}

const escape = (text: string): string => text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** CSDL of what the endpoint serves. */
export function metadata(address: Address, state: ServiceState): string {
	const { endpoint } = address;
	const namespace = endpoint === 'api' ? 'Microsoft.NAV' : 'NAV';
	const views = viewsOf(address, state);
	const types = views.map((view) => entityType(view, namespace)).join('');
	const enums = endpoint === 'api' ? enumTypes(views) : '';
	const actions = views.flatMap((view) => view.actions.map((action) => actionType(view, action, namespace))).join('');
	const sets = views.map((view) => entitySet(view, namespace, endpoint)).join('');
	return (
		'<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>' +
		`<Schema Namespace="${namespace}" xmlns="http://docs.oasis-open.org/odata/ns/edm">${types}${enums}${actions}` +
		`<EntityContainer Name="NAV">${sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`
	);
}

function entityType(view: View, namespace: string): string {
	const keys = view.key.map(({ name }) => `<PropertyRef Name="${name}"/>`).join('');
	const properties = view.properties.map(propertyType).join('');
	const navigations = view.navigation.map((navigation) => {
		const { name, many } = navigation;
		const type = `Microsoft.NAV.${targetOf(navigation).entityName}`;
		return `<NavigationProperty Name="${name}" Type="${many ? `Collection(${type})` : type}"/>`;
	});
	return `<EntityType Name="${view.entityName}" xmlns:n="${namespace}"><Key>${keys}</Key>${properties}${navigations.join('')}</EntityType>`;
}

function propertyType({ name, edmType, maxLength, kind, readOnly }: Property): string {
	const length = maxLength === null ? '' : ` MaxLength="${maxLength}"`;
	const nullable = ['guid', 'boolean', 'decimal', 'integer'].includes(kind) ? ' Nullable="false"' : '';
	const scale = kind === 'decimal' ? ' Scale="Variable"' : '';
	if (!readOnly) return `<Property Name="${name}" Type="${edmType}"${length}${nullable}${scale}/>`;
	const computed = '<Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/>';
	return `<Property Name="${name}" Type="${edmType}"${length}${nullable}${scale}>${computed}</Property>`;
}

function enumTypes(views: readonly View[]): string {
	const enums = new Map<string, readonly string[]>();
	for (const { properties } of views) for (const { kind, edmType, members } of properties) if (kind === 'enum') enums.set(edmType, members);
	return [...enums]
		.map(([type, members]) => {
			const list = members.map((member, value) => `<Member Name="${escape(encodeMember(member))}" Value="${value}"/>`).join('');
			return `<EnumType Name="${type.replace('Microsoft.NAV.', '')}">${list}</EnumType>`;
		})
		.join('');
}

const actionType = (view: View, action: string, namespace: string): string =>
	`<Action Name="${action}" IsBound="true"><Parameter Name="bindingParameter" Type="${namespace}.${view.entityName}"/></Action>`;

function entitySet(view: View, namespace: string, endpoint: Endpoint): string {
	const bindings = view.navigation.map(({ name, target }) => `<NavigationPropertyBinding Path="${name}" Target="${target}"/>`).join('');
	return `<EntitySet Name="${nameOf(view, endpoint)}" EntityType="${namespace}.${view.entityName}">${bindings}</EntitySet>`;
}

const caption = (name: string): string =>
	name
		.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
		.replace(/_/g, ' ')
		.replace(/^./, (first) => first.toUpperCase());

/** Captions of entities, properties and enum members in English. */
export function entityDefinitions(address: Address, state: ServiceState): unknown {
	const value = viewsOf(address, state).map((view) => ({
		entityName: view.entityName,
		entitySetName: view.name,
		entityCaptions: [{ languageCode: 1033, caption: caption(view.entityName) }],
		entitySetCaptions: [{ languageCode: 1033, caption: caption(view.name) }],
		properties: view.properties.map(({ name }) => ({ name, captions: [{ languageCode: 1033, caption: caption(name) }] })),
	}));
	return { '@odata.context': `${address.root}/$metadata#entityDefinitions`, value };
}
