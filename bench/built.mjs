// Starts the built command line, as bin/fulcrum does in an installed package.
import module from 'node:module';

module.enableCompileCache();
await import('../dist/cli/main.js');
