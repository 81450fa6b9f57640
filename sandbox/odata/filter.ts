/** `$filter`: text → tree (`parseFilter`) → predicate (`compileFilter`). */
export { parseFilter } from './filterParser';
export { compileFilter, equalityOf, type CompileOptions, type Resolve } from './filterCompiler';
export { compareValues, likePattern, type FilterValue } from './filterValues';
export * from './filterTypes';
