/** Package entry. n8n loads nodes and credentials by the paths in the `n8n` section of package.json; there is nothing to import from here. */
export {};
