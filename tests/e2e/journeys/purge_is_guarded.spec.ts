import { PURGE_ADDRESS, PurgePage, STOPS } from '../person/purge_page';
import { expectSignedIn, signIn } from '../person/sign_in';
import { expect, test as base } from '../stand/desk_test';
import { Platform } from '../stand/platform';

const test = base.extend<{ platform: Platform }>({
  platform: async ({ server }, use) => use(new Platform(server)),
});

test.use({ stock: { journey: 'purge is guarded', events: 200 } });

for (const user of ['viewer', 'editor'] as const) {
  test(`the ${user} is told why a purge is not for them, and the platform refuses them as well`, async ({ sitDown, platform }) => {
    const before = await platform.events();
    const page = await sitDown(user, PURGE_ADDRESS);
    const desk = new PurgePage(page, platform);
    await expect(desk.step.getByText('Only an administrator of the platform may purge.')).toBeVisible();
    await expect(desk.step.getByRole('button')).toHaveCount(0);
    expect((await platform.purge(user)).status).toBe(403);
    expect(await platform.events()).toEqual(before);
    expect(desk.posts).toBe(0);
  });
}

for (const stop of STOPS) {
  test(`cancelled when it is ${stop}, nothing is sent, however long one waits`, async ({ sitDown, platform }) => {
    const page = await sitDown('admin', PURGE_ADDRESS);
    const desk = new PurgePage(page, platform);
    await desk.walkTo(stop);
    await desk.button('Cancel').click();
    await expect(desk.step.getByText('Cancelled. Nothing was sent.')).toBeVisible();
    await desk.passSeconds(3600);
    // Beginning again works, from the very beginning: the way is open and nothing is left of before.
    await desk.walkTo('copied');
    expect(desk.posts).toBe(0);
  });
}

test('cancelled while the copy is being made, no file is saved and nothing is sent', async ({ sitDown, platform, faults }) => {
  const page = await sitDown('admin', PURGE_ADDRESS);
  const desk = new PurgePage(page, platform);
  let downloads = 0;
  page.on('download', () => (downloads += 1));
  await faults.set({ method: 'GET', path: 'service_usage_events?per_page=2000', kind: { delay_ms: 1000 } });
  const pageRead = page.waitForResponse(/per_page=2000/);
  await desk.button('Begin with the copy').click();
  await desk.button('Cancel').click();
  await expect(desk.step.getByText('Cancelled. Nothing was sent.')).toBeVisible();
  await (await pageRead).finished();
  await desk.expectStart();
  expect([downloads, desk.posts]).toEqual([0, 0]);
});

for (const look of ['look at the platform', 'last look'] as const) {
  test(`cancelled during the ${look}, whose answer then comes too late, nothing is sent`, async ({ sitDown, platform, faults }) => {
    const page = await sitDown('admin', PURGE_ADDRESS);
    const desk = new PurgePage(page, platform);
    await desk.walkTo(look === 'last look' ? 'counting' : 'proven');
    await faults.set({ method: 'GET', path: 'service_usage_events?per_page=1&order_by', kind: { delay_ms: 2000 } });
    const looked = page.waitForResponse(/per_page=1&order_by/);
    if (look === 'last look') await desk.countDown();
    else await desk.button('I have read this').click();
    await faults.applied();
    await desk.button('Cancel').click();
    await expect(desk.step.getByText('Cancelled. Nothing was sent.')).toBeVisible();
    await (await looked).finished();
    await desk.passSeconds(3600);
    await faults.clear();
    // The way is open again, from its very beginning.
    await desk.walkTo('copied');
    expect(desk.posts).toBe(0);
  });
}

test('a platform that is not quiet holds the procedure up, and one that changed since the copy ends it', async ({ sitDown, platform }) => {
  const page = await sitDown('admin', PURGE_ADDRESS);
  const desk = new PurgePage(page, platform);
  await platform.makeInstance('made a moment ago');
  const quiet = await platform.quietTime();
  await desk.walkTo('proven');
  const early = quiet.getTime() - 3 * 60_000;
  await desk.setTime(new Date(early));
  await desk.button('I have read this').click();
  await expect(desk.step.getByText(/Wait until there has been no event for 5 minutes/)).toBeVisible();
  // This computer's clock makes nothing older, however far ahead it is; it is to be set right first.
  for (const minutes of [60, 2, -60]) {
    await page.clock.setFixedTime(new Date(early + minutes * 60_000));
    await desk.button('Look again').click();
    const off = Math.abs(minutes) === 60 ? '1 hour' : '2 minutes';
    await expect(desk.step.getByText(`The clock of this computer is ${off} ${minutes > 0 ? 'ahead' : 'behind'}.`)).toBeVisible();
  }
  await expect(page.getByText(/^Clock 1 hour behind$/)).toBeVisible();
  await desk.setTime(quiet);
  await desk.button('Look again').click();
  await expect(desk.step.getByLabel('Name of the platform')).toBeVisible();
  // Whatever comes after the copy is found at the last moment, when the countdown is over.
  await desk.name('Usage Desk demo');
  await platform.makeInstance('made during the countdown');
  await desk.countDown();
  await expect(desk.step.getByText(/1 event came after the copy was made/)).toBeVisible();
  await expect(desk.button('Look again')).toHaveCount(0);
  await desk.button('Cancel').click();
  expect(desk.posts).toBe(0);
});

