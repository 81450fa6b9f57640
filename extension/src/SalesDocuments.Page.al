page 50113 "D365Sync Sales Documents"
{
    PageType = API;
    Caption = 'salesDocuments', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'salesDocument';
    EntitySetName = 'salesDocuments';
    SourceTable = "Sales Header";
    SourceTableView = where("Document Type" = filter(Quote | Order | Invoice));
    ODataKeyFields = SystemId;
    DelayedInsert = true;
    InsertAllowed = false;
    DeleteAllowed = false;
    Extensible = false;

    layout
    {
        area(Content)
        {
            repeater(Records)
            {
                field(id; Rec.SystemId)
                {
                    Caption = 'id', Locked = true;
                    Editable = false;
                }
                field(documentType; Rec."Document Type")
                {
                    Caption = 'documentType', Locked = true;
                    Editable = false;
                }
                field(no; Rec."No.")
                {
                    Caption = 'no', Locked = true;
                    Editable = false;
                }
                field(sellToCustomerNo; Rec."Sell-to Customer No.")
                {
                    Caption = 'sellToCustomerNo', Locked = true;
                    Editable = false;
                }
                field(status; Rec.Status)
                {
                    Caption = 'status', Locked = true;
                    Editable = false;
                }
                field(yourReference; Rec."Your Reference")
                {
                    Caption = 'yourReference', Locked = true;
                }
                field(externalDocumentNo; Rec."External Document No.")
                {
                    Caption = 'externalDocumentNo', Locked = true;
                }
                field(quoteNo; Rec."Quote No.")
                {
                    Caption = 'quoteNo', Locked = true;
                    Editable = false;
                }
                field(opportunityNo; Rec."Opportunity No.")
                {
                    Caption = 'opportunityNo', Locked = true;
                    Editable = false;
                }
                field(orderDate; Rec."Order Date")
                {
                    Caption = 'orderDate', Locked = true;
                }
                field(shipmentDate; Rec."Shipment Date")
                {
                    Caption = 'shipmentDate', Locked = true;
                }
                field(lastShipmentDate; Rec."Last Shipment Date")
                {
                    Caption = 'lastShipmentDate', Locked = true;
                    Editable = false;
                }
                field(paymentTermsCode; Rec."Payment Terms Code")
                {
                    Caption = 'paymentTermsCode', Locked = true;
                }
                field(paymentDiscountPercent; Rec."Payment Discount %")
                {
                    Caption = 'paymentDiscountPercent', Locked = true;
                }
                field(shipmentMethodCode; Rec."Shipment Method Code")
                {
                    Caption = 'shipmentMethodCode', Locked = true;
                }
                field(shippingAgentCode; Rec."Shipping Agent Code")
                {
                    Caption = 'shippingAgentCode', Locked = true;
                }
                field(packageTrackingNo; Rec."Package Tracking No.")
                {
                    Caption = 'packageTrackingNo', Locked = true;
                }
                field(salespersonCode; Rec."Salesperson Code")
                {
                    Caption = 'salespersonCode', Locked = true;
                }
                field(billToCustomerNo; Rec."Bill-to Customer No.")
                {
                    Caption = 'billToCustomerNo', Locked = true;
                    Editable = false;
                }
                field(billToName; Rec."Bill-to Name")
                {
                    Caption = 'billToName', Locked = true;
                }
                field(billToAddress; Rec."Bill-to Address")
                {
                    Caption = 'billToAddress', Locked = true;
                }
                field(billToAddress2; Rec."Bill-to Address 2")
                {
                    Caption = 'billToAddress2', Locked = true;
                }
                field(billToCity; Rec."Bill-to City")
                {
                    Caption = 'billToCity', Locked = true;
                }
                field(billToCounty; Rec."Bill-to County")
                {
                    Caption = 'billToCounty', Locked = true;
                }
                field(billToPostCode; Rec."Bill-to Post Code")
                {
                    Caption = 'billToPostCode', Locked = true;
                }
                field(billToCountryRegionCode; Rec."Bill-to Country/Region Code")
                {
                    Caption = 'billToCountryRegionCode', Locked = true;
                }
                field(completelyShipped; Rec."Completely Shipped")
                {
                    Caption = 'completelyShipped', Locked = true;
                    Editable = false;
                }
                field(workDescription; WorkDescription)
                {
                    Caption = 'workDescription', Locked = true;

                    trigger OnValidate()
                    begin
                        Clear(Rec."Work Description");
                        Rec."Work Description".CreateOutStream(TextStream, TextEncoding::UTF8);
                        TextStream.WriteText(WorkDescription);
                    end;
                }
                field(lastModifiedDateTime; Rec.SystemModifiedAt)
                {
                    Caption = 'lastModifiedDateTime', Locked = true;
                    Editable = false;
                }
            }
        }
    }

    trigger OnAfterGetRecord()
    begin
        WorkDescription := Rec.GetWorkDescription();
    end;

    var
        ReleaseSalesDocument: Codeunit "Release Sales Document";
        ArchiveManagement: Codeunit ArchiveManagement;
        TextStream: OutStream;
        WorkDescription: Text;

    [ServiceEnabled]
    procedure release(var ActionContext: WebServiceActionContext)
    begin
        ReleaseSalesDocument.PerformManualRelease(Rec);
        Done(ActionContext);
    end;

    [ServiceEnabled]
    procedure reopen(var ActionContext: WebServiceActionContext)
    begin
        ReleaseSalesDocument.PerformManualReopen(Rec);
        Done(ActionContext);
    end;

    [ServiceEnabled]
    procedure archive(var ActionContext: WebServiceActionContext)
    begin
        ArchiveManagement.StoreSalesDocument(Rec, false);
        Done(ActionContext);
    end;

    local procedure Done(var ActionContext: WebServiceActionContext)
    begin
        ActionContext.SetObjectType(ObjectType::Page);
        ActionContext.SetObjectId(Page::"D365Sync Sales Documents");
        ActionContext.AddEntityKey(Rec.FieldNo(SystemId), Rec.SystemId);
        ActionContext.SetResultCode(WebServiceActionResultCode::Updated);
    end;
}
