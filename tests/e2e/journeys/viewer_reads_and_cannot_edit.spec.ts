import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';
const WHY = 'Your role is read-only. Ask an administrator for the role Editor.';

test.use({ stock: { journey: 'viewer reads and cannot edit', events: 2000 } });

test('a viewer who tries to edit a cell is told why not', async ({ sitDown, records, watch }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('viewer', `/batches/${BATCH}`);
  const grid = new EventGrid(page);
  const cell = await grid.cell(event.EventNumber, 'Service');
  await expect(cell).toHaveAttribute('aria-readonly', 'true');
  await cell.click();
  await page.keyboard.press('F2');
  await expect(grid.editor('Service')).toBeHidden();
  await expect(grid.root.getByText(WHY)).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: WHY })).toBeAttached();
  // Typing over the cell is no way around it.
  await page.keyboard.type('x');
  await expect(grid.editor('Service')).toBeHidden();
  await expect(cell).toHaveText(event.ServiceId);
  expect(watch.writes).toEqual([]);
});

test('the drawer shows a viewer every field, none to edit, and says why', async ({ sitDown, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('viewer', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await expect(drawer.root.getByText(WHY)).toBeVisible();
  await expect(drawer.root.getByText(event.ServiceId, { exact: true })).toBeVisible();
  await expect(drawer.root.getByRole('textbox')).toHaveCount(0);
  await expect(drawer.root.getByRole('combobox')).toHaveCount(0);
});

test('the server refuses a viewer who goes around the console', async ({ records }) => {
  const [event] = await records.eventsInError(BATCH);
  const answer = await records.write(event.EventNumber, { ServiceId: 'forced' }, 'viewer');
  expect(answer.status).toBe(403);
  const after = await records.event(event.EventNumber);
  expect([after.ServiceId, writesSeen(after)]).toEqual([event.ServiceId, writesSeen(event)]);
});

test('an editor is told why a processed event cannot be changed', async ({ sitDown, records }) => {
  const [event] = await records.eventsOf(BATCH, "EventStatus = 'ORA_PROCESSED'", 1);
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await expect(drawer.root.getByText(/Only events in draft or in error can be changed/)).toBeVisible();
  await expect(drawer.root.getByRole('textbox')).toHaveCount(0);
});

/** Every screen, and what stands there once it is read. */
const SCREENS: Record<string, string | RegExp> = {
  '/batches': BATCH,
  [`/batches/${BATCH}`]: /^TEL-/,
  [`/batches/${BATCH}/errors`]: /^Fix all [\d,]+…$/,
  [`/batches/${BATCH}/rules`]: 'Rules',
  [`/batches/${BATCH}/result`]: 'Amounts by event',
  [`/batches/${BATCH}/history`]: 'History',
  '/events': /^TEL-/,
  [`/events/TEL-2610-0000001`]: 'Reverse…',
  '/buckets': 'New base bucket',
  '/service-usage': 'Intervals',
  '/service-usage/intervals': 'Intervals',
  '/service-usage/purge': 'Purge and reseed',
  '/changes': 'Changes',
};

for (const [address, there] of Object.entries(SCREENS)) {
  test(`no button that a viewer can press at ${address} ends in a refusal or sends a change`, async ({ sitDown, watch }) => {
    const page = await sitDown('viewer', address);
    const refused: string[] = [];
    page.on('response', (answer) => {
      if (answer.status() === 403) refused.push(answer.url());
    });
    const main = page.getByRole('main');
    await expect(main.getByText(there).or(main.getByRole('grid', { name: there })).first()).toBeVisible();
    // The button of the head has its lasting name.
    await expect(main.getByRole('button', { name: 'All changes saved' })).toBeVisible();
    const grid = main.getByRole('grid').first();
    if (await grid.isVisible()) {
      // A row is selected, so that what is offered for it is offered.
      await grid.focus();
      await page.keyboard.press('Space');
    }
    const enabled = async () => {
      // What is being read or added up can be ended until it is here.
      await expect(main.getByRole('button', { name: /^(Cancel|Stop)$/ })).toHaveCount(0);
      // All at one moment: the page goes on reading, and a button may be gone by the next question.
      const names = await main
        .getByRole('button', { disabled: false })
        .evaluateAll((buttons) =>
          buttons
            .filter((button) => button.checkVisibility({ visibilityProperty: true }))
            .map((button) => (button.getAttribute('aria-label') ?? (button as HTMLElement).innerText).trim()),
        );
      // What ends a reading that has just begun goes with it.
      return [...new Set(names)].filter((name) => !/^(Cancel|Stop)$/.test(name));
    };
    const pressed = new Set<string>();
    for (let name = (await enabled())[0]; name !== undefined; name = (await enabled()).find((each) => !pressed.has(each)) as string) {
      pressed.add(name);
      expect(name, 'changes are not offered').not.toMatch(/^(New|Edit|Correct|Reverse|Fix|Delete|Add(?! up)|Change|Retire|Purge)\b/);
      await main.getByRole('button', { name, exact: true, disabled: false }).first().click();
      // A viewer is led into no form, but for the one of how the list is shown.
      const forms = page.getByRole('dialog').filter({ hasNotText: 'View of the list' });
      // These come with their first use: who presses Escape before that closes nothing.
      if (/^(Export|Evidence)…$/.test(name)) await expect(page.getByRole('dialog')).toBeVisible();
      await expect(forms.getByRole('textbox')).toHaveCount(0);
      await page.keyboard.press('Escape');
      if (new URL(page.url()).pathname !== address) {
        await page.goBack();
        await expect(main.getByText(there).first()).toBeVisible();
      }
    }
    expect(refused).toEqual([]);
    expect(watch.writes).toEqual([]);
    await expect(page.locator('.notice-line[data-tone=bad]')).toHaveCount(0);
  });
}

test('what a viewer may not do says so when it is pressed', async ({ sitDown, watch }) => {
  const page = await sitDown('viewer', `/batches/${BATCH}/errors`);
  const fix = page.getByRole('button', { name: /^Fix all [\d,]+…$/ }).first();
  await expect(fix).toHaveAttribute('aria-disabled', 'true');
  await expect(fix).toHaveAttribute('title', WHY);
  await fix.press('Enter');
  await expect(page.locator('.notice-line').filter({ hasText: WHY })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(watch.writes).toEqual([]);
});

test('whoever may not purge is not offered it, and an administrator is', async ({ sitDown }) => {
  const purge = 'Purge and reseed';
  const editor = await sitDown('editor', '/service-usage');
  await expect(editor.getByRole('grid', { name: 'Service usage events' })).toBeVisible();
  await expect(editor.getByRole('link', { name: purge })).toHaveCount(0);
  const admin = await sitDown('admin', '/service-usage');
  await expect(admin.getByRole('link', { name: purge })).toBeVisible();
});

test('an event in error offers no reversal, in the drawer or above the grid, and says why', async ({ sitDown, records }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', `${eventAddress(BATCH, event.EventNumber)}?status=ORA_ERROR`);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  const why = 'Only processed events can be reversed or re-rated.';
  await expect(drawer.root.getByRole('button', { name: 'Reverse…' })).toHaveAttribute('title', why);
  await expect(drawer.root.getByRole('button', { name: 'Reverse…' })).toBeDisabled();
  await (await new EventGrid(page).cell(event.EventNumber, 'Status')).click();
  await expect(page.getByRole('button', { name: `Reverse ${event.EventNumber}…` })).toHaveAttribute('title', why);
  await expect(page.getByRole('button', { name: `Correct ${event.EventNumber}…` })).toBeEnabled();
});
