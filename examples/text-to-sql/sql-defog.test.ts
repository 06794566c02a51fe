import { describe, expect, it } from 'vitest';
import { validateConfig } from '../../src/app/config.ts';
import fulcrumConfig from './fulcrum.config.ts';
import { databases, isHere, readQuestions, tablesOf } from './sql-defog.ts';

it('the config is valid', () => {
  expect(Object.keys(validateConfig(fulcrumConfig, 'fulcrum.config.ts').variants)).toEqual([
    'zero-shot',
    'few-shot',
    'constrained',
  ]);
});

describe.skipIf(!isHere)('sql-defog (skipped where it is absent)', () => {
  it('has 190 questions on seven databases, each with statements that are right', () => {
    const questions = readQuestions();
    expect(questions).toHaveLength(190);
    expect(new Set(questions.map(({ database }) => database))).toEqual(new Set(databases));
    for (const { accepted } of questions) {
      expect(accepted.length).toBeGreaterThan(0);
      for (const statement of accepted) expect(statement).toMatch(/^(?:SELECT|WITH)\b/i);
    }
  });

  it('writes the tables of a database a line each', () => {
    expect(tablesOf('restaurants').split('\n')).toEqual([
      'geographic(city_name, county, region)',
      'location(restaurant_id, house_number, street_name, city_name)',
      'restaurant(id, name, food_type, city_name, rating)',
    ]);
  });
});
