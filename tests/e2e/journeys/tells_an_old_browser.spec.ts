// A browser that cannot run the desk is told so, in words, and not left at "Loading".
import { expect, test } from '../stand/desk_test';

test.use({ stock: { journey: 'tells an old browser', events: 2000 } });

test('what a browser lacks is named, and one that has it sees no word of it', async ({ browser, server, sitDown }) => {
  for (const [lacks, take] of [
    ['time limits for requests', 'delete AbortSignal.timeout'],
    ['dialogs', 'delete HTMLDialogElement.prototype.showModal'],
    ['WebAssembly', 'delete globalThis.WebAssembly'],
    ['numbers in parts', 'delete Intl.NumberFormat.prototype.formatToParts'],
  ]) {
    const context = await browser.newContext({ baseURL: server.address });
    await context.addInitScript(take);
    const page = await context.newPage();
    await page.goto('/');
    await expect(page.getByRole('alert')).toContainText('This browser is too old for Usage Desk.');
    await expect(page.getByRole('alert')).toContainText(`It lacks ${lacks}.`);
    await expect(page.getByLabel('Password')).toHaveCount(0);
    await context.close();
  }
  const page = await sitDown('viewer');
  await expect(page.getByText('too old')).toHaveCount(0);
});

test('a page that is opened over http from another machine does not start, and says why', async ({ browser, server }) => {
  const { launchOptions } = test.info().project.use;
  const args = [...(launchOptions?.args ?? []), '--host-resolver-rules=MAP desk.example.com 127.0.0.1'];
  const elsewhere = await browser.browserType().launch({ ...launchOptions, args });
  try {
    const page = await elsewhere.newPage();
    await page.goto(server.address.replace('127.0.0.1', 'desk.example.com'));
    await expect(page.getByRole('alert')).toContainText('Open Usage Desk by https.');
    await expect(page.getByLabel('Password')).toHaveCount(0);
  } finally {
    await elsewhere.close();
  }
});
