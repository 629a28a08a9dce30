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
  let [text, before] = ['', ''];
  for (let change = 1; !(await session.dialog.isVisible()); change += 1) {
    [text, before] = [`+49 change ${change}`, text];
    await drawer.correct('Service', text);
    // Both may stand there: what ran into the old token may have been a reading.
    await expect(page.getByText('All changes saved').or(session.dialog).first()).toBeVisible();
  }
  // What a hand types while the dialog comes up stands in the dialog, where it was no password.
  const password = await session.dialog.getByLabel('Password').inputValue();
  if (password.includes(text) || (await session.dialog.getByRole('alert').count()) > 0) text = before;
  await session.signInAgain('editor');
  await expect(session.dialog).toBeHidden();
  await expectAllSaved(page);
  await expect(drawer.field('Service')).toHaveValue(text);
  const after = await records.event(event.EventNumber);
  expect(after.ServiceId).toBe(text);
  const values = new Set(watch.writes.map((write) => write.body.ServiceId));
  expect(writesSeen(after)).toBe(writesSeen(event) + values.size);
});
