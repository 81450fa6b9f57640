import { COMPANY_COLUMN } from '../../model/companyColumn';
import type { SyncError } from '../../model/errors';
import type { Finding } from '../../model/finding';
import type { FieldName } from '../../model/record';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import { type Side, SYSTEM_NAMES } from '../../model/side';
import { named } from './checked';

const COLUMNS = 'concepts/setup-check.md#what-is-missing';
const PAGES = 'concepts/published-pages.md#where-a-run-reads';

/** A column that metadata does not know, and who needs it. */
interface MissingColumn {
	side: Side;
	table: string;
	field: FieldName;
	mapping: string;
	captions: readonly string[];
	/** What beside field mappings needs it, in words. */
	purposes: readonly string[];
	/** Runs leave it out. */
	dispensable: boolean;
}

/** A finding whose users are gathered. */
type MissingPart = Omit<Finding, 'neededBy'>;

/** Gathers what is missing over all mappings: one finding for each table, page and column, whoever needs it. */
export class MissingParts {
	private readonly found = new Map<string, { finding: MissingPart; users: Map<string, string[]> }>();

	/** The table of a mapping, a page that shows it, or an entity set: the mapping cannot run. */
	table(side: Side, mapping: TableMapping, { code, table, message, hint }: SyncError): void {
		const page = code === 'BC_PAGE_NOT_PUBLISHED';
		this.add(
			{
				severity: 'error',
				area: side === 'businessCentral' ? 'page' : 'solution',
				system: side,
				subject: table ?? tableOn(mapping, side).name,
				message,
				remedy: hint,
				page: page ? PAGES : COLUMNS,
			},
			mapping.name,
		);
	}

	/** An additional page: runs leave its fields out. */
	page(mapping: string, service: string, captions: readonly string[], { message, hint }: Pick<SyncError, 'message' | 'hint'>): void {
		this.add(
			{
				severity: 'warning',
				area: 'page',
				system: 'businessCentral',
				subject: service,
				message: `${message} Runs leave its fields out.`,
				remedy: hint,
				page: PAGES,
			},
			mapping,
			captions,
		);
	}

	column({ side, table, field, mapping, captions, purposes, dispensable }: MissingColumn): void {
		const company = field === COMPANY_COLUMN;
		const [effect, remedy] = company
			? [' Rows carry no company.', `Install Microsoft's Business Central integration solution if several companies share this CRM.`]
			: [
					dispensable ? ' Runs leave it out.' : '',
					side === 'crm'
						? 'Bring the column back, publish the customization, or install the solution it belongs to; or correct or disable what uses it in Table Mappings.'
						: 'Bring the field back on the page, or install the extension; or correct or disable what uses it in Table Mappings.',
				];
		this.add(
			{
				severity: dispensable ? 'warning' : 'error',
				area: 'column',
				system: side,
				subject: `${table}.${field}`,
				message: `${SYSTEM_NAMES[side]} has no ${side === 'crm' ? 'column' : 'field'} ${field} in "${table}".${effect}`,
				remedy,
				page: COLUMNS,
			},
			mapping,
			[...captions, ...purposes],
		);
	}

	/** Business Central lets some users read records, but not metadata; in Dataverse that is a privilege, which is told as such. */
	unreadable(side: Side, mapping: string, { message, hint }: SyncError): void {
		if (side === 'crm') return;
		this.add(
			{
				severity: 'warning',
				area: 'column',
				system: side,
				subject: '$metadata',
				message: `The user may not read the metadata of Business Central, so pages and fields are not checked, neither here nor before a run. ${message}`,
				remedy: hint,
				page: COLUMNS,
			},
			mapping,
		);
	}

	findings(): Finding[] {
		return [...this.found.values()].map(({ finding, users }) => ({
			...finding,
			neededBy: [...users].map(([mapping, captions]) => named(mapping, captions)),
		}));
	}

	/** The worst of what several mappings make of it. Without captions the whole mapping needs it. */
	private add(finding: MissingPart, mapping: string, captions: readonly string[] = []): void {
		const key = `${finding.system} ${finding.area} ${finding.subject}`;
		const known = this.found.get(key) ?? { finding, users: new Map<string, string[]>() };
		if (finding.severity === 'error') known.finding = finding;
		known.users.set(mapping, [...(known.users.get(mapping) ?? []), ...captions]);
		this.found.set(key, known);
	}
}
