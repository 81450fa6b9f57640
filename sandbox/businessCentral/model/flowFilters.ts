import { readProperty } from './notation';
import type { Property } from './view';

/** FlowFilters that stand in the metadata of a page because its FlowFields need them (use-flowfilters-in-odata-uris). */
const ofPages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	ItemCard: {
		Location_Filter: 'Location Filter|code10?',
		Drop_Shipment_Filter: 'Drop Shipment Filter|text5?',
		Variant_Filter: 'Variant Filter|code10?',
		Lot_No_Filter: 'Lot No. Filter|code50?',
		Serial_No_Filter: 'Serial No. Filter|code50?',
		Date_Filter: 'Date Filter|date?',
	},
};

export const flowFiltersOf = (service: string): Property[] =>
	Object.entries(ofPages[service] ?? {}).map(([name, source]) => {
		const property = readProperty(name, source, new Map(), true);
		// All of them are text in the model, dates as well.
		return { ...property, edmType: 'Edm.String' };
	});
