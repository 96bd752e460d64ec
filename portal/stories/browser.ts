import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

export const service = process.env.MEISIM_URL ?? 'http://127.0.0.1:8080';
export const portal = `${service}/portal`;
export const demo = { email: 'demo@meisim.test', password: 'demo-password' };

export interface View {
  width: number;
  look: 'light' | 'dark';
  /** The browser's language, `en-GB` unless it matters. */
  locale?: string;
  /** Whether the page hears of what happens (server-sent events). */
  hasEvents?: boolean;
}

export const desktop: View = { width: 1280, look: 'light' };
export const views: View[] = [
  desktop,
  { width: 1280, look: 'dark' },
  { width: 390, look: 'light' },
  { width: 390, look: 'dark' },
];

let browser: Browser;

/** Call it once a file: a browser for its stories. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.MEISIM_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
      // It shows nothing but our own pages, and root has no sandbox.
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
  });
  afterAll(() => browser.close());
}

/** With events a page is never done asking: stories that wait until it is have none, as behind some proxies. */
function withoutEvents(): void {
  Reflect.deleteProperty(window, 'EventSource');
}

/** A page of a browser that knows nothing yet. What the console or the policy complains of fails the story at its end. */
export async function newPage({ width, look, locale = 'en-GB', hasEvents }: View = desktop): Promise<{
  page: Page;
  context: BrowserContext;
  complaints: string[];
}> {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 800 },
    colorScheme: look,
    reducedMotion: 'reduce',
    locale,
  });
  if (!hasEvents) await context.addInitScript(withoutEvents);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, context, complaints };
}

export async function signIn(page: Page, to = '', { email, password } = demo): Promise<void> {
  await page.goto(`${portal}${to}`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page
    .getByRole('navigation')
    .or(page.getByRole('button', { name: 'Open the menu' }))
    .first()
    .waitFor();
}

/** Whether the page's one h1 has this name. */
export async function isOn(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
}

/** Goes to another page without loading anew, as a link to it does. It need not be there yet. */
export async function follow(page: Page, url: string): Promise<void> {
  await page.evaluate((to) => history.pushState({}, '', to), url);
}

/** Goes to another page by its link, and tells how many milliseconds pass until it is there. */
export function changeTo(page: Page, name: string): Promise<number> {
  return page.evaluate(async (name) => {
    const links = [...document.querySelectorAll<HTMLElement>('nav a')];
    const begun = performance.now();
    links.find((link) => link.textContent?.trim() === name)!.click();
    while (document.querySelector('h1')?.textContent !== name)
      await new Promise((done) => requestAnimationFrame(done));
    return performance.now() - begun;
  }, name);
}

/** Until all that the page has asked for is there. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => !document.querySelector('[role=status][aria-label=Loading], .mantine-Skeleton-root'),
  );
  await page.waitForLoadState('networkidle');
}

/** Money of a figure on the page, by its label. */
export async function figure(page: Page, label: string): Promise<number> {
  const text = await page
    .getByText(label, { exact: true })
    .locator('xpath=following-sibling::div[1]')
    .innerText();
  return Number(text.replace(/[$,]/g, ''));
}
