page 50101 "D365Sync Vendors"
{
    PageType = API;
    Caption = 'vendors', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'vendor';
    EntitySetName = 'vendors';
    SourceTable = Vendor;
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
                field(no; Rec."No.")
                {
                    Caption = 'no', Locked = true;
                    Editable = false;
                }
                field(name; Rec.Name)
                {
                    Caption = 'name', Locked = true;
                    Editable = false;
                }
                field(name2; Rec."Name 2")
                {
                    Caption = 'name2', Locked = true;
                }
                field(searchName; Rec."Search Name")
                {
                    Caption = 'searchName', Locked = true;
                }
                field(contact; Rec.Contact)
                {
                    Caption = 'contact', Locked = true;
                }
                field(mobilePhoneNo; Rec."Mobile Phone No.")
                {
                    Caption = 'mobilePhoneNo', Locked = true;
                }
                field(faxNo; Rec."Fax No.")
                {
                    Caption = 'faxNo', Locked = true;
                }
                field(purchaserCode; Rec."Purchaser Code")
                {
                    Caption = 'purchaserCode', Locked = true;
                }
                field(currencyCode; Rec."Currency Code")
                {
                    Caption = 'currencyCode', Locked = true;
                }
                field(languageCode; Rec."Language Code")
                {
                    Caption = 'languageCode', Locked = true;
                }
                field(paymentTermsCode; Rec."Payment Terms Code")
                {
                    Caption = 'paymentTermsCode', Locked = true;
                }
                field(paymentMethodCode; Rec."Payment Method Code")
                {
                    Caption = 'paymentMethodCode', Locked = true;
                }
                field(shipmentMethodCode; Rec."Shipment Method Code")
                {
                    Caption = 'shipmentMethodCode', Locked = true;
                }
                field(shippingAgentCode; Rec."Shipping Agent Code")
                {
                    Caption = 'shippingAgentCode', Locked = true;
                }
                field(primaryContactNo; Rec."Primary Contact No.")
                {
                    Caption = 'primaryContactNo', Locked = true;
                }
                field(privacyBlocked; Rec."Privacy Blocked")
                {
                    Caption = 'privacyBlocked', Locked = true;
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
