import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { judgedText, scoresOf, valuesOf } from '../judged.fixture.ts';
import { type CommandScorerOptions, commandScorer } from './command-scorer.ts';
import { compileGrammar, grammarScorer } from './grammar-scorer.ts';

const alerts = `Alerts {
  Rule = "when" name op number "then" name
  op = ">" | "<"
  name = letter+
  number = digit+
}`;

describe('a grammar', () => {
  const options = { fenced: false, gold: 'reference' as const, invalid: 'undefined' as const };
  const scorers = grammarScorer('rule', options, () => compileGrammar('rule', alerts));

  it('says what is a program, and where it stops being one', async () => {
    expect(await valuesOf(scorers, judgedText('when load > 90 then page'))).toEqual({
      rule: 1,
      'rule.exact': 'no-gold',
    });
    expect((await scoresOf(scorers, judgedText('when load > high then page'))).rule).toEqual({
      status: 'scored',
      value: 0,
      detail: { invalid: 'no-parse', problem: 'Line 1, col 13: expected a digit' },
    });
    expect(await valuesOf(scorers, judgedText(null))).toMatchObject({ rule: 'abstained' });
  });

  it('compares programs by their trees', async () => {
    const reference = 'when load > 90 then page';
    expect(await valuesOf(scorers, judgedText('when  load>90\nthen page', { reference }))).toMatchObject({
      'rule.exact': 1,
    });
    expect(await valuesOf(scorers, judgedText('when load > 91 then page', { reference }))).toMatchObject({
      'rule.exact': 0,
    });
    expect(await valuesOf(scorers, judgedText('nonsense', { reference }))).toEqual({
      rule: 0,
      'rule.exact': 'invalid-output',
    });
    expect(await valuesOf(scorers, judgedText(reference, { reference: 'nonsense' }))).toEqual({
      rule: 1,
      'rule.exact': 'error: the reference of the sample cannot be read: no-parse',
    });
    expect(await valuesOf(scorers, judgedText(null, { reference }))).toMatchObject({ 'rule.exact': 0 });
  });

  it('is refused when it is none, and survives what nests without end', async () => {
    await expect(compileGrammar('rule', 'G { Rule = missing }')).rejects.toMatchObject({
      code: 'scorer-invalid',
    });
    await expect(compileGrammar('rule', 'G { Rule = Rule* "(" ')).rejects.toMatchObject({
      code: 'scorer-invalid',
    });
    const nested = await compileGrammar('nest', 'G {\n E = "(" E ")" -- nested\n | "x" -- leaf\n }');
    expect(nested('((x))')).toMatchObject({ status: 'read' });
    expect(nested('('.repeat(50_000))).toMatchObject({ status: 'invalid' });
    expect(nested('x'.repeat(50_001))).toMatchObject({ reason: 'too-long' });
  });
});

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-validator-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a validator command', () => {
  const program = (code: string, more: Partial<CommandScorerOptions> = {}) => {
    const file = join(folder, `v${Math.random().toString(36).slice(2)}.cjs`);
    writeFileSync(
      file,
      `let text = ''; process.stdin.on('data', (piece) => { text += piece; }).on('end', () => { const given = JSON.parse(text); ${code} });`,
    );
    return commandScorer('check', {
      command: [process.execPath, file],
      directory: folder,
      timeoutSeconds: 30,
      fenced: false,
      verdict: 'json',
      failExit: 1,
      ...more,
    });
  };
  const judge = (scorers: ReturnType<typeof program>, text: string | null = 'x; rm -rf "$HOME"') =>
    scoresOf(scorers, judgedText(text, { reference: 'y' })).then(({ check }) => check);

  it('prints its verdict as JSON', async () => {
    const echo = program('console.log(JSON.stringify({ score: 0.25, detail: given }))');
    expect(await judge(echo)).toEqual({
      status: 'scored',
      value: 0.25,
      detail: { id: 's', input: 'q', answer: 'x; rm -rf "$HOME"', reference: 'y' },
    });
    expect(
      await judge(program('console.log(JSON.stringify({ score: given.answer === "ok" }))'), 'ok'),
    ).toMatchObject({ value: 1 });
    expect(await judge(program('console.log(JSON.stringify({ undefined: "no-opinion" }))'))).toEqual({
      status: 'undefined',
      reason: 'no-opinion',
    });
    expect(await judge(echo, null)).toMatchObject({ reason: 'abstained' });
  });

  it('or says it by its exit status, where a crash is no verdict', async () => {
    const exit = { verdict: 'exit' as const, failExit: 65 };
    expect(await judge(program('process.exitCode = 0', exit))).toEqual({ status: 'scored', value: 1 });
    expect(await judge(program('console.error("line 3"); process.exitCode = 65', exit))).toEqual({
      status: 'scored',
      value: 0,
      detail: { problem: 'line 3' },
    });
    expect(await judge(program('throw new Error("bug")', exit))).toMatchObject({ status: 'error' });
  });

  it('is an error when it fails, hangs, babbles or is not there', async () => {
    expect(await judge(program('console.log("fine")'))).toMatchObject({ status: 'error' });
    expect(await judge(program('console.log(JSON.stringify({ score: "1" }))'))).toMatchObject({
      status: 'error',
    });
    expect(await judge(program('process.exitCode = 3; console.error("no licence")'))).toMatchObject({
      cause: 'the validator ended with exit status 3: no licence',
    });
    expect(await judge(program('setInterval(() => 1, 1000)', { timeoutSeconds: 0.5 }))).toMatchObject({
      cause: 'the validator gave no verdict within 0.5 s',
    });
    expect(await judge(program('console.log("x".repeat(2e6))'))).toMatchObject({ status: 'error' });
    expect(await judge(program('', { command: ['no-such-program-anywhere'] }))).toMatchObject({
      status: 'error',
    });
  });
});
