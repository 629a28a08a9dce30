import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'gives the desk to the next person', events: 2000 } });

test('a late answer to the last person is no answer to the next one', async ({ sitDown, records, faults }) => {
  const [first, second] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await expect(grid.row(first.EventNumber)).toBeVisible();
  // The last person's answer comes while the next one's change is under way.
  await faults.set(
    { method: 'PATCH', path: first.EventNumber, times: 1, kind: { delay_ms: 4000 } },
    { method: 'PATCH', path: second.EventNumber, times: 1, kind: { delay_ms: 8000 } },
  );
  const sent = page.waitForRequest((request) => request.method() === 'PATCH');
  await grid.correct(first.EventNumber, 'Service', '+49 the last one');
  await expect(savedState(page)).toHaveText('1 saving');
  // It leaves once it is on disk; what has not left goes with who signs out.
  await sent;
  page.once('dialog', (question) => question.accept());
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();

  await signIn(page, 'editor2');
  await grid.correct(second.EventNumber, 'Service', '+49 the next one');
  await expect(savedState(page)).toHaveText('1 saving');
  await expect.poll(async () => (await records.event(first.EventNumber)).ServiceId).toBe('+49 the last one');
  await expectAllSaved(page);

  await expect(await grid.cell(second.EventNumber, 'Service')).toHaveText('+49 the next one');
  await expect(await grid.cell(second.EventNumber, 'Quantity')).toHaveText(new RegExp(`^${second.UsageQuantity}\\s*$`));
  const after = await records.event(second.EventNumber);
  expect([after.ServiceId, after.LastUpdatedBy]).toEqual(['+49 the next one', 'Emil Brandt']);
});
