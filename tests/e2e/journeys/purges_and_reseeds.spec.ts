import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PURGE_ADDRESS, PurgePage } from '../person/purge_page';
import { signIn } from '../person/sign_in';
import { expect, test as base } from '../stand/desk_test';
import { Platform } from '../stand/platform';

const test = base.extend<{ platform: Platform }>({
  platform: async ({ server }, use) => use(new Platform(server)),
});

test.use({ stock: { journey: 'purges and reseeds', events: 200 } });

test('the whole procedure: a proven copy, what goes, a quiet platform, its name, the countdown, report and receipt', async ({ sitDown, platform }) => {
  const before = await platform.events();
  const instances = await platform.instances();
  const page = await sitDown('admin', PURGE_ADDRESS);
  const desk = new PurgePage(page, platform);
  const copy = await desk.walkTo('copied');

  // The copy is every event, one a line, as the platform sent it.
  const bytes = await readFile(copy);
  const lines = bytes.toString().trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(before);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await expect(desk.step.getByTestId('sha256')).toHaveText(sha256);

  // A file that is not it is refused, with the reason.
  const chooser = desk.step.getByLabel('The saved copy');
  const others: [Buffer, RegExp][] = [
    [Buffer.from(lines.slice(1).join('\n') + '\n'), /another number of events/],
    [Buffer.from(bytes.toString().replace('CREATED', 'UPDATED')), /bytes differ/],
    [bytes.subarray(0, bytes.length - 40), /cannot be read/],
    [Buffer.from('{}\n'), /cannot be read/],
  ];
  for (const [buffer, reason] of others) {
    await chooser.setInputFiles({ name: 'other.ndjson', mimeType: 'application/x-ndjson', buffer });
    await expect(desk.step.getByText(reason)).toBeVisible();
  }
  await chooser.setInputFiles(copy);

  // What goes and what comes.
  const goes = desk.step.getByRole('region').or(desk.step.locator('section')).filter({ hasText: 'What goes' });
  await expect(goes).toContainText(new RegExp(`Events\\s*${before.length.toLocaleString('en-GB')}`));
  await expect(desk.step.locator('section').filter({ hasText: 'What comes' })).toContainText(`instance${instances.length}`);
  await desk.button('I have read this').click();

  // Another name does not start the countdown.
  await desk.name('usage desk demo');
  await expect(desk.step.getByText('The name does not match.')).toBeVisible();
  await desk.name('Usage Desk demo');
  await expect(desk.step.getByRole('timer')).toContainText('10 seconds');
  await desk.passSeconds(9);
  await expect(desk.step.getByRole('timer')).toContainText('1 second until');
  expect(desk.posts).toBe(0);
  const answered = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().includes('destructively_purge'));
  await desk.passSeconds(1);
  const requestId = (await answered).headers()['x-vcap-request-id'];

  await expect(desk.step.getByText('Purged and reseeded')).toBeVisible();
  expect(desk.posts).toBe(1);
  const after = await platform.events();
  expect(after.map((event) => event.guid)).toEqual(instances.map((instance) => instance.guid));
  await expect(desk.step.getByTestId('request-id')).toHaveText(requestId);
  await expect(desk.step.getByRole('heading', { name: 'Doubled starts: 0' })).toBeVisible();
  await expect(desk.step.getByRole('heading', { name: 'Orphaned stops: 0' })).toBeVisible();
  await expect(desk.step.getByRole('heading', { name: `Start times that only the kept copy holds: ${instances.length}` })).toBeVisible();

  // The receipt tells the same, and names every true start.
  const download = page.waitForEvent('download');
  await desk.button('Save the receipt').click();
  const receipt = (await readFile(await (await download).path())).toString();
  for (const line of [
    'Platform: Usage Desk demo',
    'Person: Ada Moreau (admin)',
    `Request id: ${requestId}`,
    'Decided by reading: purged and reseeded',
    `Events before: ${before.length}`,
    `SHA-256 of the kept copy: ${sha256}`,
    `Events after: ${after.length}`,
  ]) {
    expect(receipt.split('\n')).toContain(line);
  }
  const [running] = instances;
  const created = before.find((event) => event.service_instance.guid === running.guid && event.state === 'CREATED')!;
  const trueStart = created.created_at.replace('T', ' ').replace('Z', '');
  expect(receipt).toContain(`  ${running.name} (${running.guid}), truly ${trueStart}, now `);

  // Finished is finished: a reload begins at the beginning.
  await desk.button('Finish').click();
  await desk.expectStart();
  await page.reload();
  await signIn(page, 'admin');
  await desk.expectStart();
  expect(desk.posts).toBe(1);
});

