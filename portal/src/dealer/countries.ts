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

/** The flag of a country, as the two letters that stand for it. */
export function flag(code: string): string {
  return [...code.toUpperCase()]
    .map((letter) => String.fromCodePoint(0x1f1e6 + letter.charCodeAt(0) - 65))
    .join('');
}

/** Whether a flag has colours here: Windows and systems without such a font draw letters, or nothing of use. */
function looksForColour(): boolean {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return false;
  context.font = '16px sans-serif';
  context.textBaseline = 'top';
  context.fillText(flag('JP'), 0, 0);
  const { data } = context.getImageData(0, 0, 24, 16);
  return data.some((red, at) => at % 4 === 0 && red - data[at + 1]! > 60);
}

let isColoured: boolean | undefined;

export function drawsFlags(): boolean {
  isColoured ??= looksForColour();
  return isColoured;
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
