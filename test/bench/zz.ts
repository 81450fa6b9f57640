import { openStage } from './stage';
async function main() {
	const n = Number(process.argv[2] ?? 2000);
	for (const kind of (process.argv[3] ?? 'preview').split(',') as Array<'preview' | 'fullSync'>) {
		const stage = await openStage(n, { roundTripMs: 5, perOperationMs: 0 });
		const before = stage.stateSize();
		const o = await stage.measure({ kind });
		console.log(kind, JSON.stringify({ ms: Math.round(o.durationMs), above: ((o.peakRss - o.idleRss) / 1e6).toFixed(0), req: o.requests, writes: o.writes, ins: o.inserted, unch: o.unchanged, failed: o.failed, fin: o.finished, loop: Math.round(o.eventLoopMaxMs), state: [before, stage.stateSize()] }));
		await stage.close();
	}
	process.exit(0);
}
void main();
