import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What keeps somebody from using the page (WCAG 2.2 AA), a line each. */
export async function findings(page: Page): Promise<string[]> {
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
