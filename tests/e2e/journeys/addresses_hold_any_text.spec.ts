// Whatever a record is called and a person looks for, its address leads to it: by a press, by a reload,
// by Back, and pasted elsewhere.
import { BatchPage } from '../person/batch_page';
import { EventGrid } from '../person/event_grid';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';

test.use({ stock: { journey: 'addresses', events: 500 } });

const NUMBERS = ['RR 25%41', '<b>X/..%2f?#', 'a/b&c=d+e', '100 %', 'Zürich "7"', '%2e%2e', '~..'];

for (const number of NUMBERS) {
  test(`the batch ${number} is opened from its row, after a reload, and by Back`, async ({ sitDown, records, openBrowser }) => {
    await records.makeBatch(number, 'ORA_RATING');
    const page = await sitDown('editor', '/batches');
    await page.getByRole('gridcell', { name: number, exact: true }).dblclick();
    const opened = page.getByRole('main').locator('.crumb').getByText(number, { exact: true });
    await expect(opened).toBeVisible();
    const address = page.url();
    // Its parts are addresses of their own, whatever its number.
    const batch = new BatchPage(page);
    await batch.part('Errors').click();
    await expect(page).toHaveURL(/\/errors$/);
    await expect(opened).toBeVisible();
    await page.reload();
    await signIn(page, 'editor');
    await expect(page).toHaveURL(/\/errors$/);
    await expect(opened).toBeVisible();
    await page.goBack();
    await expect(page).toHaveURL(address);
    await expect(opened).toBeVisible();
    await page.goBack();
    await expect(page).toHaveURL(/\/batches$/);
    // Pasted in another browser.
    const other = await openBrowser(address);
    await signIn(other, 'viewer');
    await expect(other.getByRole('main').locator('.crumb').getByText(number, { exact: true })).toBeVisible();
  });
}

test('what was looked for stands in the address to the letter', async ({ sitDown, records }) => {
  const [event] = await records.eventsInError('UB-2026-11-API');
  for (const text of ['projects/a%2Fb', '50% & more', 'a,b\\c', 'Zürich-07']) {
    expect((await records.write(event.EventNumber, { ServiceId: `x ${text} y` })).status).toBe(200);
    const page = await sitDown('viewer', '/events');
    const find = page.getByRole('searchbox', { name: 'Find events' });
    await find.fill(text.toLowerCase());
    const grid = new EventGrid(page);
    await grid.expectRows(1);
    await expect(grid.row(event.EventNumber)).toBeVisible();
    await page.reload();
    await signIn(page, 'viewer');
    await expect(find).toHaveValue(text.toLowerCase());
    await grid.expectRows(1);
    await page.close();
  }
});

test('an address that is none is told by the console', async ({ openBrowser }) => {
  for (const address of ['/no/such/page', '/batches/..%2f/x/y/z', '/%2e%2e%2f%2e%2e', '/.git/config']) {
    const page = await openBrowser(address);
    await signIn(page, 'viewer');
    await expect(page.getByRole('heading', { name: 'There is no such page' }), address).toBeVisible();
    await page.close();
  }
});
