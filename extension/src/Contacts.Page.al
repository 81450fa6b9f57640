page 50102 "D365Sync Contacts"
{
    PageType = API;
    Caption = 'contacts', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'contact';
    EntitySetName = 'contacts';
    SourceTable = Contact;
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
                field(firstName; Rec."First Name")
                {
                    Caption = 'firstName', Locked = true;
                }
                field(middleName; Rec."Middle Name")
                {
                    Caption = 'middleName', Locked = true;
                }
                field(surname; Rec.Surname)
                {
                    Caption = 'surname', Locked = true;
                }
                field(jobTitle; Rec."Job Title")
                {
                    Caption = 'jobTitle', Locked = true;
                }
                field(salutationCode; Rec."Salutation Code")
                {
                    Caption = 'salutationCode', Locked = true;
                }
                field(faxNo; Rec."Fax No.")
                {
                    Caption = 'faxNo', Locked = true;
                }
                field(pager; Rec.Pager)
                {
                    Caption = 'pager', Locked = true;
                }
                field(eMail2; Rec."E-Mail 2")
                {
                    Caption = 'eMail2', Locked = true;
                }
                field(salespersonCode; Rec."Salesperson Code")
                {
                    Caption = 'salespersonCode', Locked = true;
                }
                field(currencyCode; Rec."Currency Code")
                {
                    Caption = 'currencyCode', Locked = true;
                }
                field(languageCode; Rec."Language Code")
                {
                    Caption = 'languageCode', Locked = true;
                }
                field(territoryCode; Rec."Territory Code")
                {
                    Caption = 'territoryCode', Locked = true;
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
