import { language } from './words';

const named: Partial<Record<string, Intl.DisplayNames>> = {};

/** The country's name in a language; undefined if it is no country. */
function nameIn(language: string, code: string): string | undefined {
  named[language] ??= new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
  try {
    return named[language].of(code.toUpperCase());
  } catch {
    return undefined;
  }
}

/** The country's name in the reader's language; the code itself if it is none. */
export function countryName(code: string): string {
  return nameIn(language, code) ?? code;
}

/** The flag, as the two letters that stand for it. */
export function flag(code: string): string {
  if (!/^[a-z]{2}$/i.test(code)) return '🌐';
  return [...code.toUpperCase()]
    .map((letter) => String.fromCodePoint(0x1f1e6 + letter.charCodeAt(0) - 65))
    .join('');
}

/** Text in which accents and case do not matter. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Whether the reader means this country: by its code, or a part of its name in their language or in English. */
export function isMeant(code: string, wish: string): boolean {
  const wanted = plain(wish.trim());
  if (!wanted) return true;
  return (
    code.toLowerCase() === wanted ||
    plain(countryName(code)).includes(wanted) ||
    plain(nameIn('en', code) ?? '').includes(wanted)
  );
}
