/** SQL Server `datetime` holds 1/300 s: milliseconds end in 0, 3 or 7. */
export const roundStamp = (epochMs: number): number => Math.round((Math.round((epochMs * 3) / 10) * 10) / 3);

export const stampText = (epochMs: number): string => new Date(epochMs).toISOString();
