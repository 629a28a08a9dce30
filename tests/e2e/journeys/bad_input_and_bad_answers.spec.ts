import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { refuseRenewal, sessionDialog } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { type Fault, PROXY_PAGE } from '../stand/fault_switches';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'bad input and bad answers', events: 2000 } });

test('a wrong password is told at the form, and the name stays', async ({ openBrowser }) => {
  const page = await openBrowser('/batches');
  await page.getByLabel('User', { exact: true }).fill('editor');
  await page.getByLabel('Password', { exact: true }).fill('guess');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('User and password do not match');
  await expect(page.getByLabel('User', { exact: true })).toHaveValue('editor');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Password', { exact: true }).fill('editor');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('gridcell', { name: BATCH, exact: true })).toBeVisible();
});

test('an unknown batch in the address is told with the way back', async ({ sitDown }) => {
  const page = await sitDown('editor', '/batches/UB-1999-01-XXX');
  await expect(page.getByRole('heading', { name: 'There is no batch UB-1999-01-XXX' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to the batches' }).click();
  await expect(page.getByRole('gridcell', { name: BATCH, exact: true })).toBeVisible();
});

test('an unknown event in the address is told in the drawer, and the list behind it works', async ({ sitDown }) => {
  const page = await sitDown('editor', eventAddress(BATCH, 'TEL-NONE'));
  const drawer = page.getByRole('complementary', { name: 'Event TEL-NONE' });
  await expect(drawer.getByRole('alert')).toContainText('This does not exist');
  await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
});

const wrongTexts = [
  { what: 'that is too long', title: 'Service', text: 'x'.repeat(121), told: 'is 121 characters long; at most 120 are allowed' },
  { what: 'that is not a number', title: 'Quantity', text: '12,5 min', told: 'is not a number' },
  { what: 'that is not a date', title: 'Start', text: '2026-02-30 10:00', told: 'This is not a date and time that exists' },
  { what: 'that the clock skips', title: 'Start', text: '2026-03-29 02:30', told: 'does not exist in Europe/Berlin' },
  { what: 'that the clock shows twice', title: 'Start', text: '2026-10-25 02:30', told: 'comes twice in Europe/Berlin' },
];

for (const { what, title, text, told } of wrongTexts) {
  test(`a text ${what} is told at the field and stays there`, async ({ sitDown, records, watch }) => {
    const inError = await records.eventsInError(BATCH);
    const event = inError.find((record) => record.EventTimeZone === 'Europe/Berlin')!;
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    const field = drawer.field(title);
    const before = await field.inputValue();
    await drawer.correct(title, text);
    await expect(field).toHaveValue(text);
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(new RegExp(told));
    expect(watch.writes).toEqual([]);
    await field.press('Escape');
    await expect(field).toHaveValue(before);
    await drawer.expectOpen();
  });
}

test('a wrong text in a cell keeps the editor open with what is wrong', async ({ sitDown, records, watch }) => {
  const [event] = await records.eventsInError(BATCH);
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  const editor = await grid.openEditor(event.EventNumber, 'Quantity');
  await editor.fill('twelve');
  await page.keyboard.press('Enter');
  await expect(editor).toBeFocused();
  await expect(editor).toHaveValue('twelve');
  await expect(editor).toHaveAccessibleDescription(/is not a number/);
  expect(watch.writes).toEqual([]);
});

test('the longest text that is allowed can be typed into a cell, and no longer one', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[2];
  const page = await sitDown('editor', `/batches/${BATCH}?status=ORA_ERROR`);
  const grid = new EventGrid(page);
  await grid.correct(event.EventNumber, 'Service', 'y'.repeat(120));
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('y'.repeat(120));
});

test('a time that comes twice is accepted with its offset', async ({ sitDown, records }) => {
  const inError = await records.eventsInError(BATCH);
  const event = inError.filter((record) => record.EventTimeZone === 'Europe/Berlin').at(-1)!;
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.correct('End', '2026-11-01 10:00');
  await expectAllSaved(page);
  await drawer.correct('Start', '2026-10-25 02:30 +01:00');
  await expectAllSaved(page);
  const after = await records.event(event.EventNumber);
  expect([after.EventStartTime, after.EventEndTime]).toEqual(['2026-10-25T01:30:00+00:00', '2026-11-01T09:00:00+00:00']);
  // The day that the start falls on in the event's zone is the server's to say, and is shown.
  expect(after.LeEventStartDate).toBe('2026-10-25');
  await expect(drawer.root.getByText('2026-10-25', { exact: true })).toBeVisible();
});

test('what the server refuses is told at the field, and what was typed stays for correction', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH)).filter((record) => record.EventTimeZone === 'Europe/Berlin')[1];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await drawer.correct('End', '2020-01-01 10:00:00');
  await expect(savedState(page)).toHaveText('1 refused');
  await expect(drawer.field('End')).toHaveValue('2020-01-01 10:00:00');
  await expect(drawer.field('End')).toHaveAccessibleDescription(/The event would end/);
  expect(writesSeen(await records.event(event.EventNumber))).toBe(writesSeen(event));
  await drawer.correct('End', '2026-12-01 10:00:00');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).EventEndTime).toBe('2026-12-01T09:00:00+00:00');
});

