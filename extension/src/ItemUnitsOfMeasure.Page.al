page 50106 "D365Sync Item Units"
{
    PageType = API;
    Caption = 'itemUnitsOfMeasure', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'itemUnitOfMeasure';
    EntitySetName = 'itemUnitsOfMeasure';
    SourceTable = "Item Unit of Measure";
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
                field(itemNo; Rec."Item No.")
                {
                    Caption = 'itemNo', Locked = true;
                }
                field(code; Rec.Code)
                {
                    Caption = 'code', Locked = true;
                }
                field(qtyPerUnitOfMeasure; Rec."Qty. per Unit of Measure")
                {
                    Caption = 'qtyPerUnitOfMeasure', Locked = true;
                }
                field(length; Rec.Length)
                {
                    Caption = 'length', Locked = true;
                }
                field(width; Rec.Width)
                {
                    Caption = 'width', Locked = true;
                }
                field(height; Rec.Height)
                {
                    Caption = 'height', Locked = true;
                }
                field(cubage; Rec.Cubage)
                {
                    Caption = 'cubage', Locked = true;
                }
                field(weight; Rec.Weight)
                {
                    Caption = 'weight', Locked = true;
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
