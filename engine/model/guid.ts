/** Stands for "none" where a service knows no null. */
export const ZERO_GUID = '00000000-0000-0000-0000-000000000000';

/** A GUID as text, without braces. */
export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a value is spelled like a GUID, in capital or small letters. */
export const isGuid = (value: unknown): boolean => typeof value === 'string' && GUID.test(value);
