/**
 * States of a record that trying again does not change: somebody has to do something about them first. Told once, and then left alone until the record
 * or its partner changes, or somebody asks for another try.
 */
const LASTING: ReadonlySet<string> = new Set(['OTHER_COMPANY', 'PARTNER_MERGED', 'LEFT_FILTER']);

/** By the code of the error that tells of it. */
export const isLasting = (code: string): boolean => LASTING.has(code);
