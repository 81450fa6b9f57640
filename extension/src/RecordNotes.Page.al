page 50119 "D365Sync Record Notes"
{
    PageType = API;
    Caption = 'recordNotes', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'recordNote';
    EntitySetName = 'recordNotes';
    SourceTable = "Record Link";
    SourceTableView = where(Type = const(Note));
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
                field(linkID; Rec."Link ID")
                {
                    Caption = 'linkID', Locked = true;
                    Editable = false;
                }
                field(created; Rec.Created)
                {
                    Caption = 'created', Locked = true;
                    Editable = false;
                }
                field(userID; Rec."User ID")
                {
                    Caption = 'userID', Locked = true;
                    Editable = false;
                }
                field(company; Rec.Company)
                {
                    Caption = 'company', Locked = true;
                    Editable = false;
                }
                field(tableNo; TableNo)
                {
                    Caption = 'tableNo', Locked = true;

                    trigger OnValidate()
                    begin
                        Rec.TestField("Link ID", 0);
                    end;
                }
                field(recordSystemId; RecordSystemId)
                {
                    Caption = 'recordSystemId', Locked = true;

                    trigger OnValidate()
                    begin
                        Rec.TestField("Link ID", 0);
                    end;
                }
                field(note; NoteText)
                {
                    Caption = 'note', Locked = true;

                    trigger OnValidate()
                    begin
                        RecordLinkManagement.WriteNote(Rec, NoteText);
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

    trigger OnOpenPage()
    begin
        Rec.SetRange(Company, CompanyName());
    end;

    trigger OnAfterGetRecord()
    var
        RecRef: RecordRef;
    begin
        Clear(RecordSystemId);
        TableNo := Rec."Record ID".TableNo();
        if RecRef.Get(Rec."Record ID") then
            RecordSystemId := RecRef.Field(RecRef.SystemIdNo()).Value();
        Rec.CalcFields(Note);
        NoteText := RecordLinkManagement.ReadNote(Rec);
    end;

    trigger OnInsertRecord(BelowxRec: Boolean): Boolean
    var
        RecRef: RecordRef;
    begin
        RecRef.Open(TableNo);
        RecRef.GetBySystemId(RecordSystemId);
        Rec."Record ID" := RecRef.RecordId();
        Rec.Type := Rec.Type::Note;
        Rec.Created := CurrentDateTime();
        Rec."User ID" := CopyStr(UserId(), 1, MaxStrLen(Rec."User ID"));
        Rec.Company := CopyStr(CompanyName(), 1, MaxStrLen(Rec.Company));
        exit(true);
    end;

    var
        RecordLinkManagement: Codeunit "Record Link Management";
        RecordSystemId: Guid;
        TableNo: Integer;
        NoteText: Text;
}
