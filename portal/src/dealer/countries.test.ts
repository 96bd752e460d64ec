import { describe, expect, it } from 'vitest';
import { countryName, flag, isMeant } from './countries';

describe('countries', () => {
  it('have a name and a flag', () => {
    expect([countryName('JP'), flag('jp')]).toEqual(['Japan', '🇯🇵']);
  });

  it('are found by code and by part of the name, without accents', () => {
    expect([
      isMeant('JP', 'jap'),
      isMeant('JP', 'jp'),
      isMeant('CI', 'cote'),
      isMeant('DE', 'japan'),
    ]).toEqual([true, true, true, false]);
  });

  it('may be none', () => {
    expect([countryName('Europe'), isMeant('Europe', 'eur')]).toEqual(['Europe', true]);
  });
});
