import type { TableDefinition } from '../model';
import { defineTable, states } from './define';

const regarding = 'regardingobjectid:Lookup(account,contact,lead,opportunity,quote,salesorder,invoice)';
const common = ['subject:String(200)', 'description:Memo(2000)', regarding, 'scheduledstart:DateTime', 'scheduledend:DateTime', 'actualstart:DateTime', 'actualend:DateTime', 'actualdurationminutes:Integer', 'scheduleddurationminutes:Integer?', 'prioritycode:Picklist(0=Low,1=Normal,2=High)', 'isbilled:Boolean', 'isworkflowcreated:Boolean', 'activitytypecode:EntityName?', 'overriddencreatedon:DateTime+', 'importsequencenumber:Integer+']; // prettier-ignore

const activity = (logicalName: string, entitySetName: string, stateNames: ReturnType<typeof states>, more: string[]): TableDefinition =>
	regardingByTable(
		defineTable({ logicalName, entitySetName, primaryId: 'activityid', primaryName: 'subject', ownership: 'UserOwned', states: stateNames }, [...common, ...more]), // prettier-ignore
	);

/** What an activity regards is bound by `regardingobjectid_<target>_<activity>`, e.g. `regardingobjectid_account_task`. */
function regardingByTable(table: TableDefinition): TableDefinition {
	const column = table.columns.find(({ logicalName }) => logicalName === 'regardingobjectid')!;
	if (table.logicalName === 'activitypointer') return table;
	column.navigation = Object.fromEntries(column.targets!.map((target) => [target, `regardingobjectid_${target}_${table.logicalName}`]));
	return table;
}

/** Activities have one row in their own table and one, with the same id, among all activities (`activitypointer`), which cannot be written. */
export const activityTables: TableDefinition[] = [
	activity('task', 'tasks', states({ Open: [2, 3, 4, 7], Completed: [5], Canceled: [6] }), ['category:String(250)', 'subcategory:String(250)', 'percentcomplete:Integer']), // prettier-ignore
	activity('phonecall', 'phonecalls', states({ Open: [1], Completed: [2, 4], Canceled: [3] }), ['phonenumber:String(200)', 'directioncode:Boolean', 'leftvoicemail:Boolean', 'category:String(250)', 'subcategory:String(250)']), // prettier-ignore
	activity('email', 'emails', states({ Open: [1, 8], Completed: [2, 3, 4, 6, 7], Canceled: [5] }), ['directioncode:Boolean', 'sender:String(250)', 'torecipients:String(500)', 'mimetype:String(256)', 'messageid:String(320)', 'senton:DateTime?', 'category:String(250)', 'subcategory:String(250)']), // prettier-ignore
	activity('appointment', 'appointments', states({ Open: [1, 2], Completed: [3], Canceled: [4], Scheduled: [5, 6] }), ['location:String(200)', 'isalldayevent:Boolean', 'globalobjectid:String(300)', 'category:String(250)', 'subcategory:String(250)']), // prettier-ignore
	activity('activitypointer', 'activitypointers', states({ Open: [1], Completed: [2], Canceled: [3], Scheduled: [4] }), []),
	defineTable({ logicalName: 'activityparty', entitySetName: 'activityparties', primaryName: 'partyid', ownership: 'None', bulk: false }, [
		'activityid:Lookup(task,phonecall,email,appointment)',
		'partyid:Lookup(account,contact,lead,systemuser)',
		'addressused:String(320)',
		'participationtypemask:Picklist(1=Sender,2=To Recipient,3=CC Recipient,4=BCC Recipient,5=Required attendee,6=Optional attendee,7=Organizer,8=Regarding,9=Owner)',
	]),
];
