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
export { addSource, initProject, removeSource } from './edit-project.ts';
export { openProject, type Project, type ProjectOptions, resolveSource, withProject } from './project.ts';