test('a call that is cut before it arrives is unknown, then not seen, and never sent again', async ({ sitDown, platform, faults }) => {
  const before = await platform.events();
  const page = await sitDown('admin', PURGE_ADDRESS);
  const desk = new PurgePage(page, platform);
  await desk.walkTo('counting');
  await faults.set({ method: 'POST', path: 'destructively_purge', kind: 'cut_before' });
  await desk.countDown();
  await expect(desk.step.getByText('Unknown whether the platform did it')).toBeVisible();
  await expect(desk.button('Cancel')).toHaveCount(0);
  await desk.button('Read what is there now').click();
  await expect(desk.step.getByText('Nothing of a purge is to be seen yet')).toBeVisible();
  // A reload knows as much, and a second tab cannot begin either.
  await page.reload();
  await signIn(page, 'admin');
  await expect(desk.step.getByText('Nothing of a purge is to be seen yet')).toBeVisible();
  await expect(desk.button('Begin with the copy')).toHaveCount(0);
  await expect(desk.button('Give it up: it was not carried out')).toHaveCount(0);
  await desk.passSeconds(61);
  await expect(desk.button('Give it up: it was not carried out')).toHaveCount(0);
  await desk.button('Read again').click();
  await desk.button('Give it up: it was not carried out').click();
  await desk.expectStart();
  expect(desk.posts).toBe(1);
  expect(await platform.events()).toEqual(before);
});

test('a call whose answer is cut off is decided by reading the seeded rows, also after a reload', async ({ sitDown, platform, faults }) => {
  await platform.makeInstance('seen by nobody');
  const page = await sitDown('admin', PURGE_ADDRESS);
  const desk = new PurgePage(page, platform);
  const copy = await desk.walkTo('counting');
  await faults.set({ method: 'POST', path: 'destructively_purge', kind: 'cut_after' });
  await desk.countDown();
  await expect(desk.step.getByText('Unknown whether the platform did it')).toBeVisible();
  await page.reload();
  await signIn(page, 'admin');
  await expect(desk.step.getByText('Purged and reseeded')).toBeVisible();
  await expect(desk.step.getByTestId('request-id')).toHaveText('not known');
  // What only the copy can tell needs the copy, and no other file.
  const chooser = desk.step.getByLabel('The kept copy');
  await chooser.setInputFiles({ name: 'other.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from('') });
  await expect(desk.step.getByText('This is not the copy that was kept before this purge.')).toBeVisible();
  await chooser.setInputFiles(copy);
  await expect(desk.step.getByRole('heading', { name: 'Start times that only the kept copy holds: 1' })).toBeVisible();
  await expect(desk.step.getByText('seen by nobody')).toBeVisible();
  await desk.button('Finish').click();
  await desk.expectStart();
  expect(desk.posts).toBe(1);
});

test('an instance that is made during the purge is named as a doubled start', async ({ sitDown, platform, faults }) => {
  const page = await sitDown('admin', PURGE_ADDRESS);
  const desk = new PurgePage(page, platform);
  await desk.walkTo('counting');
  // As the vendor does it: everything is destroyed, and a moment later the starts are written.
  await faults.set({ method: 'POST', path: 'destructively_purge', kind: { step_gap_ms: 60_000 } });
  await desk.countDown();
  await expect.poll(() => platform.count(), { intervals: [50] }).toBe(0);
  const made = await platform.makeInstance('made in between');
  await faults.clear();
  await expect(desk.step.getByRole('heading', { name: 'Doubled starts: 1' })).toBeVisible();
  const finding = desk.step.locator('section').filter({ hasText: 'Doubled starts' });
  await expect(finding).toContainText('made in between');
  await expect(finding).toContainText(made.guid);
  const download = page.waitForEvent('download');
  await desk.button('Save the receipt').click();
  const receipt = (await readFile(await (await download).path())).toString();
  expect(receipt).toContain(`Doubled starts: 1\n  made in between (${made.guid}), event `);
  await desk.button('Finish').click();
  expect(desk.posts).toBe(1);
});

test('a platform that stops between destroying and seeding leaves a warning, not a success', async ({ sitDown, platform, faults, server }) => {
  const page = await sitDown('admin', PURGE_ADDRESS);
  const desk = new PurgePage(page, platform);
  await desk.walkTo('counting');
  await faults.set({ method: 'POST', path: 'destructively_purge', kind: { step_gap_ms: 60_000 } });
  await desk.countDown();
  await expect.poll(() => platform.count(), { intervals: [50] }).toBe(0);
  await server.kill();
  await expect(desk.step.getByText('Unknown whether the platform did it')).toBeVisible();
  await server.start();
  await desk.button('Read what is there now').click();
  await expect(desk.step.getByText('Purged, and nothing was seeded')).toBeVisible();
  await desk.button('Finish').click();
  await desk.expectStart();
  expect(desk.posts).toBe(1);
});
