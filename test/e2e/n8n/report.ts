type Json = Record<string, unknown>;

/** A file that an item carries; n8n keeps its content elsewhere. */
export interface Binary {
	bytes: number;
	mimeType: string;
	fileName: string;
}

/** What `n8n execute --rawOutput` prints, as far as the checks look at it. */
export interface ExecutionReport {
	status: string;
	data: {
		resultData: {
			runData: Record<
				string,
				Array<{ executionStatus: string; data?: { main: Array<Array<{ json: Json; binary?: Record<string, Binary> }> | null> } }>
			>;
			error?: { message: string };
		};
	};
}

/** Whether the workflow came to the node. */
export const ran = (report: ExecutionReport, node: string): boolean => report.data.resultData.runData[node] !== undefined;

/** Items a node of the workflow gave on one of its outputs. */
export function itemsOf(report: ExecutionReport, node: string, output = 0): Json[] {
	const [run] = report.data.resultData.runData[node] ?? [];
	if (run === undefined) throw new Error(`The node ${node} did not run: ${report.data.resultData.error?.message ?? 'no error'}`);
	if (run.executionStatus !== 'success') throw new Error(`The node ${node} failed: ${JSON.stringify(run).slice(0, 1500)}`);
	return (run.data?.main[output] ?? []).map(({ json }) => json);
}
