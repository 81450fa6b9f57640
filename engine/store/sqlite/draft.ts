import { randomBytes } from 'node:crypto';
import { closeSync, constants, copyFileSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** What file systems without hard links answer: FAT, some network and container file systems. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK']);

/** A file that gets its name when it is finished: nobody ever finds half of it at that place. For its owner only. */
export class Draft {
	readonly path: string;

	constructor(private readonly target: string) {
		this.path = `${target}.new-${randomBytes(6).toString('hex')}`;
	}

	/** Makes it, empty. */
	make(): void {
		// Nobody can have a file in use that this call has just made: its descriptor may be closed.
		closeSync(openSync(this.path, 'ax', 0o600));
	}

	/** Waits until the disk has it. */
	async flush(): Promise<void> {
		const file = await open(this.path, 'r+');
		try {
			await file.sync();
		} finally {
			await file.close();
		}
	}

	/**
	 * Gives it its name.
	 * @throws EEXIST when a file of that name is there that may not be replaced
	 */
	putInPlace(replace: boolean): void {
		if (replace) return renameSync(this.path, this.target);
		try {
			linkSync(this.path, this.target);
		} catch (error) {
			if (!NO_LINKS.has(String((error as NodeJS.ErrnoException).code))) throw error;
			copyFileSync(this.path, this.target, constants.COPYFILE_EXCL);
		}
	}

	remove(): void {
		rmSync(this.path, { force: true });
		rmSync(`${this.path}-journal`, { force: true });
	}
}
