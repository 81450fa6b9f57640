import { type IExecuteFunctions, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';

/** Operations that synchronize no records, so that none can fail. */
const WITHOUT_RECORDS = ['review', 'checkSetUp', 'settleCopied'];

/** Nodes of version 1 have both outputs whatever they do, and their workflows may have connected both. */
export const hasOneOutput = (context: IExecuteFunctions): boolean =>
	(context.getNode().typeVersion ?? 1) > 1 && WITHOUT_RECORDS.includes(String(context.getNodeParameter('operation', 0)));

const output = (displayName: string): { type: string; displayName: string } => ({ type: NodeConnectionTypes.Main, displayName });

/** As the editor and n8n work them out for a node, by its version and operation. */
export const outputsOf: INodeTypeDescription['outputs'] = `={{ $nodeVersion > 1 && ${JSON.stringify(WITHOUT_RECORDS)}.includes($parameter["operation"]) ? ${JSON.stringify([output('Done')])} : ${JSON.stringify([output('Done'), output('Failed')])} }}`;