test('a session that ends in the middle of an edit is renewed in a dialog, and the edit goes through', async ({ sitDown, records, faults }) => {
  const event = (await records.eventsInError(BATCH))[4];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await refuseRenewal(page);
  await faults.set({ method: 'PATCH', times: 1, kind: { answer: { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } } } });
  await drawer.correct('Service', '+49 kept');
  const session = sessionDialog(page);
  await expect(session.dialog).toBeVisible();
  await expect(session.dialog.getByLabel('User', { exact: true })).toHaveValue('editor');
  await session.signInAgain('wrong');
  await expect(session.dialog.getByRole('alert')).toContainText('do not match');
  await session.signInAgain('editor');
  await expect(session.dialog).toBeHidden();
  await expectAllSaved(page);
  await expect(drawer.field('Service')).toHaveValue('+49 kept');
  const after = await records.event(event.EventNumber);
  expect([after.ServiceId, writesSeen(after)]).toEqual(['+49 kept', writesSeen(event) + 1]);
});

test('half an edit stays in its field while the session is renewed', async ({ sitDown, records, faults }) => {
  const event = (await records.eventsInError(BATCH))[5];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  // Not right yet, so it is not sent when the field is left.
  await drawer.field('Quantity').fill('12,5');
  await refuseRenewal(page);
  await faults.set({ method: 'PATCH', times: 1, kind: { answer: { status: 401 } } });
  await drawer.correct('Service', '+49 first');
  const session = sessionDialog(page);
  await session.signInAgain('editor');
  await expect(session.dialog).toBeHidden();
  await expectAllSaved(page);
  await expect(drawer.field('Quantity')).toHaveValue('12,5');
  await drawer.correct('Quantity', '12.5');
  await expectAllSaved(page);
  const after = await records.event(event.EventNumber);
  expect([after.ServiceId, after.UsageQuantity]).toEqual(['+49 first', '12.5']);
});

const badAnswers: { name: string; fault: Fault; told: RegExp }[] = [
  { name: 'malformed JSON', fault: { answer: { status: 200, content_type: 'application/json', body: '{"items": [{"EventNumber": ' } }, told: /The answer could not be read/ },
  { name: "a proxy's error page", fault: PROXY_PAGE, told: /did not answer the server before it \(502\)/ },
  { name: 'an empty 406', fault: { answer: { status: 406 } }, told: /cannot answer in the form that this console asks for/ },
  { name: 'a 503 with Retry-After', fault: { answer: { status: 503, headers: { 'Retry-After': '7' } } }, told: /The console asks again by itself/ },
];

for (const { name, fault, told } of badAnswers) {
  test(`${name} in place of the list is told over the grid, and trying again works`, async ({ sitDown, faults }) => {
    await faults.set({ method: 'GET', path: 'child/usageEvents', kind: fault });
    const page = await sitDown('editor', `/batches/${BATCH}`);
    await expect(page.getByRole('alert').filter({ hasText: told })).toBeVisible();
    await faults.clear();
    await page.getByRole('alert').filter({ hasText: told }).getByRole('button', { name: /^Try (again|now)$/ }).click();
    await expect(new EventGrid(page).rowAt(1).getByRole('gridcell').first()).toHaveText(/\d/);
    await expect(page.getByRole('alert').filter({ hasText: told })).toBeHidden();
  });

  test(`${name} in place of an event is told in the drawer, and trying again works`, async ({ sitDown, records, faults }) => {
    const [event] = await records.eventsInError(BATCH);
    await faults.set({ method: 'GET', path: `subscriptionUsageEvents/${event.EventNumber}`, kind: fault });
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    const alert = drawer.root.getByRole('alert').filter({ hasText: told });
    await expect(alert).toBeVisible();
    await faults.clear();
    await alert.getByRole('button', { name: /^Try (again|now)$/ }).click();
    await expect(drawer.field('Service')).toHaveValue(event.ServiceId);
  });
}

for (const [place, { name, fault }] of [
  { name: 'a 503 with Retry-After', fault: { answer: { status: 503, headers: { 'Retry-After': '1' } } } as Fault },
  { name: "a proxy's error page", fault: PROXY_PAGE },
  { name: 'malformed JSON with a success', fault: { answer: { status: 200, content_type: 'application/json', body: '{"Service' } } as Fault },
].entries()) {
  test(`a change that is answered by ${name} is kept and saved exactly once afterwards`, async ({ sitDown, records, faults }) => {
    const event = (await records.eventsInError(BATCH))[6 + place];
    const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    await faults.set({ method: 'PATCH', times: 1, kind: fault });
    await drawer.correct('Service', `+49 ${place}`);
    await faults.applied();
    await expect(drawer.field('Service')).toHaveValue(`+49 ${place}`);
    await expectAllSaved(page);
    const after = await records.event(event.EventNumber);
    expect([after.ServiceId, writesSeen(after)]).toEqual([`+49 ${place}`, writesSeen(event) + 1]);
  });
}

test('a change that is answered by an empty 406 is refused with words, and what was typed stays and can be sent again', async ({ sitDown, records, faults }) => {
  const event = (await records.eventsInError(BATCH))[9];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  await faults.set({ method: 'PATCH', times: 1, kind: { answer: { status: 406 } } });
  await drawer.correct('Service', '+49 406');
  await expect(savedState(page)).toHaveText('1 refused');
  await expect(drawer.field('Service')).toHaveValue('+49 406');
  await expect(drawer.field('Service')).toHaveAccessibleDescription(/\w/);
  await drawer.root.getByRole('button', { name: 'Send again' }).click();
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 406');
});
