page 50117 "D365Sync Det. Cust. Entries"
{
    PageType = API;
    Caption = 'detailedCustLedgEntries', Locked = true;
    APIPublisher = 'd365sync';
    APIGroup = 'sync';
    APIVersion = 'v1.0';
    EntityName = 'detailedCustLedgEntry';
    EntitySetName = 'detailedCustLedgEntries';
    SourceTable = "Detailed Cust. Ledg. Entry";
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
                field(entryNo; Rec."Entry No.")
                {
                    Caption = 'entryNo', Locked = true;
                }
                field(custLedgerEntryNo; Rec."Cust. Ledger Entry No.")
                {
                    Caption = 'custLedgerEntryNo', Locked = true;
                }
                field(entryType; Rec."Entry Type")
                {
                    Caption = 'entryType', Locked = true;
                }
                field(postingDate; Rec."Posting Date")
                {
                    Caption = 'postingDate', Locked = true;
                }
                field(documentType; Rec."Document Type")
                {
                    Caption = 'documentType', Locked = true;
                }
                field(documentNo; Rec."Document No.")
                {
                    Caption = 'documentNo', Locked = true;
                }
                field(customerNo; Rec."Customer No.")
                {
                    Caption = 'customerNo', Locked = true;
                }
                field(currencyCode; Rec."Currency Code")
                {
                    Caption = 'currencyCode', Locked = true;
                }
                field(amount; Rec.Amount)
                {
                    Caption = 'amount', Locked = true;
                }
                field(amountLCY; Rec."Amount (LCY)")
                {
                    Caption = 'amountLCY', Locked = true;
                }
                field(unapplied; Rec.Unapplied)
                {
                    Caption = 'unapplied', Locked = true;
                }
                field(unappliedByEntryNo; Rec."Unapplied by Entry No.")
                {
                    Caption = 'unappliedByEntryNo', Locked = true;
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
