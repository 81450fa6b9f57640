/** Headers a part of a batch carries itself; the outer ones do not reach inside. */
export const PART_HEADERS = { Accept: 'application/json', 'OData-Version': '4.0', 'OData-MaxVersion': '4.0' };
