/** Which of the two systems. `crm` is Dynamics 365 Sales / Dataverse. */
export type Side = 'businessCentral' | 'crm';

export const otherSide = (side: Side): Side => (side === 'businessCentral' ? 'crm' : 'businessCentral');

/** One value for each of the two systems. */
export interface BySide<T> {
	readonly businessCentral: T;
	readonly crm: T;
}

/** Both sides, Business Central first. */
export const SIDES: readonly Side[] = ['businessCentral', 'crm'];

/** The systems as people call them. */
export const SYSTEM_NAMES: BySide<string> = { businessCentral: 'Business Central', crm: 'CRM' };
