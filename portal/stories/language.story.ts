import { describe, expect, it } from 'vitest';
import { follow, isOn, newPage, portal, settled, signIn, useBrowser } from './browser';
import { pages } from './page-list';

useBrowser();

/** What the sign-in, its button and the overview are called. */
const languages = [
  { tag: 'de-AT', language: 'de', signIn: 'Anmelden', overview: 'Übersicht', japan: 'Japan' },
  { tag: 'es-MX', language: 'es', signIn: 'Iniciar sesión', overview: 'Resumen', japan: 'Japón' },
  { tag: 'fr-FR', language: 'fr', signIn: 'Se connecter', overview: 'Aperçu', japan: 'Japon' },
  { tag: 'ja-JP', language: 'ja', signIn: 'サインイン', overview: '概要', japan: '日本' },
];

it('is the browser’s, until the reader chooses another one, which is kept', async () => {
  const { page, context } = await newPage({ width: 1280, look: 'light', locale: 'de-AT' });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(portal);
  await isOn(page, 'Anmelden');
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  // No other language was fetched.
  expect(asked.filter((url) => /\/assets\/(en|de|es|fr|ja)-/.test(url)).length).toBe(1);

  const choice = page.getByRole('combobox');
  await choice.selectOption('ja');
  await isOn(page, 'サインイン');
  expect(await page.locator('html').getAttribute('lang')).toBe('ja');
  await expect.poll(() => choice.evaluate((select) => select === document.activeElement)).toBe(true);
  await page.reload();
  await isOn(page, 'サインイン');
  await choice.selectOption('en');
  await isOn(page, 'Sign in');
  await context.close();
});

it('is English where the browser speaks none of ours', async () => {
  const { page, context } = await newPage({ width: 1280, look: 'light', locale: 'pt-BR' });
  await page.goto(portal);
  await isOn(page, 'Sign in');
  await context.close();
});

it('is chosen in the settings, too, and money and dates follow', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/settings');
  await page.getByLabel('Language', { exact: true }).selectOption('de');
  await isOn(page, 'Einstellungen');
  await page.getByRole('navigation').getByRole('link', { name: 'Shop' }).click();
  await page
    .getByText(/^[0-9]+,[0-9]{2}\s\$$/)
    .first()
    .waitFor();
  await context.close();
});

describe.each(languages)('in $language', ({ tag, language, signIn: name, overview, japan }) => {
  it('every page fits a telephone, and no word is missing', async () => {
    const { page, context, complaints } = await newPage({ width: 390, look: 'light', locale: tag });
    await page.goto(`${portal}/sign-in`);
    await isOn(page, name);
    await page.locator('input[type=email]').fill('demo@meisim.test');
    await page.locator('input[type=password]').fill('demo-password');
    await page.getByRole('button', { name, exact: true }).click();
    await isOn(page, overview);
    const heading = page.getByRole('heading', { level: 1 });
    let former = '';
    for (const { path } of pages) {
      await follow(page, `${portal}${path}`);
      await expect.poll(() => heading.innerText(), { message: path }).not.toBe(former);
      former = await heading.innerText();
      await settled(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
      expect(await page.getByText(/undefined|=>|\$\{/).count(), path).toBe(0);
    }
    await page.goto(`${portal}/shop?q=jp`);
    await page.getByText(japan, { exact: true }).first().waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
