import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCatalogue } from './errors/catalogue.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { FulcrumError, suggest, toFulcrumError } from './errors.ts';

describe('the error catalogue', () => {
  it('fills the template and keeps code, hint, status and exit', () => {
    const error = new FulcrumError('model-key-missing', { model: 'openai/x', variable: 'OPENAI_API_KEY' });
    expect(error.message).toBe('openai/x needs the environment variable OPENAI_API_KEY.');
    expect(error.hint).toBe('Set OPENAI_API_KEY, or choose a local model.');
    expect([error.status, error.exit, error.retryable]).toEqual([401, 2, false]);
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 'model-key-missing',
      message: 'openai/x needs the environment variable OPENAI_API_KEY.',
      hint: 'Set OPENAI_API_KEY, or choose a local model.',
    });
  });

  it('leaves literal JSON in a hint alone', () => {
    expect(new FulcrumError('dataset-empty', { path: 'x' }).hint).toContain('{"id": "1", "input": "…"}');
  });

  it('has a message, a hint and an HTTP status for every code', () => {
    for (const [code, entry] of Object.entries(errorCatalogue)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(entry.message.length, code).toBeGreaterThan(0);
      expect(entry.hint.length, code).toBeGreaterThan(0);
      expect(entry.status, code).toBeGreaterThanOrEqual(400);
    }
  });

  it('has every code of every area once', async () => {
    const folder = join(import.meta.dirname, 'errors');
    const files = globSync('*.ts', { cwd: folder }).filter((file) => !/^(entry|catalogue)\.ts$/.test(file));
    const codes: string[] = [];
    for (const file of files) {
      const area = (await import(join(folder, file))) as Record<string, Record<string, ErrorEntry>>;
      codes.push(...Object.values(area).flatMap((entries) => Object.keys(entries)));
    }
    expect(codes.sort()).toEqual(Object.keys(errorCatalogue).sort());
  });

  it('suggests the near name, else lists a few', () => {
    expect(suggest('sorces', ['sources', 'variants'])).toBe('Did you mean "sources"?');
    expect(suggest('zzzzzzzz', ['a', 'b'])).toBe('Known: a, b.');
    expect(suggest('zzzzzzzz', [])).toBe('');
  });

  it('gives failures of the operating system their place', () => {
    const full = Object.assign(new Error('write failed'), { code: 'ENOSPC', path: '/x/y' });
    expect(toFulcrumError(full)).toMatchObject({ code: 'disk-full', data: { path: '/x/y' } });
    expect(toFulcrumError(new Error('database or disk is full')).code).toBe('disk-full');
    expect(toFulcrumError(Object.assign(new Error('no'), { code: 'ENOENT', path: 'a' })).code).toBe(
      'file-not-found',
    );
    expect(toFulcrumError(new DOMException('stop', 'AbortError')).code).toBe('cancelled');
    expect(toFulcrumError(new Error('boom\nsecond line')).message).toBe(
      'Something in Fulcrum went wrong: boom',
    );
    const known = new FulcrumError('cancelled');
    expect(toFulcrumError(known)).toBe(known);
  });
});
