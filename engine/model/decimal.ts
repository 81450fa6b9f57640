/**
 * An exact decimal: a whole number of digits, and how many of them stand behind the decimal sign. Amounts are reckoned with these: in binary fractions
 * 1.005 is a little less than itself, and 3 × 0.335 a little more.
 */
export class Decimal {
	private constructor(
		private readonly digits: bigint,
		/** Digits behind the decimal sign, 0 or more. */
		private readonly scale: number,
	) {}

	/** The number as its shortest decimal spelling says it, which is what a service sent. Null for what is no finite number. */
	static of(value: number | string): Decimal | null {
		const number = typeof value === 'number' ? value : Number(value.trim() === '' ? NaN : value);
		if (!Number.isFinite(number)) return null;
		const text = typeof value === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? value.trim() : String(number);
		const [, sign, whole = '', fraction = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text)!;
		const places = fraction.length - Number(exponent);
		const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
		return places >= 0 ? new Decimal(digits, places) : new Decimal(digits * 10n ** BigInt(-places), 0);
	}

	static readonly ZERO = new Decimal(0n, 0);

	/** The number, and 0 for nothing. */
	static orZero(value: number | string | boolean | null | undefined): Decimal {
		return (typeof value === 'number' || typeof value === 'string' ? Decimal.of(value) : null) ?? Decimal.ZERO;
	}

	plus(other: Decimal): Decimal {
		const scale = Math.max(this.scale, other.scale);
		return new Decimal(this.at(scale) + other.at(scale), scale);
	}

	minus(other: Decimal): Decimal {
		return this.plus(new Decimal(-other.digits, other.scale));
	}

	equals(other: Decimal): boolean {
		return this.minus(other).sign === 0;
	}

	/** Without its sign. */
	get magnitude(): Decimal {
		return this.sign < 0 ? new Decimal(-this.digits, this.scale) : this;
	}

	times(other: Decimal): Decimal {
		return new Decimal(this.digits * other.digits, this.scale + other.scale);
	}

	/** The quotient to so many places, half away from zero. Null when divided by zero. */
	dividedBy(other: Decimal, places: number): Decimal | null {
		if (other.digits === 0n) return null;
		const shift = places + other.scale - this.scale;
		const [top, bottom] =
			shift >= 0 ? [this.digits * 10n ** BigInt(shift), other.digits] : [this.digits, other.digits * 10n ** BigInt(-shift)];
		return new Decimal(divided(top, bottom, 'nearest'), places);
	}

	/**
	 * To so many places (negative: to tens, hundreds): `nearest` half away from zero, as money is rounded, `up` away from zero, `down` towards zero.
	 */
	rounded(places: number, method: 'nearest' | 'up' | 'down' = 'nearest'): Decimal {
		if (places >= this.scale) return this;
		const digits = divided(this.digits, 10n ** BigInt(this.scale - places), method);
		return places >= 0 ? new Decimal(digits, places) : new Decimal(digits * 10n ** BigInt(-places), 0);
	}

	private at(scale: number): bigint {
		return this.digits * 10n ** BigInt(scale - this.scale);
	}

	/** 0, 1 or −1. */
	get sign(): number {
		return this.digits === 0n ? 0 : this.digits < 0n ? -1 : 1;
	}

	toNumber(): number {
		return this.digits === 0n ? 0 : Number(`${this.digits}e-${this.scale}`);
	}

	/** Digits only, no exponent, with exactly so many places. */
	toFixed(places: number): string {
		const rounded = this.rounded(places);
		const digits = String(rounded.digits < 0n ? -rounded.digits : rounded.digits) + '0'.repeat(places - rounded.scale);
		const padded = digits.padStart(places + 1, '0');
		const sign = rounded.digits < 0n ? '-' : '';
		return places === 0 ? sign + padded : `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
	}
}

function divided(top: bigint, bottom: bigint, method: 'nearest' | 'up' | 'down'): bigint {
	const negative = top < 0n !== bottom < 0n;
	const [over, under] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom];
	const rest = over % under;
	const goesUp = method === 'up' ? rest > 0n : method === 'nearest' && rest * 2n >= under;
	const result = over / under + (goesUp ? 1n : 0n);
	return negative ? -result : result;
}

/** The amount rounded as money is: half away from zero. What is no number stays as it is. */
export const roundedMoney = (value: number, places: number): number => Decimal.of(value)?.rounded(places).toNumber() ?? value;

/** The exact product of two numbers; NaN where one of them is none. */
export function product(one: number, other: number): number {
	const [left, right] = [Decimal.of(one), Decimal.of(other)];
	return left && right ? left.times(right).toNumber() : NaN;
}
