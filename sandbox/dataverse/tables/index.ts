import type { TableDefinition } from '../model';
import { activityTables } from './activities';
import { intersectTables } from './intersects';
import { platformTables } from './platformTables';
import { salesTables } from './sales';
import { securityTables } from './security';

/** Tables beside those of the schema file, which holds what the ERP's own connector touches. */
export const allTables: TableDefinition[] = [...salesTables, ...activityTables, ...platformTables, ...securityTables, ...intersectTables];
