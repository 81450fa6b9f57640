/** How an update conflict is settled: not at all, Business Central wins, CRM wins, or the side changed last wins. */
export type ConflictStrategy = 'none' | 'send' | 'get' | 'newest';
