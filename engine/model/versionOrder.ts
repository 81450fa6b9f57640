/** Row versions that are numbers: those of Dataverse, counted up over the whole database with every write. */
const NUMBER = /^(?:W\/)?"(\d{1,19})"$/;

const numberOf = (version: string | null): bigint | null => {
	const digits = version === null ? undefined : NUMBER.exec(version)?.[1];
	return digits === undefined ? null : BigInt(digits);
};

/**
 * Which of two versions of a record is the newer one: below zero when it is the second, null where versions carry no order (Business Central's are
 * hashes). A record whose version is older than one that was seen before was put back, whatever stands in it now.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/optimistic-concurrency, "RowVersion"; the number counts on with each write.
 */
export function compareVersions(version: string, known: string | null): number | null {
	const [now, before] = [numberOf(version), numberOf(known)];
	return now === null || before === null ? null : now < before ? -1 : now > before ? 1 : 0;
}

export const isOlderVersion = (version: string, known: string | null): boolean => (compareVersions(version, known) ?? 0) < 0;
