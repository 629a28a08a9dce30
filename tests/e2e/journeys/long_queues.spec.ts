// Many changes wait at once: the session ends in the middle of them, or the server is away for a
// while. Each one is at the server exactly once afterwards, and every cell tells the truth meanwhile.
import type { Page } from '@playwright/test';
import { EventGrid } from '../person/event_grid';
import { savedState } from '../person/saved_state';
import { sessionDialog } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { type ServerRecord, type ServerRecords, writesSeen } from '../stand/server_records';

const IN_ERROR = '/events?status=ORA_ERROR';

test.use({ stock: { journey: 'long queues', events: 8000 } });

/** Types a text of its own into the services of the first rows, row by row downwards. */
async function typeDown(page: Page, events: ServerRecord[]): Promise<void> {
  const grid = new EventGrid(page);
  await (await grid.cell(events[0].EventNumber, 'Service')).click();
  for (const event of events) {
    await page.keyboard.type(textFor(event));
    await page.keyboard.press('Enter');
  }
}

function textFor(event: ServerRecord): string {
  return `Q${event.EventId}`;
}

async function expectEachOnce(records: ServerRecords, before: ServerRecord[]): Promise<void> {
  const now = new Map((await records.everyEventInError()).map((event) => [event.EventNumber, event]));
  const wrong = before.filter((event) => {
    const after = now.get(event.EventNumber)!;
    return after.ServiceId !== textFor(event) || writesSeen(after) !== writesSeen(event) + 1;
  });
  expect(wrong.map((event) => event.EventNumber)).toEqual([]);
}

test('a session that ends under fifty waiting changes costs the password and nothing else', async ({ sitDown, records, faults, watch }) => {
  const events = (await records.everyEventInError()).slice(0, 50);
  const page = await sitDown('editor', IN_ERROR);
  const ended = { answer: { status: 401 } };
  await faults.set({ method: 'PATCH', after: 10, kind: ended });
  await typeDown(page, events);
  const session = sessionDialog(page);
  await expect(session.dialog).toBeVisible();
  await expect(savedState(page)).toHaveText('Paused, 40 saving');
  // Nothing more leaves until the person has signed in again.
  const sent = watch.writes.length;
  await faults.clear();
  expect(watch.writes.length).toBe(sent);
  await session.signInAgain('editor');
  await expect(savedState(page)).toHaveText('All changes saved');
  await expectEachOnce(records, events);
});

test('two hundred changes typed while the server is away are sent when it is back, each once', async ({ sitDown, records, server }) => {
  const events = (await records.everyEventInError()).slice(50, 250);
  const page = await sitDown('editor', IN_ERROR);
  const grid = new EventGrid(page);
  // The grid has read the rows that will be typed into.
  await grid.rowAt(1).getByRole('gridcell').first().click();
  for (let row = 0; row < 250; row += 1) await page.keyboard.press('ArrowDown');
  await expect(await grid.cell(events[199].EventNumber, 'Service')).toBeVisible();
  for (let row = 0; row < 200; row += 1) await page.keyboard.press('ArrowUp');
  await server.kill();
  await typeDown(page, events);
  // Six have left and are in doubt, the others wait; the screen says so and shows what was typed.
  await expect(savedState(page)).toHaveText(/^6 in doubt, 194 saving$/);
  const last = await grid.cell(events[199].EventNumber, 'Service');
  await expect(last).toHaveText(textFor(events[199]));
  await expect(last).toHaveAccessibleDescription('Not sent yet');
  await server.start();
  await expect(savedState(page)).toHaveText('All changes saved', { timeout: 90_000 });
  await expectEachOnce(records, events);
});
