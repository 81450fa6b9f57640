import { upperCase } from '../../model/upperCase';

/** Code[35] of table Sales Header. */
const LENGTH = 35;

/**
 * What a document created by us carries as its external document number until it is coupled, so that it is found again when the answer to its creation was
 * lost: the number of the CRM document, which is unique; of a longer one its end, where numbers differ. In capitals, as Business Central keeps it.
 */
export const markerOf = (number: string): string => upperCase(number.trim().slice(-LENGTH).trim());

/** An external document number as Business Central keeps it: cut to its length, without blanks around it, in capitals. */
export const externalNumber = (text: string): string => upperCase(text.trim().slice(0, LENGTH).trim());

/** Both spelled as the service keeps them. */
export const isSameNumber = (one: string, other: string): boolean => upperCase(one.trim()) === upperCase(other.trim());
