import type { Page } from '@playwright/test';
import { BulkCorrection } from '../person/bulk_correction';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { leavingAsks } from '../person/leaving';
import { expectAllSaved } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'leaves a half-typed field', events: 2000 } });

test("what was typed into a field is sent when the person leaves by the browser's Back", async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await (await grid.cell(event.EventNumber, 'Event')).dblclick();
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.field('Service').fill('+49 on the way out');
  await page.goBack();
  await expect(drawer.root).toBeHidden();
  await expect(await grid.cell(event.EventNumber, 'Service')).toHaveText('+49 on the way out');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 on the way out');
});

test('what was typed into a cell is sent when the person leaves by a link, and what cannot be read is told', async ({ sitDown, records }) => {
  const [event, other] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await (await grid.cell(event.EventNumber, 'Service')).dblclick();
  await grid.editor('Service').fill('+49 by a link');
  await page.getByRole('link', { name: 'Batches', exact: true }).first().click();
  await expect(page.getByRole('heading', { name: 'Batches', exact: true })).toBeVisible();
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 by a link');

  await page.goBack();
  await (await grid.cell(other.EventNumber, 'Start (UTC)')).dblclick();
  await grid.editor('Start (UTC)').fill('yesterday');
  await page.getByRole('link', { name: 'Batches', exact: true }).first().click();
  await expect(page.getByRole('heading', { name: 'Batches', exact: true })).toBeVisible();
  await expectAllSaved(page);
  expect((await records.event(other.EventNumber)).EventStartTime).toBe(other.EventStartTime);
  await expectWayBack(page, other.EventNumber, 'Start', 'yesterday');
  await expect(page, 'the list is filtered as it was').toHaveURL(/\?status=ORA_ERROR$/);
});

/** The notice says what was typed and where, and leads back there, to a field that has it again. */
async function expectWayBack(page: Page, event: string, title: string, text: string): Promise<void> {
  const words = `Event ${event}, ${title}: what you typed, \u201c${text}\u201d, is not saved.`;
  const notice = page.getByRole('log', { name: 'Notices' }).locator('.notice-line').filter({ hasText: words });
  await expect(notice).toBeVisible();
  await notice.getByRole('link', { name: 'Go back there' }).click();
  const drawer = new EventDrawer(page, event);
  await drawer.expectOpen();
  await expect(drawer.field(title)).toHaveValue(text);
  await expect(drawer.field(title)).toBeFocused();
  await expect(notice).toHaveCount(0);
}

test('a field of the drawer that cannot be read is told when its event is closed', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[1];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.field('Quantity').fill('a dozen');
  await drawer.close();
  await expectWayBack(page, event.EventNumber, 'Quantity', 'a dozen');
  // It is mended there as if nobody had left.
  await drawer.correct('Quantity', '12');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).UsageQuantity).toBe('12');
});

test('what was typed to mend an event comes back with its event, and its notice ends', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH)).find((one) => one.Error === 'OSS_UOM_NOT_MAPPED')!;
  const page = await sitDown('editor', `${eventAddress(BATCH, event.EventNumber)}?status=ORA_ERROR`);
  const drawer = new EventDrawer(page, event.EventNumber);
  const unit = drawer.root.getByLabel(/^Reported unit instead of /);
  const notices = page.getByRole('log', { name: 'Notices' });
  const notice = notices.getByText(`Event ${event.EventNumber}, Reported unit: what you typed, \u201cGB\u201d, is not saved.`);
  const goBack = notices.getByRole('link', { name: 'Go back there' });
  await drawer.expectOpen();
  await unit.fill('GB');
  await drawer.close();
  await expect(notice).toBeVisible();
  await goBack.click();
  await drawer.expectOpen();
  await expect(page, 'the list is filtered as it was').toHaveURL(/\?status=ORA_ERROR$/);
  await expect(unit).toHaveValue('GB');
  await expect(unit).toBeFocused();
  await expect(notice).toHaveCount(0);
  expect(await leavingAsks(page)).toBe(true);

  // Whoever has opened the event already is there.
  await drawer.close();
  await expect(notice).toBeVisible();
  await page.goBack();
  await drawer.expectOpen();
  await expect(unit).toHaveValue('');
  await goBack.click();
  await expect(unit).toHaveValue('GB');
  await expect(notice).toHaveCount(0);
});

