import type { Side } from './side';

/** Direction of a mapping or a field: `toCrm` = Business Central to CRM, `fromCrm` = CRM to Business Central. */
export type Direction = 'toCrm' | 'fromCrm' | 'bidirectional';

/** Direction of one pass. */
export type PassDirection = 'toCrm' | 'fromCrm';

export const sourceSide = (direction: PassDirection): Side => (direction === 'toCrm' ? 'businessCentral' : 'crm');

export const targetSide = (direction: PassDirection): Side => (direction === 'toCrm' ? 'crm' : 'businessCentral');

/** The other way. */
/** A first synchronization in that direction: whose values count. */
export const firstWinner = (direction: PassDirection): 'send' | 'get' => (direction === 'toCrm' ? 'send' : 'get');

export const opposite = (direction: PassDirection): PassDirection => (direction === 'toCrm' ? 'fromCrm' : 'toCrm');
/** The direction of a pass that reads from this side. */
export const directionFrom = (side: Side): PassDirection => (side === 'businessCentral' ? 'toCrm' : 'fromCrm');
