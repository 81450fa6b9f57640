import { FilterSyntaxError, parseFilter, type FilterNode, type Operand } from '../../odata/filter';
import { isGuid } from '../data/row';
import { BcError, badRequest, notImplemented } from '../errors';
import { upperCase } from '../data/upperCase';
import { encodeMember } from '../model/names';
import { typeName, type Property, type View } from '../model/view';

const functions = new Set(['startswith', 'endswith', 'contains', 'substring', 'tolower', 'toupper']);

/**
 * Reads a $filter and refuses what Business Central refuses (learn.microsoft.com "Using Filter Expressions in OData URIs"). Returns null
 * when there is nothing to filter by — also for `any` and `all`, which BC ignores. Literals come out ready to compare: blank for null,
 * upper case for Code fields.
 */
export function readFilter(text: string | undefined, view: View, schemaVersion: string): FilterNode | null {
	if (!text?.trim()) return null;
	let node: FilterNode;
	try {
		node = parseFilter(text);
	} catch (error) {
		if (error instanceof FilterSyntaxError) throw badRequest(error.message);
		throw error;
	}
	if (hasLambda(node)) return null;
	return check(node, view, schemaVersion >= '2.1');
}

function hasLambda(node: FilterNode): boolean {
	if (node.kind === 'lambda') return true;
	if (node.kind === 'and' || node.kind === 'or') return node.operands.some(hasLambda);
	return node.kind === 'not' && hasLambda(node.operand);
}

function check(node: FilterNode, view: View, extended: boolean): FilterNode {
	switch (node.kind) {
		case 'and':
			return { kind: 'and', operands: node.operands.map((operand) => check(operand, view, extended)) };
		case 'or': {
			const operands = node.operands.map((operand) => check(operand, view, extended));
			const fields = new Set(operands.flatMap(pathsOf));
			if (fields.size > 1) throw notImplemented("The 'OR' operator is not supported on distinct fields on an OData filter.");
			return { kind: 'or', operands };
		}
		case 'comparison': {
			const [left, right] = [propertyOf(node.left, view), propertyOf(node.right, view)];
			const property = left ?? right;
			if (!property || (left && right)) throw notImplemented('A filter must compare a field with a value.');
			checkCalls(node.left, extended);
			checkCalls(node.right, extended);
			const folded = callOf(node.left) ?? callOf(node.right);
			return { ...node, left: literal(node.left, property, folded), right: literal(node.right, property, folded) };
		}
		case 'in': {
			if (!extended) throw notImplemented("The 'in' operator is not supported on an OData filter.");
			const property = propertyOf(node.left, view);
			if (!property) throw notImplemented('A filter must compare a field with a value.');
			const operands = node.values.map((value): FilterNode => {
				return { kind: 'comparison', operator: 'eq', left: node.left, right: literal({ kind: 'literal', literal: value }, property, null) };
			});
			return operands.length === 1 ? operands[0]! : { kind: 'or', operands };
		}
		case 'truth': {
			const { operand } = node;
			if (operand.kind !== 'call') throw notImplemented('Boolean literals and bare fields are not supported on an OData filter.');
			if (operand.args.filter((arg) => propertyOf(arg, view)).length > 1)
				throw notImplemented('A filter must compare a field with a value.');
			const property = propertyOf(operand, view);
			if (!property) throw badRequest(`The function ${operand.name} needs a field.`);
			checkCalls(operand, extended);
			const folded = operand.args.map(callOf).find((name) => name !== null) ?? null;
			return { kind: 'truth', operand: { ...operand, args: operand.args.map((arg) => literal(arg, property, folded)) } };
		}
		case 'not':
			throw notImplemented("The 'NOT' operator is not supported on an OData filter.");
		default:
			throw notImplemented('The filter uses an operator that is not supported.');
	}
}

