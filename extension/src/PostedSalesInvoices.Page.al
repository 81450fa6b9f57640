page 50114 "D365Sync Posted Invoices"
{
    PageType = API;
    Caption = 'postedSalesInvoices', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'postedSalesInvoice';
    EntitySetName = 'postedSalesInvoices';
    SourceTable = "Sales Invoice Header";
    ODataKeyFields = SystemId;
    DelayedInsert = true;
    InsertAllowed = false;
    ModifyAllowed = false;
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
                field(no; Rec."No.")
                {
                    Caption = 'no', Locked = true;
                }
                field(sellToCustomerNo; Rec."Sell-to Customer No.")
                {
                    Caption = 'sellToCustomerNo', Locked = true;
                }
                field(billToCustomerNo; Rec."Bill-to Customer No.")
                {
                    Caption = 'billToCustomerNo', Locked = true;
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
                field(yourReference; Rec."Your Reference")
                {
                    Caption = 'yourReference', Locked = true;
                }
                field(externalDocumentNo; Rec."External Document No.")
                {
                    Caption = 'externalDocumentNo', Locked = true;
                }
                field(orderNo; Rec."Order No.")
                {
                    Caption = 'orderNo', Locked = true;
                }
                field(quoteNo; Rec."Quote No.")
                {
                    Caption = 'quoteNo', Locked = true;
                }
                field(postingDate; Rec."Posting Date")
                {
                    Caption = 'postingDate', Locked = true;
                }
                field(dueDate; Rec."Due Date")
                {
                    Caption = 'dueDate', Locked = true;
                }
                field(shipmentDate; Rec."Shipment Date")
                {
                    Caption = 'shipmentDate', Locked = true;
                }
                field(paymentTermsCode; Rec."Payment Terms Code")
                {
                    Caption = 'paymentTermsCode', Locked = true;
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
                field(currencyCode; Rec."Currency Code")
                {
                    Caption = 'currencyCode', Locked = true;
                }
                field(workDescription; WorkDescription)
                {
                    Caption = 'workDescription', Locked = true;
                    Editable = false;
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
        WorkDescription: Text;
}
