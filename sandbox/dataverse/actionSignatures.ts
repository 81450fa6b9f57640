import { DataverseError } from './errors';

export interface Signature {
	/** Parameter → Edm type. */
	parameters: Record<string, string>;
	/** Edm type of what comes back; absent: 204. */
	returns?: string;
	/** Table the action is bound to, or `Collection(…)` of it. */
	boundTo?: string;
}

const columnSet = 'mscrm.ColumnSet';
const closing = (parameter: string, type: string): Signature => ({ parameters: { Status: 'Edm.Int32', [parameter]: `mscrm.${type}` } });
const converting = (id: string, returns: string): Signature => ({
	parameters: { [id]: 'Edm.Guid', ColumnSet: columnSet, ProcessInstanceId: 'mscrm.processsession', QuoteCloseDate: 'Edm.DateTimeOffset', QuoteCloseStatus: 'Edm.Int32', QuoteCloseSubject: 'Edm.String', QuoteCloseDescription: 'Edm.String' }, // prettier-ignore
	returns: `mscrm.${returns}`,
});
const pricing = (id: string): Signature => ({ parameters: { [id]: 'Edm.Guid' } });
const option = {
	OptionSetName: 'Edm.String',
	EntityLogicalName: 'Edm.String',
	AttributeLogicalName: 'Edm.String',
	SolutionUniqueName: 'Edm.String',
};
const label = { Label: 'mscrm.Label', Description: 'mscrm.Label', ExternalValue: 'Edm.String', ParentValues: 'Collection(Edm.Int32)' };

/** Actions of the service with their parameters. Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/actions */
export const signatures: Record<string, Signature> = {
	WinOpportunity: closing('OpportunityClose', 'opportunityclose'),
	LoseOpportunity: closing('OpportunityClose', 'opportunityclose'),
	FulfillSalesOrder: closing('OrderClose', 'orderclose'),
	CancelSalesOrder: closing('OrderClose', 'orderclose'),
	WinQuote: closing('QuoteClose', 'quoteclose'),
	CloseQuote: closing('QuoteClose', 'quoteclose'),
	ReviseQuote: converting('QuoteId', 'quote'),
	ConvertQuoteToSalesOrder: converting('QuoteId', 'salesorder'),
	ConvertSalesOrderToInvoice: converting('SalesOrderId', 'invoice'),
	GenerateSalesOrderFromOpportunity: converting('OpportunityId', 'salesorder'),
	GenerateQuoteFromOpportunity: converting('OpportunityId', 'quote'),
	GenerateInvoiceFromOpportunity: converting('OpportunityId', 'invoice'),
	GetQuoteProductsFromOpportunity: { ...pricing('OpportunityId'), boundTo: 'quote' },
	GetSalesOrderProductsFromOpportunity: { ...pricing('OpportunityId'), boundTo: 'salesorder' },
	GetInvoiceProductsFromOpportunity: { ...pricing('OpportunityId'), boundTo: 'invoice' },
	LockSalesOrderPricing: pricing('SalesOrderId'),
	UnlockSalesOrderPricing: pricing('SalesOrderId'),
	LockInvoicePricing: pricing('InvoiceId'),
	UnlockInvoicePricing: pricing('InvoiceId'),
	CalculatePrice: { parameters: { Target: 'mscrm.crmbaseentity' } },
	RecalculatePrice: { parameters: { Target: 'mscrm.crmbaseentity', entityLogicalName: 'Edm.String', entityId: 'Edm.Guid' } },
	Merge: { parameters: { Target: 'mscrm.crmbaseentity', Subordinate: 'mscrm.crmbaseentity', UpdateContent: 'mscrm.crmbaseentity', PerformParentingChecks: 'Edm.Boolean' } }, // prettier-ignore
	QualifyLead: {
		parameters: { CreateAccount: 'Edm.Boolean', CreateContact: 'Edm.Boolean', CreateOpportunity: 'Edm.Boolean', OpportunityCurrencyId: 'mscrm.transactioncurrency', OpportunityCustomerId: 'mscrm.crmbaseentity', SourceCampaignId: 'mscrm.campaign', Status: 'Edm.Int32', SuppressDuplicateDetection: 'Edm.Boolean' }, // prettier-ignore
		returns: 'Collection(mscrm.crmbaseentity)',
		boundTo: 'lead',
	},
	PublishDuplicateRule: { parameters: {}, returns: 'mscrm.PublishDuplicateRuleResponse', boundTo: 'duplicaterule' },
	UnpublishDuplicateRule: { parameters: { DuplicateRuleId: 'Edm.Guid' } },
	PublishProductHierarchy: { parameters: {}, boundTo: 'product' },
	RevertProduct: { parameters: {}, boundTo: 'product' },
	InsertOptionValue: { parameters: { ...option, ...label, Value: 'Edm.Int32' }, returns: 'mscrm.InsertOptionValueResponse' },
	UpdateOptionValue: { parameters: { ...option, ...label, Value: 'Edm.Int32', MergeLabels: 'Edm.Boolean' } },
	DeleteOptionValue: { parameters: { ...option, Value: 'Edm.Int32' } },
	OrderOption: { parameters: { ...option, Values: 'Collection(Edm.Int32)' } },
	PublishXml: { parameters: { ParameterXml: 'Edm.String' } },
	PublishAllXml: { parameters: {} },
	CreateMultiple: {
		parameters: { Targets: 'Collection(mscrm.crmbaseentity)' },
		returns: 'mscrm.CreateMultipleResponse',
		boundTo: 'Collection',
	},
	UpdateMultiple: { parameters: { Targets: 'Collection(mscrm.crmbaseentity)' }, boundTo: 'Collection' },
	UpsertMultiple: { parameters: { Targets: 'Collection(mscrm.crmbaseentity)' }, boundTo: 'Collection' },
	InitializeAnnotationBlocksUpload: {
		parameters: { Target: 'mscrm.annotation' },
		returns: 'mscrm.InitializeAnnotationBlocksUploadResponse',
	},
	UploadBlock: { parameters: { BlockId: 'Edm.String', BlockData: 'Edm.Binary', FileContinuationToken: 'Edm.String' } },
	CommitAnnotationBlocksUpload: { parameters: { Target: 'mscrm.annotation', BlockList: 'Collection(Edm.String)', FileContinuationToken: 'Edm.String' }, returns: 'mscrm.CommitAnnotationBlocksUploadResponse' }, // prettier-ignore
	InitializeAnnotationBlocksDownload: {
		parameters: { Target: 'mscrm.annotation' },
		returns: 'mscrm.InitializeAnnotationBlocksDownloadResponse',
	},
	DownloadBlock: { parameters: { Offset: 'Edm.Int64', BlockLength: 'Edm.Int64', FileContinuationToken: 'Edm.String' }, returns: 'mscrm.DownloadBlockResponse' }, // prettier-ignore
};

/** Throws 400 for a parameter the action does not have; none is ignored. */
export function checkParameters(name: string, body: Record<string, unknown>): void {
	const known = signatures[name];
	if (!known) return;
	for (const parameter of Object.keys(body)) {
		if (parameter in known.parameters || parameter.includes('@')) continue;
		throw new DataverseError(
			400,
			'0x0',
			`The parameter '${parameter}' in the request payload is not a valid parameter for the operation '${name}'.`,
		);
	}
}
