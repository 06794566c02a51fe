export * from './app/index.ts';
export * from './core/index.ts';
