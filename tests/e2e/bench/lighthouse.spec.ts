// Lighthouse judges the page as it is put into use: accessibility and best practices in full. How fast it was is
// printed; what decides there is the budget of bytes, and the measurements of `cargo xtask bench`. Started by
// `cargo xtask lighthouse`.
import { existsSync } from 'node:fs';
import { startFlow } from 'lighthouse';
import puppeteer from 'puppeteer-core';
import { usualPlaces } from '../playwright.config';
import { expect, test } from '../stand/desk_test';

test.use({ stock: { journey: 'lighthouse', events: 2000 } });

/** Screens behind sign-in, each with what stands there once it is read. */
const SCREENS: [name: string, address: string, stands: string][] = [
  ['overview', '/?month=2026-10&zone=UTC', '.verdict'],
  ['batches', '/batches', '[role=gridcell] a'],
  ['batch', '/batches/UB-2026-10-TEL', '[role=gridcell] a'],
  ['errors by cause', '/batches/UB-2026-10-TEL/errors', '[data-testid=in-error]'],
  ['events', '/events', '[role=gridcell] a'],
  ['import', '/import', '#import-file'],
  ['base buckets', '/buckets', '[role=gridcell] a'],
  ['service usage', '/service-usage', '[role=gridcell] a'],
  ['changes', '/changes', '.state'],
  ['approvals', '/approvals', '.state'],
  ['settings', '/settings', '#connections'],
  ['help', '/help', '.topics'],
];

test('Lighthouse finds nothing to better in accessibility and best practices', async ({ server }) => {
  const executablePath = process.env.CHROMIUM ?? usualPlaces.find((place) => existsSync(place));
  const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    const settings = {
      formFactor: 'desktop' as const,
      screenEmulation: { mobile: false, width: 1440, height: 900, deviceScaleFactor: 1, disabled: false },
      throttlingMethod: 'provided' as const,
      onlyCategories: ['accessibility', 'best-practices', 'performance'],
    };
    const flow = await startFlow(page, { config: { extends: 'lighthouse:default', settings } });
    await flow.navigate(`${server.address}/`, { name: 'sign-in' });
    await page.goto(`${server.address}${SCREENS[0][1]}`);
    await page.locator('button ::-p-text(admin)').click();
    for (const [name, address, stands] of SCREENS) {
      // The session lives in this page, so the page stays and the address changes.
      await page.evaluate((to) => {
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
      }, address);
      await page.waitForSelector(stands);
      await flow.snapshot({ name });
    }
    const steps = (await flow.createFlowResult()).steps;
    expect(steps.map((step) => step.name)).toEqual(['sign-in', ...SCREENS.map(([name]) => name)]);
    for (const { name, lhr } of steps) {
      const score = (category: string) => Math.round((lhr.categories[category]?.score ?? 0) * 100);
      const performance = lhr.gatherMode === 'navigation' ? `, performance ${score('performance')}` : '';
      console.log(`${name}: accessibility ${score('accessibility')}, best practices ${score('best-practices')}${performance}`);
      const failed = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score < 1);
      const weighs = (category: string) => lhr.categories[category].auditRefs.filter((ref) => ref.weight > 0).map((ref) => ref.id);
      const weighed = new Set(['accessibility', 'best-practices'].flatMap(weighs));
      const told = failed.filter((audit) => weighed.has(audit.id)).map((audit) => `${audit.id}: ${JSON.stringify(audit.details ?? audit.title).slice(0, 600)}`);
      expect.soft([score('accessibility'), score('best-practices')], `${name}\n${told.join('\n')}`).toEqual([100, 100]);
    }
  } finally {
    await browser.close();
  }
});
