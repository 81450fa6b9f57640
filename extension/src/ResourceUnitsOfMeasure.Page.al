page 50107 "D365Sync Resource Units"
{
    PageType = API;
    Caption = 'resourceUnitsOfMeasure', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'resourceUnitOfMeasure';
    EntitySetName = 'resourceUnitsOfMeasure';
    SourceTable = "Resource Unit of Measure";
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
                field(resourceNo; Rec."Resource No.")
                {
                    Caption = 'resourceNo', Locked = true;
                }
                field(code; Rec.Code)
                {
                    Caption = 'code', Locked = true;
                }
                field(qtyPerUnitOfMeasure; Rec."Qty. per Unit of Measure")
                {
                    Caption = 'qtyPerUnitOfMeasure', Locked = true;
                }
                field(relatedToBaseUnitOfMeas; Rec."Related to Base Unit of Meas.")
                {
                    Caption = 'relatedToBaseUnitOfMeas', Locked = true;
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
