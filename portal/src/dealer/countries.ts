const names = new Intl.DisplayNames(
  typeof navigator === 'undefined' ? ['en'] : [...navigator.languages, 'en'],
  {
    type: 'region',
    fallback: 'none',
  },
);
const english = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** The country's name in the reader's language; the code itself if it is none. */
export function countryName(code: string): string {
  try {
    return names.of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
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
  let inEnglish = '';
  try {
    inEnglish = english.of(code.toUpperCase()) ?? '';
  } catch {
    // No country: its code is all there is.
  }
  return (
    code.toLowerCase() === wanted ||
    plain(countryName(code)).includes(wanted) ||
    plain(inEnglish).includes(wanted)
  );
}
