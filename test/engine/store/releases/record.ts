/**
 * `npx tsx test/engine/store/releases/record.ts`: writes down the shape of the newest migration, with rows in it, for both databases. To be run once
 * when a migration is added; recordings that exist are never written again, because they stand for what is on users' disks.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { startPostgres } from '../../../kit/postgres';
import { dataStatements, levels, recordingFile, shapeStatements } from './recording';

async function main(): Promise<void> {
	const server = await startPostgres();
	try {
		for (const level of levels) {
			for (const dialect of ['sqlite', 'postgres'] as const) {
				const file = recordingFile(level, dialect);
				if (existsSync(file)) continue;
				const shape = await shapeStatements(level, dialect, server.settings);
				writeFileSync(file, [...shape, ...dataStatements(shape, dialect)].map((statement) => `${statement};\n`).join(''));
				console.log(`written ${level} for ${dialect}`);
			}
		}
	} finally {
		await server.stop();
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
