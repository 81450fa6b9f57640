import { SyncError } from '../../model/errors';
import type { Registered } from './sameConnection';

const inWords = ({ bcAddress, crmAddress, openedMs }: Registered): string =>
	`${bcAddress} with ${crmAddress} (used last ${new Date(openedMs).toISOString().slice(0, 16).replace('T', ' ')} UTC)`;

/** Two spellings of one connection, each with state of its own, that cannot both be right. */
export const connectionDoubled = (one: Registered, other: Registered, found: readonly string[]): SyncError =>
	new SyncError({
		code: 'CONNECTION_DOUBLED',
		errorClass: 'setup',
		system: 'store',
		message: `The state store knows this connection twice, under two spellings of its addresses: ${inWords(one)}, and ${inWords(other)}. Both systems are the same, but the two contradict each other: ${found.join('; ')}. Nothing was changed.`,
		hint: 'Decide with Read Sync Log → Settle Doubled State which of the two counts where they contradict each other; everything else of both is kept. Back the state up before (Read Sync Log → Back Up State).',
	});

/** What is to be taken over contradicts what this connection has synchronized itself. */
export const environmentsContradict = (own: Registered, other: Registered, found: readonly string[]): SyncError =>
	new SyncError({
		code: 'ENVIRONMENTS_CONTRADICT',
		errorClass: 'setup',
		system: 'store',
		message: `The couplings of ${inWords(other)} were not taken over, because ${inWords(own)} has couplings of its own, and the two contradict each other: ${found.join('; ')}. Nothing was changed.`,
		hint: 'Uncouple these records here (Couple Records → Uncouple) if the couplings of the other environment are right, give the mappings the same settings (Table Mappings), and take over again. To go on as it is, nothing needs to be done.',
	});

export const connectionBusy = (other: Registered, mapping: string): SyncError =>
	new SyncError({
		code: 'CONNECTION_BUSY',
		errorClass: 'transient',
		system: 'store',
		message: `The state store knows this connection under two spellings of its addresses and is to join them, but ${mapping} is being synchronized right now under ${inWords(other)}. Nothing was changed.`,
		hint: 'Nothing needs to be done: the two become one when that run has ended. Give all credentials of the connection the same spelling.',
	});
