/** Where the pages of `docs/` can be read. */
const BASE = 'https://github.com/n8n-nodes-dynamics365-sync/n8n-nodes-dynamics365-sync/blob/main/docs/';

/** Address of a page, given relative to `docs/`, with its anchor. */
export const documentation = (page: string): string => BASE + page;
