page 50103 "D365Sync Items"
{
    PageType = API;
    Caption = 'items', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'item';
    EntitySetName = 'items';
    SourceTable = Item;
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
                field(description; Rec.Description)
                {
                    Caption = 'description', Locked = true;
                    Editable = false;
                }
                field(description2; Rec."Description 2")
                {
                    Caption = 'description2', Locked = true;
                }
                field(searchDescription; Rec."Search Description")
                {
                    Caption = 'searchDescription', Locked = true;
                }
                field(unitVolume; Rec."Unit Volume")
                {
                    Caption = 'unitVolume', Locked = true;
                }
                field(grossWeight; Rec."Gross Weight")
                {
                    Caption = 'grossWeight', Locked = true;
                }
                field(netWeight; Rec."Net Weight")
                {
                    Caption = 'netWeight', Locked = true;
                }
                field(unitsPerParcel; Rec."Units per Parcel")
                {
                    Caption = 'unitsPerParcel', Locked = true;
                }
                field(vendorNo; Rec."Vendor No.")
                {
                    Caption = 'vendorNo', Locked = true;
                }
                field(vendorItemNo; Rec."Vendor Item No.")
                {
                    Caption = 'vendorItemNo', Locked = true;
                }
                field(tariffNo; Rec."Tariff No.")
                {
                    Caption = 'tariffNo', Locked = true;
                }
                field(countryRegionOfOriginCode; Rec."Country/Region of Origin Code")
                {
                    Caption = 'countryRegionOfOriginCode', Locked = true;
                }
                field(salesUnitOfMeasure; Rec."Sales Unit of Measure")
                {
                    Caption = 'salesUnitOfMeasure', Locked = true;
                }
                field(salesBlocked; Rec."Sales Blocked")
                {
                    Caption = 'salesBlocked', Locked = true;
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
