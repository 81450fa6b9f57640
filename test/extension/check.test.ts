import { join } from 'node:path';
import { problemText } from '../../sandbox/al/problem';
import { type AlProject, objectsOf, readProject } from '../../sandbox/businessCentral/extension/project';
import { problemsOf } from '../../scripts/extension/check';
import { propertyNameOf } from '../../scripts/extension/names';

const project = readProject(join(__dirname, '../../extension'));

const AGENTS = 'src/ShippingAgents.Page.al';
const RESOURCES = 'src/Resources.Page.al';
const DOCUMENTS = 'src/SalesDocuments.Page.al';
const NOTES = 'src/RecordNotes.Page.al';
const SET = 'src/D365Sync.PermissionSet.al';

/** The project with one mistake: `from` becomes `to` in the file. */
function withMistake(file: string, from: string, to: string): AlProject {
	const text = project.sources.get(file)!;
	expect(text).toContain(from);
	return { ...project, sources: new Map(project.sources).set(file, text.replace(from, to)) };
}

/** Line of the text in a file of the project, from 1. */
const lineOf = (file: string, text: string): number => project.sources.get(file)!.split(text)[0]!.split('\n').length;

const told = (found: AlProject): string[] => problemsOf(found).map(problemText);

describe('the source of the extension', () => {
	test('holds together', () => {
		expect(told(project)).toEqual([]);
	});

	test('has a page for each table, with and without the symbols it asks for', () => {
		const count = (symbols?: string[]): number => objectsOf(project, symbols).filter(({ type }) => type === 'page').length;
		expect([count(), count(['SALESPRICES'])]).toEqual([19, 20]);
	});
});

