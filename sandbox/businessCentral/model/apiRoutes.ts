import { noSegment } from '../errors';
import { apiPageView, type ApiPage } from './apiPages';
import { automateEntities } from './automate';
import { apiViews, extraEntity } from './schema';
import type { View } from './view';

/** One API, as the lists of routes show it. */
export interface ApiRoute {
	route: string;
	publisher: string;
	group: string;
	version: string;
}

/** API v2.0 and the APIs of extensions by their route, `{publisher}/{group}/{version}`. Routes are read without regard to case. */
export class ApiRoutes {
	/** Primary keys of tables that extensions bring. */
	readonly ownKeys = new Map<string, readonly string[]>();
	private readonly pages: ApiPage[] = [];
	private readonly byRoute = new Map<string, { route: ApiRoute; views: Map<string, View> }>();

	constructor() {
		for (const source of automateEntities) this.route('microsoft', 'automate', 'v1.0').views.set(source.name, extraEntity(source));
	}

	/** Puts an API page of an extension in place; throws Error when it cannot be. */
	define(page: ApiPage): View {
		const { publisher, group, version } = page;
		const path = `${publisher}/${group}/${version}`;
		const known = this.find(path) ?? new Map<string, View>();
		if (known.has(page.entitySetName)) throw new Error(`The API ${path} has an entity set ${page.entitySetName} already.`);
		const view = apiPageView(page, known);
		this.route(publisher, group, version).views.set(view.name, view);
		if (page.primaryKey) this.ownKeys.set(page.table, page.primaryKey);
		this.pages.push(page);
		return view;
	}

	/** The API of a route is no longer there. */
	remove(route: string): void {
		this.byRoute.delete(route.toLowerCase());
		const rest = this.pages.filter(
			({ publisher, group, version }) => `${publisher}/${group}/${version}`.toLowerCase() !== route.toLowerCase(),
		);
		this.pages.splice(0, this.pages.length, ...rest);
	}

	private route(publisher: string, group: string, version: string): { views: Map<string, View> } {
		const route = `${publisher}/${group}/${version}`;
		let known = this.byRoute.get(route.toLowerCase());
		if (!known) {
			// Every API has its companies and subscriptions (api-endpoint-structure; dynamics-subscriptions, "for custom APIs").
			const shared = (['companies', 'subscriptions'] as const).map((name): [string, View] => [name, apiViews.get(name)!]);
			this.byRoute.set(route.toLowerCase(), (known = { route: { route, publisher, group, version }, views: new Map(shared) }));
		}
		return known;
	}

	/** Entity sets of an API; undefined when there is none of that route. */
	find(route: string): ReadonlyMap<string, View> | undefined {
		return route.toLowerCase() === 'v2.0' ? apiViews : this.byRoute.get(route.toLowerCase())?.views;
	}

	/** The same; throws 404 when there is none. */
	entitySets(route: string): ReadonlyMap<string, View> {
		const sets = this.find(route);
		if (!sets) throw noSegment(route.split('/')[0]!);
		return sets;
	}

	/** A page of an extension by `publisher/group/version/entitySet`. */
	page(path: string): View | undefined {
		const at = path.lastIndexOf('/');
		return this.byRoute.get(path.slice(0, Math.max(at, 0)).toLowerCase())?.views.get(path.slice(at + 1));
	}

	list(): ApiRoute[] {
		const standard = { route: 'v2.0', publisher: '', group: '', version: 'v2.0' };
		return [standard, ...[...this.byRoute.values()].map(({ route }) => route)];
	}

	/** Every entity set with the route it is under. */
	*all(): Generator<{ route: string; view: View }> {
		for (const view of apiViews.values()) yield { route: 'v2.0', view };
		for (const { route, views } of this.byRoute.values()) for (const view of views.values()) yield { route: route.route, view };
	}

	/** Extensions stay installed in a copy of the environment. */
	copyTo(other: ApiRoutes): void {
		for (const page of this.pages)
			if (!other.page(`${page.publisher}/${page.group}/${page.version}/${page.entitySetName}`)) other.define(page);
	}
}
