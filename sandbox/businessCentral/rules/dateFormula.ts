/** Date formulas of AL as far as payment terms use them: `30D`, `1M`, `2W`, `CM+15D`, `CM` (end of the month). An empty one leaves the date. */
export function addPeriod(date: string, formula: string): string {
	const day = new Date(`${date || '0001-01-01'}T00:00:00Z`);
	for (const [, sign = '+', current, count = '1', unit = 'D'] of formula.toUpperCase().matchAll(/([+-])?(C)?(\d+)?([DWMQY])/g)) {
		const amount = Number(count) * (sign === '-' ? -1 : 1);
		if (current) endOf(day, unit);
		else if (unit === 'D') day.setUTCDate(day.getUTCDate() + amount);
		else if (unit === 'W') day.setUTCDate(day.getUTCDate() + 7 * amount);
		else addMonths(day, amount * (unit === 'M' ? 1 : unit === 'Q' ? 3 : 12));
	}
	return day.toISOString().slice(0, 10);
}

function endOf(day: Date, unit: string): void {
	if (unit === 'M') day.setUTCMonth(day.getUTCMonth() + 1, 0);
	if (unit === 'Q') day.setUTCMonth(Math.floor(day.getUTCMonth() / 3) * 3 + 3, 0);
	if (unit === 'Y') day.setUTCMonth(12, 0);
	if (unit === 'W') day.setUTCDate(day.getUTCDate() + ((7 - day.getUTCDay()) % 7));
}

/** The last day of a shorter month stands for days it does not have. */
function addMonths(day: Date, months: number): void {
	const wanted = day.getUTCDate();
	day.setUTCDate(1);
	day.setUTCMonth(day.getUTCMonth() + months + 1, 0);
	day.setUTCDate(Math.min(wanted, day.getUTCDate()));
}
