page 50112 "D365Sync Price List Lines"
{
    PageType = API;
    Caption = 'priceListLines', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'priceListLine';
    EntitySetName = 'priceListLines';
    SourceTable = "Price List Line";
    SourceTableView = where("Price Type" = filter(Any | Sale));
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
                field(priceListCode; Rec."Price List Code")
                {
                    Caption = 'priceListCode', Locked = true;
                }
                field(lineNo; Rec."Line No.")
                {
                    Caption = 'lineNo', Locked = true;
                }
                field(sourceType; Rec."Source Type")
                {
                    Caption = 'sourceType', Locked = true;
                }
                field(sourceNo; Rec."Source No.")
                {
                    Caption = 'sourceNo', Locked = true;
                }
                field(assetType; Rec."Asset Type")
                {
                    Caption = 'assetType', Locked = true;
                }
                field(assetNo; Rec."Asset No.")
                {
                    Caption = 'assetNo', Locked = true;
                }
                field(description; Rec.Description)
                {
                    Caption = 'description', Locked = true;
                }
                field(variantCode; Rec."Variant Code")
                {
                    Caption = 'variantCode', Locked = true;
                }
                field(workTypeCode; Rec."Work Type Code")
                {
                    Caption = 'workTypeCode', Locked = true;
                }
                field(unitOfMeasureCode; Rec."Unit of Measure Code")
                {
                    Caption = 'unitOfMeasureCode', Locked = true;
                }
                field(minimumQuantity; Rec."Minimum Quantity")
                {
                    Caption = 'minimumQuantity', Locked = true;
                }
                field(amountType; Rec."Amount Type")
                {
                    Caption = 'amountType', Locked = true;
                }
                field(currencyCode; Rec."Currency Code")
                {
                    Caption = 'currencyCode', Locked = true;
                }
                field(unitPrice; Rec."Unit Price")
                {
                    Caption = 'unitPrice', Locked = true;
                }
                field(unitCost; Rec."Unit Cost")
                {
                    Caption = 'unitCost', Locked = true;
                }
                field(directUnitCost; Rec."Direct Unit Cost")
                {
                    Caption = 'directUnitCost', Locked = true;
                }
                field(costFactor; Rec."Cost Factor")
                {
                    Caption = 'costFactor', Locked = true;
                }
                field(lineDiscountPercent; Rec."Line Discount %")
                {
                    Caption = 'lineDiscountPercent', Locked = true;
                }
                field(allowLineDisc; Rec."Allow Line Disc.")
                {
                    Caption = 'allowLineDisc', Locked = true;
                }
                field(allowInvoiceDisc; Rec."Allow Invoice Disc.")
                {
                    Caption = 'allowInvoiceDisc', Locked = true;
                }
                field(priceIncludesVAT; Rec."Price Includes VAT")
                {
                    Caption = 'priceIncludesVAT', Locked = true;
                }
                field(vatBusPostingGrPrice; Rec."VAT Bus. Posting Gr. (Price)")
                {
                    Caption = 'vatBusPostingGrPrice', Locked = true;
                }
                field(startingDate; Rec."Starting Date")
                {
                    Caption = 'startingDate', Locked = true;
                }
                field(endingDate; Rec."Ending Date")
                {
                    Caption = 'endingDate', Locked = true;
                }
                field(status; Rec.Status)
                {
                    Caption = 'status', Locked = true;
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