test('closing the tab asks as long as something is half typed, wherever it is', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);

  const editor = await grid.openEditor(event.EventNumber, 'Service');
  await page.keyboard.type('x');
  expect(await leavingAsks(page)).toBe(true);
  await expect(editor).toHaveValue(`${event.ServiceId}x`);
  await page.keyboard.press('Escape');

  const correction = new BulkCorrection(page);
  await page.getByRole('button', { name: /^Correct.*…$/ }).click();
  await correction.dialog.getByLabel('Field to change').selectOption({ label: 'Service' });
  await correction.dialog.getByLabel('New value').fill('half');
  expect(await leavingAsks(page)).toBe(true);
  await correction.dialog.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('link', { name: 'Batches', exact: true }).first().click();
  await page.getByRole('button', { name: 'New batch' }).click();
  await page.getByRole('dialog', { name: 'New batch' }).getByLabel('Name').fill('half');
  expect(await leavingAsks(page)).toBe(true);
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.goBack();
  await (await grid.cell(event.EventNumber, 'Event')).dblclick();
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.field('Service').pressSequentially('x');
  expect(await leavingAsks(page)).toBe(true);
  await page.keyboard.press('Escape');
  await expect(drawer.field('Service')).toHaveValue(event.ServiceId);
  expect(await leavingAsks(page)).toBe(false);
});

test('what is half typed when somebody signs out is asked about and left to nobody', async ({ sitDown, records, watch }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await grid.openEditor(event.EventNumber, 'Service');
  await page.keyboard.type(' of the last one');
  const signOut = async () => {
    const question = page.waitForEvent('dialog');
    const pressed = page.getByRole('button', { name: 'Sign out', exact: true }).click();
    expect((await question).message()).toContain('typed here and not saved');
    await (await question).accept();
    await pressed;
  };
  await signOut();
  await signIn(page, 'editor2');
  await expect(grid.row(event.EventNumber)).toBeVisible();
  await expectAllSaved(page);
  await expect(page.locator('.notice-line')).toHaveCount(0);
  await expect(await grid.cell(event.EventNumber, 'Service')).toHaveText(event.ServiceId);
  expect(watch.writes).toEqual([]);

  await (await grid.cell(event.EventNumber, 'Event')).dblclick();
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.field('Quantity').fill('a dozen');
  await signOut();
  await signIn(page, 'editor');
  await drawer.expectOpen();
  await expect(page.locator('.notice-line')).toHaveCount(0);
});

test('a page that is left while a text is being looked for is no fault, and asks for nothing', async ({ sitDown }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`);
  await page.clock.install();
  const find = page.getByLabel('Find events');
  await find.fill('nobody waits for this');
  await page.getByRole('link', { name: 'Batches', exact: true }).first().click();
  await expect(page.getByRole('heading', { name: 'Batches', exact: true })).toBeVisible();
  await page.clock.runFor(2000);
  await expect(page).toHaveURL(/\/batches$/);
  await expect(find).toBeHidden();
});

test("Back over a form asks once before it drops what was typed, and not where a field saves it", async ({ sitDown, records }) => {
  const page = await sitDown('editor', `/batches/${BATCH}`);
  await page.getByRole('link', { name: 'Batches', exact: true }).first().click();
  await page.getByRole('button', { name: 'New batch' }).click();
  const form = page.getByRole('dialog', { name: 'New batch' });
  await form.getByLabel('Name').fill('Half a name');
  const back = async (answer: 'accept' | 'dismiss') => {
    const asked = page.waitForEvent('dialog');
    const going = page.evaluate(() => history.back());
    const question = await asked;
    expect(question.message()).toBe('Leave this form? What you typed in it is not kept.');
    await question[answer]();
    await going;
  };
  await back('dismiss');
  await expect(page).toHaveURL('/batches');
  await expect(form.getByLabel('Name')).toHaveValue('Half a name');
  await back('accept');
  await expect(page).toHaveURL(`/batches/${BATCH}`);
  await expect(form).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();

  // Nothing typed, nothing asked; a question that nobody answers would fail the journey.
  await page.getByRole('link', { name: 'Batches', exact: true }).first().click();
  await page.getByRole('button', { name: 'New batch' }).click();
  await expect(form).toBeVisible();
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(`/batches/${BATCH}`);

  await page.getByRole('link', { name: 'Batches', exact: true }).first().click();
  await page.getByRole('gridcell', { name: BATCH, exact: true }).dblclick();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const edited = page.getByRole('dialog', { name: 'Edit the batch' });
  await edited.getByLabel('Name').fill('Named on the way out');
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL('/batches');
  await expectAllSaved(page);
  await expect.poll(async () => (await records.batch(BATCH)).BatchName).toBe('Named on the way out');
});
