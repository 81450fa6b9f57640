/** Seeing, changing, moving and resetting mappings: what the node Table Mappings does. */
export { changeCompanySettings, getCompanySettings } from './company';
export { createMapping, type NewMapping } from './create';
export { exportMappings, importMappings, type ImportedMapping, type MappingExport } from './exchange';
export type { FieldInput } from './fieldInput';
export type { ConditionInput, FilterInput, TemplateInput } from './filterInput';
export { setFieldMappings, type FieldManner } from './fields';
export { getMapping, listMappings, type ListQuery, type MappingDetails } from './read';
export { deleteMapping, type Removed } from './remove';
export { resetMappings, type ResetMapping } from './reset';
export { PAGE, sourceFrom, type TableInput } from './tableInput';
export { disableWhatCannotRun } from './disableWhatCannotRun';
export { setEnabled, updateMapping, type MappingChanges, type MappingUpdate } from './update';
export type { FieldView, MappingView } from './view';
