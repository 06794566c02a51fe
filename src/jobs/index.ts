export { eraseFromJobs } from './erase-documents.ts';
export { createJobQueue, type Job, type JobHandler, type JobQueue, type JobState } from './job-queue.ts';
export { jobMigrations } from './migrations.ts';
