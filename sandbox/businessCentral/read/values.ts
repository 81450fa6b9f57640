import { createHash } from 'node:crypto';
import type { CompanyData } from '../data/companyData';
import { zeroGuid, type Row, type Value } from '../data/row';
import { stampText } from '../data/stamp';
import { encodeMember } from '../model/names';
import { relatedId, relationById } from '../model/relations';
import { blankOf, type Property, type View } from '../model/view';
import { lookups } from './lookups';

export type Read = (row: Row, company: CompanyData) => Value;

const cache = new WeakMap<View, Map<string, Read>>();

/** How a property of a view is read from a row; made once for each. */
export function reader(view: View, property: Property): Read {
	const within = view.reads?.get(property.name);
	if (within) return within;
	let readers = cache.get(view);
	if (!readers) cache.set(view, (readers = new Map()));
	let read = readers.get(property.name);
	if (!read) readers.set(property.name, (read = makeReader(view, property)));
	return read;
}

function makeReader(view: View, property: Property): Read {
	const { field } = property;
	const lookup = view.custom ? undefined : (lookups[`${view.name}.${property.name}`] ?? lookups[`${view.table}.${property.name}`]);
	if (lookup) return lookup;
	if (field === 'SystemId') return (row) => row.id;
	if (field === 'SystemModifiedAt')
		return view.custom ? (row) => stampText(row.documentModifiedAt ?? row.modifiedAt) : (row) => stampText(row.modifiedAt);
	if (field === 'SystemCreatedAt') return (row) => stampText(row.createdAt);
	if (field === 'SystemModifiedBy') return (row, company) => company.installation.userId(row.modifiedBy);
	if (field === 'SystemCreatedBy') return (row, company) => company.installation.userId(row.createdBy);
	if (field === 'timestamp' || field === 'SystemRowVersion') return (row) => row.version;
	if (field === 'Last Date Modified') return (row) => stampText(row.modifiedAt).slice(0, 10);
	const relation = relationById(view.table, field);
	if (relation) return (row, company) => relatedId(company, relation, row.fields) ?? zeroGuid;
	const blank = property.filterOnly && property.edmType === 'Edm.String' ? '' : blankOf(property);
	if (property.filterOnly) return () => blank;
	if (property.flow) return (row) => row.flow[field] ?? row.fields[field] ?? blank;
	if (property.kind === 'enum') return (row) => encodeMember(String(row.fields[field] ?? blank));
	return (row) => row.fields[field] ?? blank;
}

const etags = new WeakMap<Row, Map<View, { flow: string; etag: string }>>();

/**
 * The etag of a row as this view shows it: it changes with every write of the row and with the FlowFields the view shows, and it has no
 * order.
 */
export function etagOf(view: View, row: Row, company: CompanyData): string {
	let flow = '';
	for (const property of flowProperties(view)) flow += `|${reader(view, property)(row, company)}`;
	let known = etags.get(row);
	if (!known) etags.set(row, (known = new Map()));
	const hit = known.get(view);
	if (hit && hit.flow === flow) return hit.etag;
	const hash = createHash('sha256')
		.update(
			`${view.service}${view.name}|${row.id}|${view.service === 'api' && !view.custom ? (row.bufferVersion ?? row.version) : row.version}${flow}`,
		)
		.digest('base64');
	const etag = `W/"${Buffer.from(`44;${hash}1;00;`).toString('base64')}"`;
	known.set(view, { flow, etag });
	return etag;
}

const flowCache = new WeakMap<View, Property[]>();
function flowProperties(view: View): Property[] {
	let list = flowCache.get(view);
	if (!list)
		flowCache.set(view, (list = view.properties.filter(({ flow, name }) => flow || name === 'inventory' || name === 'remainingAmount')));
	return list;
}
