import { setFormats } from '~/shared/text/format';
import { setSharedWords } from '~/shared/text/words';
import type { Words } from './words/en';

export type { Words };

/** The languages of these pages and of the mails, each by its own name. */
export const languageNames = { en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français', ja: '日本語' };
export type Language = keyof typeof languageNames;

const files: Record<Language, () => Promise<{ words: Words }>> = {
  en: () => import('./words/en'),
  de: () => import('./words/de'),
  es: () => import('./words/es'),
  fr: () => import('./words/fr'),
  ja: () => import('./words/ja'),
};

/** Where the reader's choice is kept, on this device. */
const mark = 'meisim-language';

const isLanguage = (name: string): name is Language => Object.hasOwn(languageNames, name);

/** What was chosen here, or else the first language of the browser that we speak. */
export function languageFor(chosen: string | null, ofBrowser: readonly string[]): Language {
  const wishes = [chosen ?? '', ...ofBrowser.map((tag) => tag.split('-', 1)[0]!.toLowerCase())];
  return wishes.find(isLanguage) ?? 'en';
}

/** What these pages say, in the language that is spoken now. There is none before `speak`. */
export let t: Words;
export let language: Language = 'en';

export async function speak(which: Language): Promise<void> {
  t = (await files[which]()).words;
  language = which;
  setSharedWords(t.shared);
  setFormats(which);
}

let draw: () => void = () => {};

/** Speaks the reader's language; `redraw` is called now, and whenever another one is chosen. */
export async function beginToSpeak(redraw: () => void): Promise<void> {
  draw = redraw;
  await speakAndDraw(languageFor(localStorage.getItem(mark), navigator.languages));
}

export async function choose(which: Language): Promise<void> {
  await speakAndDraw(which);
  localStorage.setItem(mark, which);
}

async function speakAndDraw(which: Language): Promise<void> {
  await speak(which);
  document.documentElement.lang = which;
  draw();
}
