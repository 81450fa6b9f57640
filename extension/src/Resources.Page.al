page 50108 "D365Sync Resources"
{
    PageType = API;
    Caption = 'resources', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'resource';
    EntitySetName = 'resources';
    SourceTable = Resource;
    ODataKeyFields = SystemId;
    DelayedInsert = true;
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
                field(type; Rec.Type)
                {
                    Caption = 'type', Locked = true;
                }
                field(name; Rec.Name)
                {
                    Caption = 'name', Locked = true;
                }
                field(searchName; Rec."Search Name")
                {
                    Caption = 'searchName', Locked = true;
                }
                field(name2; Rec."Name 2")
                {
                    Caption = 'name2', Locked = true;
                }
                field(address; Rec.Address)
                {
                    Caption = 'address', Locked = true;
                }
                field(address2; Rec."Address 2")
                {
                    Caption = 'address2', Locked = true;
                }
                field(city; Rec.City)
                {
                    Caption = 'city', Locked = true;
                }
                field(county; Rec.County)
                {
                    Caption = 'county', Locked = true;
                }
                field(postCode; Rec."Post Code")
                {
                    Caption = 'postCode', Locked = true;
                }
                field(countryRegionCode; Rec."Country/Region Code")
                {
                    Caption = 'countryRegionCode', Locked = true;
                }
                field(jobTitle; Rec."Job Title")
                {
                    Caption = 'jobTitle', Locked = true;
                }
                field(resourceGroupNo; Rec."Resource Group No.")
                {
                    Caption = 'resourceGroupNo', Locked = true;
                }
                field(baseUnitOfMeasure; Rec."Base Unit of Measure")
                {
                    Caption = 'baseUnitOfMeasure', Locked = true;
                }
                field(directUnitCost; Rec."Direct Unit Cost")
                {
                    Caption = 'directUnitCost', Locked = true;
                }
                field(indirectCostPercent; Rec."Indirect Cost %")
                {
                    Caption = 'indirectCostPercent', Locked = true;
                }
                field(unitCost; Rec."Unit Cost")
                {
                    Caption = 'unitCost', Locked = true;
                }
                field(profitPercent; Rec."Profit %")
                {
                    Caption = 'profitPercent', Locked = true;
                }
                field(unitPrice; Rec."Unit Price")
                {
                    Caption = 'unitPrice', Locked = true;
                }
                field(vendorNo; Rec."Vendor No.")
                {
                    Caption = 'vendorNo', Locked = true;
                }
                field(capacity; Rec.Capacity)
                {
                    Caption = 'capacity', Locked = true;
                    Editable = false;
                }
                field(genProdPostingGroup; Rec."Gen. Prod. Posting Group")
                {
                    Caption = 'genProdPostingGroup', Locked = true;
                }
                field(vatProdPostingGroup; Rec."VAT Prod. Posting Group")
                {
                    Caption = 'vatProdPostingGroup', Locked = true;
                }
                field(blocked; Rec.Blocked)
                {
                    Caption = 'blocked', Locked = true;
                }
                field(privacyBlocked; Rec."Privacy Blocked")
                {
                    Caption = 'privacyBlocked', Locked = true;
                }
                field(lastDateModified; Rec."Last Date Modified")
                {
                    Caption = 'lastDateModified', Locked = true;
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
}
