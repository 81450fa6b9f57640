page 50115 "D365Sync Posted Shipments"
{
    PageType = API;
    Caption = 'postedSalesShipments', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'postedSalesShipment';
    EntitySetName = 'postedSalesShipments';
    SourceTable = "Sales Shipment Header";
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
                field(orderNo; Rec."Order No.")
                {
                    Caption = 'orderNo', Locked = true;
                }
                field(yourReference; Rec."Your Reference")
                {
                    Caption = 'yourReference', Locked = true;
                }
                field(externalDocumentNo; Rec."External Document No.")
                {
                    Caption = 'externalDocumentNo', Locked = true;
                }
                field(postingDate; Rec."Posting Date")
                {
                    Caption = 'postingDate', Locked = true;
                }
                field(shipmentDate; Rec."Shipment Date")
                {
                    Caption = 'shipmentDate', Locked = true;
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
                field(lastModifiedDateTime; Rec.SystemModifiedAt)
                {
                    Caption = 'lastModifiedDateTime', Locked = true;
                    Editable = false;
                }
            }
        }
    }
}
