import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trainerDirectory } from './python-environment.ts';

/** Files of a job that its program reads. */
const inputs = ['train.jsonl', 'validation.jsonl'] as const;

/**
 * Writes a job as a folder that needs nothing else: rows, base, trainer, a Dockerfile, and a script that trains and goes on from the last
 * checkpoint. The trainer is the one that runs here, and speaks the same way.
 */
export async function packJob(folder: string, to: string): Promise<void> {
  const job = JSON.parse(await readFile(join(folder, 'job.json'), 'utf8')) as { base: { path: string } };
  await mkdir(join(to, 'trainer'), { recursive: true });
  await cp(trainerDirectory, join(to, 'trainer'), {
    recursive: true,
    filter: (path) => !path.includes('__pycache__'),
  });
  for (const name of inputs) await cp(join(folder, name), join(to, name));
  await cp(job.base.path, join(to, 'base'), { recursive: true, dereference: true });
  const own = { ...job, base: { ...job.base, path: 'base' } };
  await writeFile(join(to, 'job.json'), JSON.stringify(own, null, 2));
  await writeFile(join(to, 'run.sh'), runScript, { mode: 0o755 });
  await writeFile(join(to, 'Dockerfile'), dockerfile);
  await writeFile(join(to, 'README.md'), readme);
}

const runScript = `#!/bin/sh
# Trains; started again it goes on from the last checkpoint.
set -e
cd "$(dirname "$0")"
"\${PYTHON:-python3}" trainer/train.py . 3>>events.jsonl >>output.log 2>&1
`;

const dockerfile = `FROM python:3.12-slim
WORKDIR /job
COPY trainer/requirements.in trainer/
RUN pip install --no-cache-dir -r trainer/requirements.in
CMD ["sh", "run.sh"]
`;

const readme = `# A training job to run elsewhere

By SSH, on a machine with Python 3.11 or newer and, if there is one, an NVIDIA GPU with its driver:

    rsync -a ./ HOST:job/
    ssh HOST 'cd job && python3 -m venv .venv && .venv/bin/pip install -r trainer/requirements.in && PYTHON=.venv/bin/python sh run.sh'
    rsync -a --exclude .venv HOST:job/ ./

By Docker, in this folder:

    docker build -t fulcrum-job . && docker run --rm --gpus all -v "$PWD:/job" fulcrum-job

Then, in the project: fulcrum tune collect JOB THIS-FOLDER --usd WHAT-IT-COST

The folder holds your training rows and the base model: treat it as you treat them.
`;
