import { ConflictCard } from '../person/conflict_card';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved, savedState } from '../person/saved_state';
import { expect, test } from '../stand/desk_test';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'two people change the same field', events: 2000 } });

const decisions = [
  { name: 'keeps mine', decide: (card: ConflictCard) => card.keepMine('Service'), held: '+49 mine', writes: 2 },
  { name: 'takes theirs', decide: (card: ConflictCard) => card.takeTheirs('Service'), held: '+49 theirs', writes: 1 },
  { name: 'writes another value', decide: (card: ConflictCard) => card.another('Service', '+49 another'), held: '+49 another', writes: 2 },
];

for (const [place, { name, decide, held, writes }] of decisions.entries()) {
  test(`the second of two people sees what the first one made of the field, and ${name}`, async ({ sitDown, records }) => {
    const event = (await records.eventsInError(BATCH))[place];
    const address = eventAddress(BATCH, event.EventNumber);
    const [first, second] = [await sitDown('admin', address), await sitDown('editor', address)];
    const [hers, his] = [new EventDrawer(first, event.EventNumber), new EventDrawer(second, event.EventNumber)];
    await hers.expectOpen();
    await his.expectOpen();

    await hers.correct('Service', '+49 theirs');
    await expect(hers.box('ServiceId').getByRole('status')).toHaveText('Saved');
    await his.correct('Service', '+49 mine');

    const card = new ConflictCard(second, event.EventNumber);
    await card.expectTells('Service', { who: 'Ada Moreau', before: event.ServiceId, theirs: '+49 theirs', mine: '+49 mine' });
    await expect(savedState(second)).toHaveText('1 in conflict');
    // It is decided on the card alone, and nothing is overwritten before that.
    await expect(his.field('Service')).toBeHidden();
    expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 theirs');

    await decide(card);
    await expectAllSaved(second);
    await expect(his.field('Service')).toHaveValue(held);
    const after = await records.event(event.EventNumber);
    expect(after.ServiceId).toBe(held);
    expect(writesSeen(after)).toBe(writesSeen(event) + writes);
  });
}

test('a conflict that is left open is still there, with what was typed, when the drawer is opened again', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[4];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  expect((await records.write(event.EventNumber, { ServiceId: '+49 theirs' })).status).toBe(200);
  await drawer.correct('Service', '+49 mine');
  const card = new ConflictCard(page, event.EventNumber);
  await expect(card.root).toBeVisible();

  await drawer.close();
  await savedState(page).click();
  const panel = page.getByRole('region', { name: 'Changes of this page' });
  await expect(panel).toContainText('+49 mine');
  await panel.getByRole('link', { name: new RegExp(event.EventNumber) }).click();
  await expect(card.root).toBeVisible();
  // While it is open, the same way leads back to the card from the end of the drawer.
  await drawer.root.evaluate((root) => root.querySelectorAll('*').forEach((part) => (part.scrollTop = part.scrollHeight)));
  await savedState(page).click();
  await panel.getByRole('link', { name: new RegExp(event.EventNumber) }).click();
  await expect(card.root).toBeFocused();
  await expect(card.root).toBeInViewport();
  await card.keepMine('Service');
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 mine');
});

test('another value that is typed into the card outlives what else changes, and a closed drawer', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[8];
  const page = await sitDown('editor', `${eventAddress(BATCH, event.EventNumber)}?find=${event.EventNumber}`);
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  expect((await records.write(event.EventNumber, { ServiceId: '+49 theirs' })).status).toBe(200);
  await drawer.correct('Service', '+49 mine');
  const card = new ConflictCard(page, event.EventNumber);
  const another = card.root.getByLabel('Service: another value');
  await another.fill('+49 third');
  // What else changes of the event takes neither the text nor the focus away.
  expect((await records.write(event.EventNumber, { UsageQuantity: 4321.5 })).status).toBe(200);
  await page.getByRole('button', { name: 'Refresh', exact: true }).dispatchEvent('click');
  await expect(drawer.field('Quantity')).toHaveValue('4321.5');
  await expect(another).toBeFocused();
  await expect(another).toHaveValue('+49 third');
  await drawer.close();
  await page.goBack();
  await expect(another).toHaveValue('+49 third');
  await card.root.getByRole('button', { name: 'Apply' }).click();
  await expectAllSaved(page);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 third');
});

test('two people who write the same value are no conflict', async ({ sitDown, records }) => {
  const event = (await records.eventsInError(BATCH))[5];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const drawer = new EventDrawer(page, event.EventNumber);
  await drawer.expectOpen();
  expect((await records.write(event.EventNumber, { ServiceId: '+49 agreed' })).status).toBe(200);
  await drawer.correct('Service', '+49 agreed');
  await expectAllSaved(page);
  await expect(new ConflictCard(page, event.EventNumber).root).toBeHidden();
  expect(writesSeen(await records.event(event.EventNumber))).toBe(writesSeen(event) + 1);
});

for (const place of ['a cell', 'the drawer'] as const) {
  test(`what comes in while a person types into ${place} is not typed over: it is a conflict`, async ({ sitDown, records }) => {
    const event = (await records.eventsInError(BATCH))[place === 'a cell' ? 6 : 7];
    const address = place === 'a cell' ? `/batches/${BATCH}` : eventAddress(BATCH, event.EventNumber);
    const page = await sitDown('editor', `${address}?find=${event.EventNumber}`);
    const grid = new EventGrid(page);
    const drawer = new EventDrawer(page, event.EventNumber);
    if (place === 'the drawer') await drawer.expectOpen();
    const editor = place === 'a cell' ? await grid.openEditor(event.EventNumber, 'Service') : drawer.field('Service');
    await editor.fill('+49 mine');
    expect((await records.write(event.EventNumber, { ServiceId: '+49 theirs', UsageQuantity: 4321.5 })).status).toBe(200);
    // The list is read again while the keyboard stays in the field.
    await page.getByRole('button', { name: 'Refresh', exact: true }).dispatchEvent('click');
    await expect(await grid.cell(event.EventNumber, 'Quantity')).toHaveText('4,321.5');
    await expect(editor).toHaveValue('+49 mine');
    await editor.press('Enter');
    await expect(savedState(page)).toHaveText('1 in conflict');
    expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 theirs');
  });
}
