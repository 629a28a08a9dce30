// The evidence of a batch: one archive whose files are what the server holds, and whose hashes are those of its files.
import { createHash } from 'node:crypto';
import type { Page } from '@playwright/test';
import { takePictures } from '../stand/pictures';
import { expect, test } from '../stand/desk_test';
import { add, digits, exact } from '../stand/exact_decimal';
import { csvLines, savedBy, unzipped } from '../stand/exported_file';

const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'makes evidence', events: 2000 } });

/** It is behind the details of the batch. */
async function open(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('button', { name: 'Evidence…' }).click();
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('the pack holds every event with its charges and says by hashes what it holds', async ({ sitDown, records }) => {
  const page = await sitDown('viewer', `/batches/${BATCH}`);
  const events = await records.everyEventOf(BATCH);
  await open(page);
  const dialog = page.getByRole('dialog', { name: 'Evidence of the batch' });
  await expect(dialog.getByRole('button', { name: 'Make evidence' })).toBeVisible();
  await takePictures(page, 'evidence');
  const { name, bytes } = await savedBy(page, () => dialog.getByRole('button', { name: 'Make evidence' }).click());
  expect(name).toMatch(new RegExp(`^evidence-${BATCH}-\\d{8}T\\d{6}Z\\.zip$`));
  await expect(dialog.getByTestId('evidence-saved')).toContainText(`${events.length.toLocaleString('en-GB')} events`);
  await expect(dialog.getByTestId('evidence-sha256')).toHaveText(sha256(bytes));
  const files = unzipped(bytes);
  const sums = files.get('SHA256SUMS')!.toString().trimEnd().split('\n').map((line) => line.split('  '));
  expect(sums.map(([, file]) => file).sort()).toEqual([...files.keys()].filter((file) => file !== 'SHA256SUMS').sort());
  for (const [sum, file] of sums) expect(sum, file).toBe(sha256(files.get(file)!));
  const table = (file: string) => {
    const [head, ...lines] = csvLines(files.get(file)!);
    return lines.map((line) => Object.fromEntries(head.map((title, place) => [title, line[place]])));
  };
  const about = Object.fromEntries(csvLines(files.get('about this pack.csv')!));
  expect(about).toMatchObject({
    Completeness: 'Every event was read, with all of its charges',
    'Events in this pack': String(events.length),
    "Events by the batch's own count": String(events.length),
  });
  expect(table('events.csv').map((line) => [line.EventNumber, line.UsageQuantity])).toEqual(events.map((event) => [event.EventNumber, event.UsageQuantity]));
  const charges = events.flatMap((event) => event.usageCharges.items ?? event.usageCharges);
  expect(table('charges.csv').map((line) => [line.UsageChargePuid, line.BilledAmount])).toEqual(charges.map((charge) => [charge.UsageChargePuid, charge.BilledAmount]));
  // What is billed, per currency, is what the charges of the processed events come to.
  const billed: Record<string, string> = {};
  for (const event of events.filter(({ EventStatus }) => ['ORA_PROCESSED', 'ORA_REVERSED'].includes(EventStatus))) {
    for (const { ChargeCurrency, BilledAmount } of event.usageCharges.items ?? event.usageCharges) {
      const currency = ChargeCurrency ?? 'no currency';
      billed[currency] = digits(add(exact(billed[currency] ?? '0'), exact(BilledAmount)));
    }
  }
  expect(Object.fromEntries(table('amounts by currency.csv').map((line) => [line.Currency, line.Billed]))).toEqual(billed);
  expect(table('history of the server.csv').length).toBe(Number(about['Changes that the server keeps']));
});

test('a batch of reversals names what each takes back, and nets to nothing per currency', async ({ sitDown, records }) => {
  const page = await sitDown('viewer', '/batches/UB-2026-10-REV');
  const events = await records.everyEventOf('UB-2026-10-REV');
  await open(page);
  const { bytes } = await savedBy(page, () => page.getByRole('button', { name: 'Make evidence' }).click());
  const files = unzipped(bytes);
  const [, ...links] = csvLines(files.get('reversals and replacements.csv')!);
  expect(links.map(([own, , , , relation]) => [own, relation])).toEqual(events.map((event) => [event.EventNumber, 'takes back']));
  for (const [, , , quantity, , other] of links.slice(0, 2)) {
    const original = await records.event(other);
    expect(quantity).toBe(`-${original.UsageQuantity}`);
    expect(events.map((event) => event.EventId)).toContain(original.RelatedEventId);
  }
  const [, ...totals] = csvLines(files.get('amounts by currency.csv')!);
  expect(totals.length).toBeGreaterThan(1);
  for (const [currency, original, reversal, net] of totals) {
    expect(digits(add(exact(original), exact(reversal))), currency).toBe(net);
    expect(Number(net), currency).toBe(0);
  }
});

test('evidence that is stopped, or whose source fails, is none', async ({ sitDown, faults }) => {
  let downloads = 0;
  const page = await sitDown('viewer', `/batches/${BATCH}`);
  page.on('download', () => (downloads += 1));
  await open(page);
  const dialog = page.getByRole('dialog', { name: 'Evidence of the batch' });
  const make = dialog.getByRole('button', { name: 'Make evidence' });
  await faults.set({ method: 'GET', path: 'usageMessages', kind: { delay_ms: 1500 } });
  const late = page.waitForResponse(/usageMessages/);
  await make.click();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await (await late).finished();
  await expect(make).toBeVisible();
  await faults.set({ method: 'GET', path: 'changeHistory', kind: { answer: { status: 500 } } });
  await make.click();
  await expect(dialog.getByRole('alert')).toContainText('No evidence was saved.');
  expect(downloads).toBe(0);
});
