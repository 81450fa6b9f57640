permissionset 50100 "D365SYNC"
{
    Assignable = true;
    Caption = 'Dynamics 365 Sync', Locked = true;
    Permissions =
#if SALESPRICES
        page "D365Sync Sales Prices" = X,
        tabledata "Sales Price" = RIMD,
#endif
        page "D365Sync Customers" = X,
        tabledata Customer = RM,
        page "D365Sync Vendors" = X,
        tabledata Vendor = RM,
        page "D365Sync Contacts" = X,
        tabledata Contact = RM,
        page "D365Sync Items" = X,
        tabledata Item = RM,
        page "D365Sync Shipping Agents" = X,
        tabledata "Shipping Agent" = RIMD,
        page "D365Sync Unit Groups" = X,
        tabledata "Unit Group" = R,
        page "D365Sync Item Units" = X,
        tabledata "Item Unit of Measure" = RIMD,
        page "D365Sync Resource Units" = X,
        tabledata "Resource Unit of Measure" = RIMD,
        page "D365Sync Resources" = X,
        tabledata Resource = RIMD,
        page "D365Sync Customer Price Groups" = X,
        tabledata "Customer Price Group" = RIMD,
        page "D365Sync Price List Headers" = X,
        tabledata "Price List Header" = RIMD,
        page "D365Sync Price List Lines" = X,
        tabledata "Price List Line" = RIMD,
        page "D365Sync Sales Documents" = X,
        tabledata "Sales Header" = RM,
        page "D365Sync Posted Invoices" = X,
        tabledata "Sales Invoice Header" = R,
        page "D365Sync Posted Shipments" = X,
        tabledata "Sales Shipment Header" = R,
        page "D365Sync Customer Entries" = X,
        tabledata "Cust. Ledger Entry" = R,
        page "D365Sync Det. Cust. Entries" = X,
        tabledata "Detailed Cust. Ledg. Entry" = R,
        page "D365Sync Item Entries" = X,
        tabledata "Item Ledger Entry" = R,
        page "D365Sync Record Notes" = X,
        tabledata "Record Link" = RIMD;
}
