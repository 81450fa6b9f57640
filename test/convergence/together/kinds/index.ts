import { currency, salesperson, terms } from './codes';
import type { Kind, KindName } from './kind';
import { customer, person, vendor } from './parties';
import { item, line, list, resource, unit } from './products';

/** What refers to others comes after them. */
export const KINDS: readonly Kind[] = [salesperson, currency, terms, customer, vendor, person, item, resource, unit, list, line];
export const kindNamed = (name: KindName): Kind => KINDS.find((kind) => kind.name === name)!;