describe('a mistake is told with file, line and remedy:', () => {
	test.each<[what: string, file: string, from: string, to: string, message: string]>([
		['a number out of range', AGENTS, 'page 50104', 'page 50150', 'The number 50150 is in no range of app.json. Give it a number'],
		['a number given twice', AGENTS, 'page 50104', 'page 50108', 'src/Resources.Page.al:1 has the page number 50108 already. Give'],
		['a name given twice', AGENTS, '"D365Sync Shipping Agents"', '"D365Sync Resources"', 'has the page "d365sync resources" already.'],
		[
			'a name that is too long',
			AGENTS,
			'"D365Sync Shipping Agents"',
			'"D365Sync Shipping Agents of Everybody"',
			'has more than 30 characters. Shorten it.',
		],
		[
			'a field its table does not have',
			AGENTS,
			'Rec."Account No."',
			'Rec."Acount No."',
			'Shipping Agent has no field "Acount No.". Correct the name',
		],
		[
			'a field that the base application has removed',
			'src/UnitGroups.Page.al',
			'; UnitGroupCode)',
			'; Rec.Code)',
			'was removed from Unit Group. Show a variable',
		],
		[
			'a property with another name than its field',
			AGENTS,
			'field(accountNo;',
			'field(account;',
			'The property account shows "Account No.". Call it accountNo.',
		],
		[
			'a property that is not in camelCase',
			AGENTS,
			'field(accountNo;',
			'field(Account_No;',
			'The property Account_No is not in camelCase.',
		],
		['a property that is there twice', AGENTS, 'field(accountNo;', 'field(name;', 'The property name is there already, in line'],
		['a field that is shown twice', AGENTS, 'Rec."Account No."', 'Rec.Name', '"Name" is shown already, in line'],
		[
			'a calculated field that could be written',
			RESOURCES,
			"'capacity', Locked = true;\n                    Editable = false;",
			"'capacity', Locked = true;",
			'"Capacity" is calculated. Write Editable = false;',
		],
		[
			'a field of a type that no property shows',
			DOCUMENTS,
			'Rec."Your Reference")',
			'Rec."Work Description")',
			'"Work Description" is of type Blob, which no property shows. Show a variable',
		],
		['no SystemId', AGENTS, 'Rec.SystemId', 'Rec.SystemCreatedBy', 'The page does not show SystemId as id. Write field(id; Rec.SystemId)'],
		[
			'no SystemModifiedAt',
			AGENTS,
			'Rec.SystemModifiedAt',
			'Rec.SystemCreatedAt',
			'The page does not show SystemModifiedAt as lastModifiedDateTime.',
		],
		[
			'a stamp that could be written',
			AGENTS,
			"'lastModifiedDateTime', Locked = true;\n                    Editable = false;",
			"'lastModifiedDateTime', Locked = true;",
			'"SystemModifiedAt" is set by the platform. Write Editable = false;',
		],
		[
			'rows known by another key',
			AGENTS,
			'ODataKeyFields = SystemId',
			'ODataKeyFields = Code',
			'Rows are not known by their SystemId. Write ODataKeyFields = SystemId;',
		],
		['no key at all', AGENTS, '    ODataKeyFields = SystemId;\n', '', 'ODataKeyFields is missing. Write ODataKeyFields = …;'],
		['no delayed insert', AGENTS, '    DelayedInsert = true;\n', '', 'DelayedInsert is not set. Write DelayedInsert = true;'],
		[
			'an entity set that is taken',
			AGENTS,
			"EntitySetName = 'shippingAgents'",
			"EntitySetName = 'resources'",
			"src/Resources.Page.al calls something 'resources' already. Choose another EntitySetName.",
		],
		[
			'an entity that is not in camelCase',
			AGENTS,
			"EntityName = 'shippingAgent'",
			"EntityName = 'shipping_agent'",
			"EntityName 'shipping_agent' is not in camelCase.",
		],
		[
			'a page of another API',
			AGENTS,
			"APIGroup = 'sync'",
			"APIGroup = 'sales'",
			"APIGroup is 'sales', and 'sync' in src/Contacts.Page.al. Give all pages the same.",
		],
		['a version that is none', AGENTS, "APIVersion = 'v1.0'", "APIVersion = '1'", "APIVersion cannot be '1'. Write e.g. 'v1.0'."],
		[
			'a table nobody knows',
			AGENTS,
			'SourceTable = "Shipping Agent"',
			'SourceTable = "Shipping Agents"',
			'The table Shipping Agents is not known. Correct the name',
		],
		['another type of page', AGENTS, 'PageType = API', 'PageType = List', 'The page is no API page. Write PageType = API;'],
		['a misspelled property', AGENTS, 'DelayedInsert', 'DelayedInserts', 'API pages here have no property DelayedInserts. Choose one of'],
		[
			'a key that is not shown',
			AGENTS,
			'field(code; Rec.Code)',
			'field(code; Rec.SystemRowVersion)',
			'Rows can be inserted, but their key "Code" is not shown.',
		],
		[
			'a filter on no field',
			DOCUMENTS,
			'where("Document Type" =',
			'where("Document Kind" =',
			'Sales Header has no field "Document Kind". Correct the name in SourceTableView.',
		],
		[
			'a filter on no member',
			DOCUMENTS,
			'filter(Quote |',
			'filter(Offer |',
			'"Document Type" has no member "Offer". Choose one of Quote, Order',
		],
		[
			'a filter of another kind',
			DOCUMENTS,
			'where("Document Type" = filter(',
			'where("Document Type" = field(',
			'This SourceTableView is not understood at field. Write where',
		],
		[
			'a variable nobody declared',
			DOCUMENTS,
			'WorkDescription: Text;',
			'Description: Text;',
			'WorkDescription is neither a field after Rec. nor a variable of the page.',
		],
		[
			'a variable of a type no property has',
			DOCUMENTS,
			'WorkDescription: Text;',
			'WorkDescription: OutStream;',
			'No property shows a OutStream. Use Text',
		],
		[
			'a variable that takes what is sent nowhere',
			DOCUMENTS,
			'trigger OnValidate()',
			'trigger OnLookup()',
			'What is sent as workDescription goes nowhere. Give it a trigger OnValidate',
		],
		[
			'a variable that nothing fills',
			DOCUMENTS,
			'trigger OnAfterGetRecord()',
			'trigger OnOpenPage()',
			'Nothing fills WorkDescription. Fill it in OnAfterGetRecord.',
		],
		[
			'code that names no field',
			NOTES,
			'Rec."Record ID" :=',
			'Rec."Record" :=',
			'Record Link has no field "Record". Correct the name after Rec.',
		],
		['code that names no member', NOTES, 'Rec.Type::Note', 'Rec.Type::Remark', '"Type" has no member "Remark". Choose one of Link, Note.'],
		[
			'an action that nobody can call',
			DOCUMENTS,
			'    [ServiceEnabled]\n    procedure archive',
			'    procedure archive',
			'archive is neither local nor served. Write [ServiceEnabled]',
		],
		[
			'a page without permission',
			SET,
			'page "D365Sync Resources" = X,\n',
			'',
			'page "D365Sync Resources" is missing (line 1 of its page). Add page "D365Sync Resources" = X',
		],
		['a table without permission', SET, 'tabledata Resource = RIMD,\n', '', 'tabledata "Resource" is missing'],
		[
			'too many rights',
			SET,
			'tabledata Customer = RM',
			'tabledata Customer = RIMD',
			'tabledata "Customer" has the rights RIMD, and the pages need RM. Write tabledata "Customer" = RM',
		],
		[
			'too few rights',
			SET,
			'tabledata Resource = RIMD',
			'tabledata Resource = R',
			'tabledata "Resource" has the rights R, and the pages need RIMD.',
		],
		[
			'a right that no page needs',
			SET,
			'tabledata Vendor =',
			'tabledata "G/L Entry" =',
			'No page needs tabledata "G/L Entry". Take it away.',
		],
		[
			'a permission without comma',
			SET,
			'tabledata Vendor = RM,',
			'tabledata Vendor = RM',
			'This entry is not understood at tabledata. Write page "Name" = X',
		],
		['a semicolon that is missing', AGENTS, 'PageType = API;', 'PageType = API', 'The ; is missing. End the line with ;'],
		['a brace that is missing', AGENTS, '    layout\n    {', '    layout\n', 'Expected {, found area. Write { here'],
		['a quote that is left open', AGENTS, "'shippingAgents', Locked", "'shippingAgents, Locked", 'The character "\'" cannot stand here.'],
		['an object of another kind', AGENTS, 'page 50104', 'table 50104', 'Only pages and permission sets are read.'],
		['a symbol that is left open', 'src/SalesPrices.Page.al', '#endif', '', 'This #if has no #endif. Add #endif'],
	])('%s', (_what, file, from, to, message) => {
		const found = told(withMistake(file, from, to));
		expect(found.filter((each) => each.includes(message))).toHaveLength(1);
		expect(found.find((each) => each.includes(message))).toMatch(/^src\/\w+(\.\w+)*\.al:\d+: /);
	});

	test('the line is the one of the mistake', () => {
		const [problem] = problemsOf(withMistake(AGENTS, 'Rec."Account No."', 'Rec."Acount No."'));
		expect(problem).toMatchObject({ file: AGENTS, line: lineOf(AGENTS, 'Rec."Account No."') });
		const [right] = problemsOf(withMistake(SET, 'tabledata Resource = RIMD', 'tabledata Resource = R'));
		expect(right).toMatchObject({ file: SET, line: lineOf(SET, 'tabledata Resource = RIMD') });
	});

	test('two objects in one file, and no permission set', () => {
		const twice = new Map(project.sources).set(AGENTS, project.sources.get(AGENTS)! + project.sources.get(RESOURCES)!);
		twice.delete(RESOURCES);
		expect(told({ ...project, sources: twice })).toContainEqual(
			expect.stringContaining('The file holds D365Sync Shipping Agents already.'),
		);
		const without = new Map(project.sources);
		without.delete(SET);
		expect(told({ ...project, sources: without })).toContainEqual(expect.stringContaining('There are 0 permission sets.'));
	});

	test.each<[string, object, string]>([
		['an id that is none', { id: '1' }, 'app.json:1: The id is no GUID.'],
		['a version that is none', { version: '1' }, 'app.json:1: The version is not of the form 1.0.0.0.'],
		['numbers of Microsoft', { idRanges: [{ from: 100, to: 50_149 }] }, "app.json:1: The range 100 to 50149 is not one of a tenant's own."],
		['a symbol nobody asks for', { preprocessorSymbols: ['OLD'] }, 'app.json:1: No source asks for the symbol OLD.'],
	])('in app.json: %s', (_what, change, message) => {
		expect(told({ ...project, manifest: { ...project.manifest, ...change } })).toContainEqual(expect.stringContaining(message));
	});
});

test.each([
	['No.', 'no'],
	['Qty. per Unit of Measure', 'qtyPerUnitOfMeasure'],
	['VAT Bus. Posting Gr. (Price)', 'vatBusPostingGrPrice'],
	['Payment Discount %', 'paymentDiscountPercent'],
	['E-Mail 2', 'eMail2'],
	['SystemId', 'id'],
])('%s is shown as %s', (field, name) => {
	expect(propertyNameOf(field)).toBe(name);
});
