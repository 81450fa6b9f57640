/** Codes of the page whose remedy nobody can follow in a test, each with the reason. */
export const UNWALKED: Readonly<Record<string, string>> = {
	// Faults of the program: the remedy is to report them.
	RUN_FAILED: 'a job that failed without telling why; every job tells why, so this is the last resort of the node',
	STORE_BAD_STAMP: 'the remedy is to report it; test/engine/store provokes it',
	STORE_CLOSED: 'the remedy is to report it; test/engine/store provokes it',
	STORE_FAILED: 'the remedy is to report it',
	BC_COMPANION_UNKNOWN:
		'a definition names an additional page that it does not bring; saving and the check before a run refuse that first (MAPPING_INVALID)',
	LOOKUP_WITHOUT_MAPPING: 'the check before a run refuses a reference to a mapping that does not exist (MAPPING_INVALID)',
	CRM_LOOKUP_UNKNOWN: 'the check before a run names a column that is not there (SETUP_FIELD_MISSING)',
	CRM_LOOKUP_VALUE: 'saving refuses a lookup column that is not mapped as one (MAPPING_INVALID)',
	// What no record of today's table mappings can come to.
	GROUP_TOO_LARGE: 'no table mapping writes documents with lines as one; test/engine/systems provokes it',
	BC_GROUP_COMPANION: 'no table mapping writes records with additional pages in one transaction; test/engine/systems provokes it',
	CRM_CHOICE_FILTER: 'runs look at filters of choices by themselves and do not ask the service; test/engine/systems provokes it',
	CRM_CHOICE_WITHOUT_LABEL: 'Business Central has no record without a code; test/engine/systems provokes it',
	// What a run settles before anybody is told.
	BC_NO_ROW: 'a change that is confirmed without its record is read back, and a creation waits as INSERT_UNSETTLED, which is walked',
	CRM_CHANGES_NOT_TRACKED: 'the run reads changes by their time stamps instead; nothing is to be done',
	// What needs a program that is no part of the package.
	BACKUP_BY_PG_DUMP: 'the command that is shown needs pg_dump; test/e2e/operations/backups runs it where it is installed',
};