function propertyOf(operand: Operand, view: View): Property | null {
	if (operand.kind === 'call') return operand.args.map((arg) => propertyOf(arg, view)).find((found) => found !== null) ?? null;
	if (operand.kind !== 'path') return null;
	const name = operand.path.join('/');
	const property = view.byName.get(name) ?? view.byLowerName.get(name.toLowerCase());
	if (!property) throw badRequest(`Could not find a property named '${name}' on type '${typeName(view)}'.`);
	if (property.computed || property.kind === 'stream') {
		throw badRequest(`The property '${name}' cannot be used for $filter because it is not bound directly to a table field.`);
	}
	operand.path.splice(0, operand.path.length, property.name);
	return property;
}

const callOf = (operand: Operand): 'tolower' | 'toupper' | null =>
	operand.kind === 'call' && (operand.name === 'tolower' || operand.name === 'toupper') ? operand.name : null;

function checkCalls(operand: Operand, extended: boolean): void {
	if (operand.kind !== 'call') return;
	if (!functions.has(operand.name)) throw notImplemented(`The function '${operand.name}' is not supported on an OData filter.`);
	for (const arg of operand.args) {
		if (arg.kind === 'call' && callOf(arg) === null && !extended)
			throw notImplemented('Nested functions are not supported on an OData filter.');
		checkCalls(arg, extended);
	}
}

const incompatible = (property: Property, type: string): BcError =>
	badRequest(
		`A binary operator with incompatible types was detected. Found operand types '${property.edmType}' and '${type}' for operator kind 'Equal'.`,
	);

/** A literal as the property stores it. `folded`: tolower and toupper only switch case sensitivity off. */
function literal(operand: Operand, property: Property, folded: 'tolower' | 'toupper' | null): Operand {
	if (operand.kind !== 'literal') return operand;
	const { literal: value } = operand;
	const text = (found: string): Operand => ({ kind: 'literal', literal: { type: 'string', value: found } });
	if (property.kind === 'text' || property.kind === 'code' || property.kind === 'option') {
		if (value.type === 'null') return text('');
		if (value.type !== 'string') throw incompatible(property, value.type);
		if (property.maxLength !== null && value.value.length > property.maxLength) {
			throw new BcError(
				400,
				'Application_FilterErrorException',
				`The filter "='${value.value}'" is not valid for the ${property.field} field. The length of the string is ${value.value.length}, but it must be less than or equal to ${property.maxLength} characters. Value: ${value.value}`,
			);
		}
		if (folded) return text(folded === 'tolower' ? value.value.toLowerCase() : value.value.toUpperCase());
		return property.kind === 'code' ? text(upperCase(value.value)) : operand;
	}
	if (property.kind === 'enum') {
		const name = value.type === 'string' || value.type === 'enum' ? value.value : null;
		if (name === null) throw incompatible(property, value.type);
		if (!property.members.some((member) => encodeMember(member) === name))
			throw badRequest(`The string '${name}' is not a valid enumeration type constant.`);
		return text(name);
	}
	if (property.kind === 'guid') {
		if (value.type === 'guid') return text(value.value);
		throw incompatible(property, value.type === 'string' && isGuid(value.value) ? 'Edm.String' : value.type);
	}
	const expected = { decimal: 'number', integer: 'number', boolean: 'boolean', date: 'date', dateTime: 'datetime', stream: 'null' }[
		property.kind
	];
	if (value.type !== expected) throw incompatible(property, value.type);
	return operand;
}

/** Names of the properties a condition looks at. */
export function pathsOf(node: FilterNode): string[] {
	const ofOperand = (operand: Operand): string[] =>
		operand.kind === 'path' ? [operand.path.join('/')] : operand.kind === 'call' ? operand.args.flatMap(ofOperand) : [];
	switch (node.kind) {
		case 'and':
		case 'or':
			return node.operands.flatMap(pathsOf);
		case 'comparison':
			return [...ofOperand(node.left), ...ofOperand(node.right)];
		case 'truth':
			return ofOperand(node.operand);
		default:
			return [];
	}
}
