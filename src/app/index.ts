export {
  type Config,
  configSchema,
  editConfig,
  findConfig,
  initialConfig,
  loadConfig,
  validateConfig,
  writeAtomically,
} from './config.ts';
export {
  askOutputSchema,
  errorOutputSchema,
  evalRetrievalOutputSchema,
  evalRunOutputSchema,
  searchOutputSchema,
  syncOutputSchema,
} from './contracts.ts';
export { addSource, initProject, projectPath, removeSource } from './edit-project.ts';
export { openProject, type Project, type ProjectOptions, resolveSource, withProject } from './project.ts';
