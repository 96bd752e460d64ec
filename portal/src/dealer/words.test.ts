import { afterAll, describe, expect, it } from 'vitest';
import { data, duration, signedUsd, usd } from '~/shared/text/format';
import { countryName } from './countries';
import { languageFor, speak, t } from './words';

describe('the language', () => {
  afterAll(() => speak('en'));

  it('is what was chosen, or else the first of the browser’s that we speak, or English', () => {
    expect(languageFor('ja', ['de-AT'])).toBe('ja');
    expect(languageFor(null, ['pt-BR', 'de-AT', 'en'])).toBe('de');
    expect(languageFor('klingon', ['pt-BR'])).toBe('en');
  });

  it('writes money, numbers, units and countries as its readers do', async () => {
    await speak('de');
    expect([usd(1234.5), signedUsd(-6.5), data(1500), duration(180), countryName('JP')]).toEqual([
      '1.234,50\u00a0$',
      '−6,50\u00a0$',
      '1,5\u00a0GB',
      'etwa 3 Minuten',
      'Japan',
    ]);
    await speak('ja');
    expect([usd(1234.5), t.units.codes(2), countryName('JP')]).toEqual(['$1,234.50', 'コード2件', '日本']);
    await speak('fr');
    expect([t.units.rows(0), t.units.rows(2), countryName('JP')]).toEqual(['0 ligne', '2 lignes', 'Japon']);
  });
});
