page 50105 "D365Sync Unit Groups"
{
    PageType = API;
    Caption = 'unitGroups', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'unitGroup';
    EntitySetName = 'unitGroups';
    SourceTable = "Unit Group";
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
                field(sourceType; Rec."Source Type")
                {
                    Caption = 'sourceType', Locked = true;
                }
                field(sourceId; Rec."Source Id")
                {
                    Caption = 'sourceId', Locked = true;
                }
                field(code; UnitGroupCode)
                {
                    Caption = 'code', Locked = true;
                    Editable = false;
                }
                field(sourceNo; Rec."Source No.")
                {
                    Caption = 'sourceNo', Locked = true;
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
        // The field Code was removed from the table; the code is made of the number of the source.
        UnitGroupCode := Rec.GetCode();
    end;

    var
        UnitGroupCode: Text;
}
