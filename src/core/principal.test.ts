import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrincipal } from './principal.ts';

describe('a principal as people write it', () => {
  it('has a user, groups and a tenant, in any order', () => {
    expect(parsePrincipal('user:ann')).toEqual({ tenant: 'local', user: 'ann', groups: [] });
    expect(parsePrincipal(' group:hr, tenant:acme ,user:ann b,group:x:y,group:hr')).toEqual({
      tenant: 'acme',
      user: 'ann b',
      groups: ['hr', 'x:y'],
    });
  });

  it.each([
    ['', 'nothing between its commas'],
    ['user:ann,', 'nothing between its commas'],
    ['ann', '"ann" begins with none of user:, group: and tenant:'],
    ['everyone', 'begins with none of'],
    ['__proto__:x,user:ann', 'begins with none of'],
    ['User:ann', 'begins with none of'],
    ['user: ', '"user:" has no name'],
    ['group:hr', 'it has no user'],
    ['user:ann,user:bob', 'more than one user'],
    ['user:ann,tenant:a,tenant:b', 'more than one tenant'],
    ['user:ann,tenant:../x', 'a tenant has a name of lower-case letters'],
    ['user:ann,tenant:ACME', 'a tenant has a name of lower-case letters'],
  ])('is refused with the reason: %j', (value, problem) => {
    expect(() => parsePrincipal(value)).toThrow(
      expect.objectContaining({ code: 'principal-invalid', message: expect.stringContaining(problem) }),
    );
  });

  it('is read or refused from the catalogue, whatever is given', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        try {
          expect(parsePrincipal(value).user).not.toBe('');
        } catch (error) {
          expect(error).toMatchObject({ code: 'principal-invalid' });
        }
      }),
    );
  });
});
