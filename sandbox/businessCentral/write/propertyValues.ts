import { isGuid, type Value } from '../data/row';
import { upperCase, type Culture } from '../data/upperCase';
import { BcError, badRequest } from '../errors';
import { decodeMember, encodeMember } from '../model/names';
import { blankOf, type Property } from '../model/view';

const wrongType = (property: Property, value: unknown) =>
	badRequest(
		`Cannot convert a value to target type '${property.edmType}' because of conflict between input format string/number and parameter 'IEEE754Compatible' false/true or an invalid value. Property '${property.name}', type ${typeof value}.`,
	);

const dates = /^\d{4}-\d{2}-\d{2}$/;
const times = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** A value out of a request body as the field stores it. Refuses wrong types, unknown enum members and text that is too long. */
export function fieldValue(property: Property, value: unknown, culture: Culture = 'invariant'): Value {
	// The text types and dates are nullable on the wire and read as blank; the others are not.
	if (value === null && ['text', 'code', 'option', 'date', 'dateTime'].includes(property.kind)) return blankOf(property);
	switch (property.kind) {
		case 'decimal':
		case 'integer':
			if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongType(property, value);
			if (property.kind === 'integer' && !Number.isInteger(value)) throw wrongType(property, value);
			return value;
		case 'boolean':
			if (typeof value !== 'boolean') throw wrongType(property, value);
			return value;
		case 'guid':
			if (typeof value !== 'string' || !isGuid(value)) throw wrongType(property, value);
			return value.toLowerCase();
		case 'date':
			if (typeof value !== 'string' || !dates.test(value) || Number.isNaN(Date.parse(value))) throw wrongType(property, value);
			return value;
		case 'dateTime': {
			if (typeof value !== 'string' || !times.test(value)) throw wrongType(property, value);
			// Without zone: the service default time zone, UTC online.
			const instant = new Date(/(Z|[+-]\d{2}:\d{2})$/.test(value) ? value : `${value}Z`);
			if (Number.isNaN(instant.getTime())) throw wrongType(property, value);
			return instant.toISOString();
		}
		default:
			if (typeof value !== 'string') throw wrongType(property, value);
			return textValue(property, value, culture);
	}
}

function textValue(property: Property, value: string, culture: Culture): string {
	if (property.kind === 'enum') {
		const member = decodeMember(value);
		if (!property.members.includes(member) || encodeMember(member) !== value) {
			throw new BcError(400, 'Unknown', `'${value}' is not an option. The existing options are: ${property.members.join(',')}`);
		}
		return member;
	}
	if (property.kind === 'option') {
		const known = property.members.find((member) => member.toLowerCase() === value.toLowerCase());
		if (property.members.length > 0 && known === undefined) {
			throw new BcError(
				400,
				'Application_EvaluateException',
				`Your entry of '${value}' is not an acceptable value for '${property.name}'.`,
			);
		}
		return known ?? value;
	}
	const text = property.kind === 'code' ? upperCase(value.trim(), culture) : value;
	if (property.maxLength !== null && text.length > property.maxLength) {
		throw new BcError(
			400,
			'Application_StringExceededLength',
			`The length of the string is ${text.length}, but it must be less than or equal to ${property.maxLength} characters. Value: ${text}`,
		);
	}
	return text;
}
