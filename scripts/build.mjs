// npm run build: dist/ from src/, with types, and the script of the HTML report.
import './require-node-24.mjs';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { bundlePage } from './bundle-page.mjs';

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
process.exitCode = status ?? 1;
if (status === 0) writeFileSync('dist/decision/report/page.bundle.js', await bundlePage());
