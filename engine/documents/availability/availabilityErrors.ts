import { type ErrorClass, type ErrorSystem, SyncError } from '../../model/errors';

interface Says {
	code: string;
	message: string;
	hint: string;
	errorClass?: ErrorClass;
	system?: ErrorSystem;
	recordId?: string;
}

const says = ({ errorClass = 'data', system = 'crm', ...rest }: Says): SyncError =>
	new SyncError({ errorClass, system, table: 'product', ...rest });

/** The item as people know it in Business Central. */
export interface ItemName {
	id: string;
	number: string;
	name: string;
}

const titled = ({ number, name, id }: ItemName): string => [number, name].filter(Boolean).join(' ') || id;

export const productMissing = (item: ItemName): SyncError =>
	says({
		code: 'AVAILABILITY_PRODUCT_MISSING',
		recordId: item.id,
		message: `Item ${titled(item)}: the product it is coupled with is not in CRM any more.`,
		hint: 'Couple the item with another product, or restore or uncouple it in Couple Records; its quantity is left alone until it is coupled with another one.',
	});

export const notCoupled = (item: ItemName): SyncError =>
	says({
		code: 'DEPENDENCY',
		recordId: item.id,
		message: `Item ${titled(item)} has no coupled product in CRM (table mapping ITEM-PRODUCT).`,
		hint: 'Synchronize or couple it with the table mapping ITEM-PRODUCT first.',
	});

export const keptChanging = (item: ItemName): SyncError =>
	says({
		code: 'CHANGED_MEANWHILE',
		errorClass: 'transient',
		recordId: item.id,
		message: `Item ${titled(item)}: its product was changed in CRM again and again while its quantity was written.`,
		hint: 'Nothing needs to be done: the next run tries it again.',
	});

/** In the words of the service that refused. */
export const refused = (item: ItemName, error: SyncError): SyncError =>
	error.with({ message: `Item ${titled(item)}: ${error.message}`, recordId: item.id });

export const productNotCoupled = (id: string): SyncError =>
	says({
		code: 'DEPENDENCY',
		recordId: id,
		message: `Product ${id} of CRM is not coupled with an item of Business Central (table mapping ITEM-PRODUCT), so nobody knows what there is of it.`,
		hint: 'Check the id; synchronize or couple the product with the table mapping ITEM-PRODUCT. Products that stand for resources have no inventory.',
	});

export const itemMissing = (what: string): SyncError =>
	says({
		code: 'RECORD_NOT_FOUND',
		system: 'businessCentral',
		message: `Business Central has no item ${what}.`,
		hint: 'Check the number of the item; a product whose item was deleted is dealt with in Couple Records.',
	});

export const locationUnknown = (location: string): SyncError =>
	says({
		code: 'LOCATION_UNKNOWN',
		system: 'businessCentral',
		message: `Business Central has no location ${location}.`,
		hint: 'Give the code of a location as Business Central has it, or none for all of them together.',
	});

export const locationsNotShown = (page: string): SyncError =>
	says({
		code: 'LOCATIONS_NOT_SHOWN',
		system: 'businessCentral',
		message: `What lies at a location is only shown by the page "${page}" (page 30), which is not published as a web service in Business Central.`,
		hint: `Publish page 30 as "${page}" under Web Services in Business Central, or ask without a location.`,
	});