test('no address, no key and no way back and forth leads past a step', async ({ sitDown, platform }) => {
  const page = await sitDown('admin', '/service-usage');
  const desk = new PurgePage(page, platform);
  const before = await platform.events();
  await page.getByRole('link', { name: 'Purge and reseed' }).click();
  // Enter and Space on whatever has the focus, again and again: the copy is as far as it goes.
  await desk.setTime(await platform.quietTime());
  await desk.button('Begin with the copy').focus();
  for (let press = 0; press < 12; press += 1) await page.keyboard.press(press % 2 ? 'Space' : 'Enter');
  await expect(desk.step.getByLabel('The saved copy')).toBeVisible();
  await desk.button('Cancel').click();

  // Away in the middle of the countdown, by the browser's own buttons.
  await desk.walkTo('counting');
  await page.goBack();
  await expect(page).toHaveURL(/\/service-usage$/);
  await desk.passSeconds(600);
  await page.goForward();
  await desk.expectStart();

  // An address that pretends to be further on, and a reload in the countdown.
  await desk.walkTo('counting');
  await page.reload();
  await signIn(page, 'admin');
  await desk.expectStart();
  await page.goto(`${PURGE_ADDRESS}?step=6&name=Usage%20Desk%20demo#countdown`);
  await signIn(page, 'admin');
  await desk.expectStart();
  expect(desk.posts).toBe(0);
  expect(await platform.events()).toEqual(before);
});

test('a damaged note of an earlier purge is told, and holds nothing up for ever', async ({ sitDown, platform }) => {
  const page = await sitDown('admin', '/service-usage');
  const desk = new PurgePage(page, platform);
  for (const note of ['', '{}', '{"target":7}']) {
    await page.evaluate((text) => localStorage.setItem('usage-desk.purge-sent Demo\n\n\n', text), note);
    await page.getByRole('link', { name: 'Purge and reseed' }).click();
    await expect(desk.step.getByText('A note of an earlier purge cannot be read')).toBeVisible();
    await expect(desk.button('Begin with the copy')).toHaveCount(0);
    await desk.button('Delete the note').click();
    await desk.expectStart();
    await page.goBack();
  }
  await page.getByRole('link', { name: 'Purge and reseed' }).click();
  await desk.walkTo('copied');
  expect(desk.posts).toBe(0);
});

test('a second press on the beginning leaves the tab its claim', async ({ sitDown, platform }) => {
  const page = await sitDown('admin', PURGE_ADDRESS);
  const desk = new PurgePage(page, platform);
  await desk.button('Begin with the copy').dblclick();
  await expect(desk.step.getByLabel('The saved copy')).toBeVisible();
  const other = await page.context().newPage();
  await other.goto(PURGE_ADDRESS);
  await expectSignedIn(other);
  const otherDesk = other.getByRole('group', { name: 'Current step' });
  await otherDesk.getByRole('button', { name: 'Begin with the copy' }).click();
  await expect(otherDesk.getByText(/Another tab of this browser is in this procedure/)).toBeVisible();
  // Let go of here, it is free there.
  await desk.button('Cancel').click();
  await expect(desk.step.getByText('Cancelled. Nothing was sent.')).toBeVisible();
  await otherDesk.getByRole('button', { name: 'Begin with the copy' }).click();
  await expect(otherDesk.getByLabel('The saved copy')).toBeVisible();
  expect(desk.posts).toBe(0);
});

test('only one of two tabs can be in the procedure, and a second press of anything sends nothing more', async ({ sitDown, platform }) => {
  const page = await sitDown('admin', PURGE_ADDRESS);
  const desk = new PurgePage(page, platform);
  await desk.walkTo('naming');
  const other = await page.context().newPage();
  await other.goto(PURGE_ADDRESS);
  await expectSignedIn(other);
  const otherDesk = other.getByRole('group', { name: 'Current step' });
  await otherDesk.getByRole('button', { name: 'Begin with the copy' }).click();
  await expect(otherDesk.getByText(/Another tab of this browser is in this procedure/)).toBeVisible();

  await desk.step.getByLabel('Name of the platform').fill('Usage Desk demo');
  await desk.button('Start the countdown').dblclick();
  await expect(desk.step.getByRole('timer')).toContainText('10 seconds');
  await page.keyboard.press('Enter');
  await desk.countDown();
  await expect(desk.step.getByText('Purged and reseeded')).toBeVisible();
  // Until it is finished here, the other tab finds it sent and reads, like this one.
  await other.reload();
  await expectSignedIn(other);
  await expect(otherDesk.getByText('Purged and reseeded')).toBeVisible();
  await expect(otherDesk.getByRole('button', { name: 'Begin with the copy' })).toHaveCount(0);
  await desk.button('Finish').dblclick();
  await desk.expectStart();
  expect(desk.posts).toBe(1);
});
