import { defineConfig } from 'vitest/config';

const full = process.env.FULCRUM_TEST_FULL === '1';

export default defineConfig({
  test: {
    include: full ? ['{src,test,examples}/**/*.full.test.ts'] : ['{src,test,examples}/**/*.test.ts'],
    exclude: full ? ['node_modules/**', 'dist/**'] : ['node_modules/**', 'dist/**', '**/*.full.test.ts'],
    testTimeout: full ? 1_800_000 : 120_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    pool: 'forks',
  },
});
