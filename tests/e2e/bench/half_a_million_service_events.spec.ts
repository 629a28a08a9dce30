import type { Page } from '@playwright/test';
import { UsageGrid } from '../person/usage_grid';
import { expect, test } from '../stand/desk_test';
import { longTasks } from './long_tasks';

/** Each has about six events. */
const INSTANCES = 80_000;

test.use({ stock: { journey: 'measure half a million service events', events: 20, instances: INSTANCES } });

test('the grid and the intervals of half a million service usage events', async ({ sitDown }) => {
  const page = await sitDown('viewer', '/batches');
  const grid = new UsageGrid(page);
  await longTasks(page, 'open the list, first rows', async () => {
    await page.getByRole('link', { name: 'Service usage' }).click();
    await expect(await grid.cellAt(1, 'Created (UTC)')).toHaveText(/\d/);
  });
  await longTasks(page, 'scroll through, remote', () => scroll(page));
  await longTasks(page, 'read all of them', async () => {
    await page.getByRole('button', { name: 'Load all events' }).click();
    await expect(page.getByText('All loaded, as of')).toBeVisible({ timeout: 600_000 });
  });
  console.log(await page.getByTestId('row-count').textContent());
  await longTasks(page, 'scroll through, local', () => scroll(page));
  await longTasks(page, 'order by instance', async () => {
    await page.getByRole('columnheader', { name: 'Instance', exact: true }).click();
    await expect(page).toHaveURL(/sort=/);
    await settled(page);
  });
  await longTasks(page, 'find as one types', async () => {
    await page.getByLabel('Find events').pressSequentially('orders-redis', { delay: 120 });
    await expect(page).toHaveURL(/find=orders-redis/);
    await settled(page);
  });
  await longTasks(page, 'take the filter away', async () => {
    await page.getByLabel('Find events').fill('');
    await expect(page).not.toHaveURL(/find=/);
    await settled(page);
  });
  await longTasks(page, 'only deleted', async () => {
    await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'Deleted', exact: true }).click();
    await expect(page).toHaveURL(/state=/);
    await settled(page);
  });
  await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'All', exact: true }).click();
  await longTasks(page, 'intervals per plan', async () => {
    await page.getByRole('link', { name: 'Intervals' }).click();
    await expect(page.getByRole('table')).toBeVisible({ timeout: 120_000 });
  });
  for (const by of ['Space', 'Organisation', 'Offering', 'Instance']) {
    await longTasks(page, `intervals per ${by.toLowerCase()}`, async () => {
      await page.getByRole('group', { name: 'Grouped by' }).getByText(by, { exact: true }).click();
      await expect(page.getByRole('columnheader', { name: by, exact: true })).toBeVisible({ timeout: 120_000 });
    });
  }
});

/** Two frames in which nothing more happens. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  });
}

/** Sixty frames, each another screenful, and a jump to the end. */
async function scroll(page: Page): Promise<void> {
  await page.getByRole('grid').evaluate(async (root) => {
    for (let frame = 0; frame < 60; frame += 1) {
      root.scrollTop += root.clientHeight;
      await new Promise(requestAnimationFrame);
    }
    root.scrollTop = root.scrollHeight;
    for (let frame = 0; frame < 10; frame += 1) await new Promise(requestAnimationFrame);
  });
}
