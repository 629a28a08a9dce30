import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved } from '../person/saved_state';
import { sessionDialog } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'session runs out', events: 2000, tokenSeconds: 4 } });

test('a token that is too old while a person types costs nothing but the password', async ({ sitDown, records, watch }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  // Changes follow one another until the token has run out under one of them.
  const session = sessionDialog(page);
  // What a hand types while the dialog comes up stands in the dialog: what came to the field is what counts.
  await drawer.field('Service').evaluate(({ id }) => {
    addEventListener('input', ({ target }) => {
      if ((target as HTMLInputElement).id === id) (window as any).typed = (target as HTMLInputElement).value;
    });
  });
  for (let change = 1; !(await session.dialog.isVisible()); change += 1) {
    await drawer.correct('Service', `+49 change ${change}`);
    // Both may stand there: what ran into the old token may have been a reading.
    await expect(page.getByText('All changes saved').or(session.dialog).first()).toBeVisible();
  }
  const text: string = await page.evaluate(() => (window as any).typed);
  await session.signInAgain('editor');
  await expect(session.dialog).toBeHidden();
  await expectAllSaved(page);
  await expect(drawer.field('Service')).toHaveValue(text);
  const after = await records.event(event.EventNumber);
  expect(after.ServiceId).toBe(text);
  const values = new Set(watch.writes.map((write) => write.body.ServiceId));
  expect(writesSeen(after)).toBe(writesSeen(event) + values.size);
});
