import { invoiceWalks } from './invoices';
import { walkAll } from './kit';

walkAll(invoiceWalks);
