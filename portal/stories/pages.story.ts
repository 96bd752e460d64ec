import axe from 'axe-core';
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isOn, newPage, portal, signIn, useBrowser, views, type View } from './browser';
import { pages } from './page-list';

useBrowser();

/** Where the pictures of the documentation go; nowhere unless it is named. */
const screens = process.env.MEISIM_SCREENS;

const nameOf = ({ width, look }: View) => `${width < 500 ? 'telephone' : 'desktop'}-${look}`;

async function findings(page: Awaited<ReturnType<typeof newPage>>['page']): Promise<string[]> {
  await page.evaluate(axe.source);
  const result = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return result.violations.map(
    (one) =>
      `${one.id}: ${one.help}: ${one.nodes
        .map((node) => node.html)
        .join(' | ')
        .slice(0, 400)}`,
  );
}

describe.each(views)('every page, $width pixels wide and $look', (view) => {
  it('can be used by everybody, and breaks no rule of its policy', async () => {
    const { page, context, complaints } = await newPage(view);
    const shoot = async (name: string) => {
      if (!screens) return;
      mkdirSync(screens, { recursive: true });
      await page.screenshot({ path: `${screens}/${name}-${nameOf(view)}.png` });
    };
    await page.goto(`${portal}/sign-in`);
    await page.getByLabel('Email').waitFor();
    expect(await findings(page), 'sign-in').toEqual([]);
    await shoot('sign-in');
    await signIn(page);
    for (const { path, name } of pages) {
      await page.goto(`${portal}${path}`);
      await isOn(page, name);
      await page.waitForFunction(
        () => !document.querySelector('[aria-label="Loading"], .mantine-Skeleton-root'),
      );
      expect(await findings(page), `${name} ${path}`).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
      await shoot(name.toLowerCase());
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('the navigation', () => {
  it('has a link to each page, and back and reload lead where one expects', async () => {
    const { page, context } = await newPage();
    await signIn(page);
    for (const { name } of pages) {
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
      await isOn(page, name);
    }
    await page.reload();
    await isOn(page, pages.at(-1)!.name);
    await page.goBack();
    await isOn(page, pages.at(-2)!.name);
    await context.close();
  });
});
