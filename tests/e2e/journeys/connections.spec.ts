// What the console is connected to stands in a file beside the page: which systems there are, where, and what the
// environment is called. A file that cannot be used is told; what was written for one system goes to no other.
import { readFile } from 'node:fs/promises';
import type { Page, Route } from '@playwright/test';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { leaveWaiting } from '../person/left_waiting';
import { expectAllSaved } from '../person/saved_state';
import { sessionDialog, signIn } from '../person/sign_in';
import { violations } from '../stand/axe';
import { DemoServer } from '../stand/demo_server';
import { expect, test } from '../stand/desk_test';
import { Front } from '../stand/front';
import { linesOnDisk } from '../stand/journal';
import { takePictures } from '../stand/pictures';

const TEST = { environment: { name: 'TEST', colour: 'amber' }, demo: true, oracle: {}, logiSense: {}, cloudFoundry: {} };
const BATCH = 'UB-2026-10-TEL';

test.use({ stock: { journey: 'connections', events: 2000, connections: TEST } });

/** From the settings, which are there without a sign-in, to the settings of a person. */
async function signInAtSettings(page: Page, user: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await signIn(page, user);
}

const press = (page: Page, name: string) => page.getByRole('button', { name: `Test the connection to ${name}` }).click();

const screens = (page: Page) => page.getByRole('navigation', { name: 'Screens' });

test.afterEach(async ({ server }) => server.writeConnections(JSON.stringify(TEST)));

test('the environment is seen at a glance, on every page and before sign-in', async ({ openBrowser, watch: _ }) => {
  const page = await openBrowser('/batches');
  await expect(page.getByText('TEST', { exact: true })).toBeVisible();
  await signIn(page, 'viewer');
  await expect(screens(page).getByText('TEST', { exact: true })).toBeVisible();
  await expect(page).toHaveTitle('Batches – TEST – Usage Desk');
  await screens(page).getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByText('This is the environment TEST.')).toBeVisible();
  await takePictures(page, 'settings');
});

test('a system that is not connected has no screens', async ({ openBrowser, server }) => {
  await server.writeConnections(JSON.stringify({ demo: true, cloudFoundry: {} }));
  const page = await openBrowser('/');
  await signIn(page, 'viewer');
  await expect(page).toHaveURL(/\/service-usage$/);
  await expect(page.getByRole('heading', { name: 'Service usage', level: 1 })).toBeVisible();
  await expect(screens(page).getByRole('list').getByRole('link')).toHaveText(['Service usage', 'Changes']);
  await page.goto('/batches/X/events/Y');
  await signIn(page, 'viewer');
  await expect(page.getByText('This console is not connected to Oracle Subscription Management')).toBeVisible();
  await page.getByRole('link', { name: 'Go to the first screen' }).click();
  await expect(page).toHaveURL(/\/service-usage$/);
});

test('base buckets alone: people sign in at LogiSense', async ({ openBrowser, server }) => {
  await server.writeConnections(JSON.stringify({ demo: true, logiSense: { signIn: ['token-service'] } }));
  const page = await openBrowser('/');
  await expect(page.getByLabel('Sign-in method')).toBeHidden();
  await page.getByLabel('User', { exact: true }).fill('editor');
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('User and password do not match');
  await signIn(page, 'editor');
  await expect(page).toHaveURL(/\/buckets$/);
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
});

for (const [what, text, told] of [
  ['a page', '<!doctype html><title>Usage Desk</title>', 'It is a page, not JSON'],
  ['a comma too many', '{\n  "oracle": {},\n}', 'Line 3, column 1: nothing follows the comma before this: take the comma out.'],
  ['a secret', '{\n  "oracle": { "clientSecret": "s3cret" }\n}', 'Line 2, column 31, at oracle.clientSecret: a secret must not stand here'],
  ['another site without TLS', '{"oracle": {"base": "http://systems.example.com"}}', 'must begin with https://'],
  ['many hosts', '{"oracle": {"base": "https://*.example.com"}}', 'Line 1, column 21, at oracle.base: the address "https://*.example.com" must name one host'],
  ['a port that is none', '{"oracle": {"base": "https://systems.example.com:99999"}}', 'names a port that is none'],
  ['no system', '{}', 'It names no system'],
  ['a name that turns the writing', '{"oracle": {}, "environment": {"name": "TEST\\u202e"}}', 'Line 1, column 40, at environment.name: it holds a sign that is not seen and turns the writing'],
] as const) {
  test(`a file that is ${what} is told, and works once it is mended`, async ({ openBrowser, server }) => {
    await server.writeConnections(text);
    const page = await openBrowser('/');
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('The file connections.json beside this page');
    await expect(alert).toContainText(told);
    await expect(alert).not.toContainText('s3cret');
    expect(await violations(page)).toEqual([]);
    // With the mark of an editor before it, which is no fault.
    await server.writeConnections(`\uFEFF${JSON.stringify(TEST)}`);
    await page.getByRole('button', { name: 'Try again' }).click();
    await signIn(page, 'viewer');
  });
}

test('an answer that does not come, and one that leads elsewhere, are told', async ({ openBrowser }) => {
  const page = await openBrowser('/connections.json');
  const told = async (act: Parameters<Page['route']>[1], words: string) => {
    await page.route('**/connections.json', act);
    await page.goto('/batches');
    await expect(page.getByRole('alert')).toContainText(words);
    await page.unroute('**/connections.json');
  };
  await told((route) => route.abort(), 'The server did not answer.');
  await told((route) => route.fulfill({ status: 302, headers: { location: '/login' } }), 'What stands before this page leads elsewhere');
  for (const status of [401, 403]) {
    await told((route) => route.fulfill({ status, body: 'no' }), `The server does not give it to you: it answers ${status}, as a gateway does that does not know you, or no longer. Load the page anew and sign in there.`);
  }
  await told((route) => route.fulfill({ contentType: 'text/html', body: '<h1>Sign in</h1>' }), 'a gateway where it does not know you');
  await page.getByRole('button', { name: 'Try again' }).click();
  await signIn(page, 'viewer');
});

test('a file that is not there is told', async ({ openBrowser, server }) => {
  const front = await Front.before(server);
  front.answerOnce('connections.json', { status: 404, type: 'text/html' });
  const page = await openBrowser(front.address);
  await expect(page.getByRole('alert')).toContainText('The server does not give it: it answers 404.');
  await page.getByRole('button', { name: 'Try again' }).click();
  await signIn(page, 'viewer');
  await front.end();
});

test('a file that a server tells browsers to keep for good is read anew all the same', async ({ openBrowser, server }) => {
  const front = await Front.before(server);
  front.kept.add('connections.json');
  const page = await openBrowser(front.address);
  await expect(page.getByText('TEST', { exact: true })).toBeVisible();
  await server.writeConnections(JSON.stringify({ ...TEST, environment: { name: 'PROD', colour: 'red' } }));
  await page.reload();
  await expect(page.getByText('PROD', { exact: true })).toBeVisible();
  await page.goto('about:blank');
  await page.goto(`${front.address}/batches`);
  await expect(page.getByText('PROD', { exact: true })).toBeVisible();
  expect(front.asked.get('connections.json')).toBe(3);
  await front.end();
});

test('zone and limits of the file are used, shown, and give way to what a person chooses', async ({ openBrowser, server }) => {
  await server.writeConnections(JSON.stringify({ ...TEST, defaultZone: 'Pacific/Auckland', limits: { wholeListRows: 700, addressBytes: 2000 } }));
  const page = await openBrowser('/settings', { timezoneId: 'America/Los_Angeles' });
  await signInAtSettings(page, 'editor');
  const facts = page.getByRole('region', { name: 'Connections' });
  await expect(facts).toContainText('Pacific/Auckland');
  await expect(facts).toContainText('up to 700 rows');
  await expect(facts).toContainText('2,000 bytes');
  await screens(page).getByRole('link', { name: 'Overview' }).click();
  const zone = page.getByLabel('Time zone', { exact: true });
  await expect(zone).toHaveValue('Pacific/Auckland');
  await zone.selectOption('America/Los_Angeles');
  await expect(page).toHaveURL(/zone=America%2FLos_Angeles|zone=America\/Los_Angeles/);
  await expect(zone).toHaveValue('America/Los_Angeles');
  // 2000 events are more than 700 rows: they are not loaded whole by themselves.
  await screens(page).getByRole('link', { name: 'Events', exact: true }).click();
  await expect(page.getByRole('grid').getByRole('gridcell').first()).toHaveText(/\w/);
  await expect(page.getByRole('button', { name: /^Load all/ })).toBeVisible();
});

test('a zone that the browser does not know is told, and that of the browser counts', async ({ openBrowser, server }) => {
  await server.writeConnections(JSON.stringify({ ...TEST, defaultZone: 'Europe/Atlantis' }));
  const page = await openBrowser('/settings', { timezoneId: 'America/Los_Angeles' });
  await signInAtSettings(page, 'editor');
  await expect(page.getByText('Europe/Atlantis is not known to this browser, so that of the browser counts')).toBeVisible();
  await screens(page).getByRole('link', { name: 'Overview' }).click();
  await expect(page.getByLabel('Time zone', { exact: true })).toHaveValue('America/Los_Angeles');
  // Whoever reads a month sees by whose clock it is, and why.
  const why = page.getByText('connections.json names the time zone Europe/Atlantis, which this browser does not know. The month is that of America/Los_Angeles.');
  await expect(why).toBeVisible();
  await page.getByLabel('Time zone', { exact: true }).selectOption('UTC');
  await expect(why).toHaveCount(0);
});

test('cookies go along to the systems of this origin, but to none whose connection says so', async ({ openBrowser, server }) => {
  await server.writeConnections(JSON.stringify({ ...TEST, cloudFoundry: { credentials: 'omit' } }));
  const page = await openBrowser('/batches');
  await page.context().addCookies([{ name: 'gateway', value: 'known', url: server.address }]);
  const seen = new Map<string, Set<string>>();
  await page.route(/\/(crmRestApi|v3)\//, async (route) => {
    const headers = await route.request().allHeaders();
    const system = new URL(route.request().url()).pathname.split('/')[1];
    const kinds = seen.get(system) ?? new Set();
    // What asks as nobody how the system knows people has no token.
    if (headers.authorization) seen.set(system, kinds.add(`${headers.cookie ?? 'no cookie'}, ${headers.accept.split(',')[0]}`));
    await route.continue();
  });
  await signIn(page, 'editor');
  await screens(page).getByRole('link', { name: 'Batches' }).click();
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
  await screens(page).getByRole('link', { name: 'Service usage' }).click();
  await expect(page.getByRole('grid', { name: 'Service usage events' }).getByRole('row').nth(1)).toBeVisible();
  expect(seen.get('crmRestApi')).toEqual(new Set(['gateway=known, application/json']));
  expect(seen.get('v3')).toEqual(new Set(['no cookie, application/json']));
});

test('each connection is tested in words, and the diagnostics hold no secret', async ({ openBrowser, server }) => {
  await server.writeConnections(JSON.stringify({ ...TEST, logiSense: { base: '/nowhere' } }));
  const page = await openBrowser('/settings');
  await signInAtSettings(page, 'editor');
  await press(page, 'Oracle Subscription Management');
  await expect(page.getByText('It answers, and knows you')).toHaveCount(1);
  await press(page, 'Cloud Foundry');
  await expect(page.getByText('It answers, and knows you')).toHaveCount(2);
  await press(page, 'LogiSense');
  await expect(page.getByText('Something answers there, but not this system')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'settings tested');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save diagnostics' }).click()]);
  const text = await readFile(await download.path(), 'utf8');
  const bundle = JSON.parse(text);
  expect(bundle.connections.environment.name).toBe('TEST');
  const asked = bundle.requests.map(({ path, outcome }: { path: string; outcome: string }) => `${outcome} ${path}`);
  expect(asked).toContain('200 /crmRestApi/resources/11.13.18.05/subscriptionUsageEventBatches');
  expect(asked).toContain('200 /oauth/token');
  expect(text).not.toMatch(/Bearer|eyJ|editor|UB-/);
});

test('Settings shows the headers to send, and a system that the policy keeps the page from is told as that', async ({ openBrowser, server, watch }) => {
  const elsewhere = await DemoServer.start({ journey: 'a platform elsewhere', events: 100 });
  await server.writeConnections(JSON.stringify({ ...TEST, cloudFoundry: { base: elsewhere.address } }));
  const page = await openBrowser();
  let policy = '';
  page.on('response', async (response) => {
    if (response.url().endsWith('/settings')) policy = (await response.headerValue('content-security-policy')) ?? '';
  });
  const told = async (words: string) => {
    await page.goto('/settings');
    await press(page, 'Cloud Foundry');
    await expect(page.getByText(words, { exact: true })).toBeVisible();
  };
  // It may be asked. That it lets no page of this origin in, no policy changes.
  await told('No answer');
  expect(policy).toContain(`connect-src 'self' ${elsewhere.address};`);
  await expect(page.getByTestId('served-headers')).toContainText(`Content-Security-Policy: ${policy}`);
  await takePictures(page, 'settings headers');
  watch.expectsBlocked = elsewhere.address;
  await page.route('**/settings', async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers(), 'content-security-policy': policy.replace(` ${elsewhere.address}`, '') };
    await route.fulfill({ response, headers });
  });
  await told('Blocked by this page\u2019s Content-Security-Policy');
  await elsewhere.remove();
});

test('a token service that the policy keeps the page from is told as that', async ({ openBrowser, server, watch }) => {
  const elsewhere = await DemoServer.start({ journey: 'a token service elsewhere', events: 100 });
  await server.writeConnections(JSON.stringify({ ...TEST, oracle: { tokenService: elsewhere.address, clientId: 'desk' } }));
  const page = await openBrowser();
  watch.expectsBlocked = elsewhere.address;
  await page.goto('/settings');
  await press(page, 'Oracle Subscription Management');
  // It may be asked. That it lets no page of this origin in, no policy changes.
  await expect(page.getByText('It answers; its token service does not')).toBeVisible();
  const block = async (route: Route) => {
    const response = await route.fetch();
    const policy = response.headers()['content-security-policy'].replace(` ${elsewhere.address}`, '');
    await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
  };
  await page.route('**/settings', block);
  await page.reload();
  await press(page, 'Oracle Subscription Management');
  await expect(page.getByText('Blocked by this page\u2019s Content-Security-Policy')).toBeVisible();
  await expect(page.getByText(`does not let it call ${elsewhere.address}.`)).toBeVisible();
  // Whoever signs in there is told the same.
  await page.route('**/batches', block);
  await page.goto('/batches');
  await page.getByRole('button', { name: /^editor / }).click();
  await expect(page.getByRole('alert')).toContainText(`Blocked by this page\u2019s Content-Security-Policy. This page\u2019s Content-Security-Policy does not let it call ${elsewhere.address}.`);
  await elsewhere.remove();
});

test('who cannot sign in reads the settings, tests the connections and saves the diagnostics', async ({ openBrowser }) => {
  const wanted = '/events?status=ORA_ERROR';
  const page = await openBrowser(wanted);
  const way = page.getByRole('button', { name: 'Connections and diagnostics' });
  await way.click();
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeFocused();
  await expect(page.getByText('Nobody is signed in')).toBeVisible();
  await expect(page.getByTestId('served-headers')).toContainText("connect-src 'self';");
  for (const [tested, system] of ['Oracle Subscription Management', 'LogiSense', 'Cloud Foundry'].entries()) {
    await press(page, system);
    await expect(page.getByText('It answers', { exact: true })).toHaveCount(tested + 1);
  }
  await expect(page.getByText('Whether it knows you shows once you have signed in.')).toHaveCount(3);
  expect(await violations(page)).toEqual([]);
  await takePictures(page, 'settings before sign-in');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save diagnostics' }).click()]);
  const bundle = JSON.parse(await readFile(await download.path(), 'utf8'));
  const asked = bundle.requests.map(({ path, outcome }: { path: string; outcome: string }) => `${outcome} ${path}`);
  expect(asked).toContain('401 /crmRestApi/resources/11.13.18.05/subscriptionUsageEventBatches');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await takePictures(page, 'sign in');
  await signIn(page, 'viewer');
  await expect(page).toHaveURL(wanted);
  // Who signs out at the settings is asked to sign in.
  await screens(page).getByRole('link', { name: 'Settings' }).click();
  await screens(page).getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(way).toBeVisible();
});

const ANOTHER = { pagination: { total_results: 0, total_pages: 1 }, resources: [] };

test('whatever answers in a system\u2019s place is told in words', async ({ openBrowser }) => {
  const page = await openBrowser('/settings');
  for (const [answer, words] of [
    [{ json: { status: 'UP' } }, 'JSON of something else came.'],
    [{ json: {} }, 'JSON of something else came.'],
    [{ body: '' }, 'An empty answer came.'],
    [{ body: 'up', contentType: 'text/plain' }, 'A text came that is not JSON.'],
    [{ body: '<!doctype html><title>Elsewhere</title>', contentType: 'text/html' }, 'A web page came.'],
    [{ status: 404, body: '<h1>Not Found</h1>', contentType: 'text/html' }, 'A web page came.'],
    [{ status: 302, headers: { location: '/login' } }, 'A redirect came in place of an answer.'],
    [{ json: ANOTHER }, 'It is an answer of Cloud Foundry. The base addresses in connections.json may be swapped.'],
    [{ status: 502, body: '<h1>Bad Gateway</h1>', contentType: 'text/html' }, 'Oracle Subscription Management did not answer the server before it (502)'],
  ] as const) {
    await page.route('**/crmRestApi/**', (route) => route.fulfill(answer));
    await page.goto('/settings');
    await press(page, 'Oracle Subscription Management');
    await expect(page.getByText(words)).toBeVisible();
    await page.unroute('**/crmRestApi/**');
  }
});

test('a system that never answers is told of in a quarter of a minute', async ({ openBrowser }) => {
  const page = await openBrowser('/version');
  await page.clock.install();
  await page.route('**/crmRestApi/**', () => undefined);
  await page.goto('/settings');
  const asked = page.waitForRequest('**/crmRestApi/**');
  await press(page, 'Oracle Subscription Management');
  await asked;
  await page.clock.fastForward(15_000);
  await expect(page.getByText('No answer', { exact: true })).toBeVisible();
  // So is who signs in there, and told before that it takes its time.
  await page.goto('/batches');
  await page.route('**/oauth/token', () => undefined);
  await page.getByLabel('User', { exact: true }).fill('editor');
  await page.getByLabel('Password', { exact: true }).fill('editor');
  const sent = page.waitForRequest('**/oauth/token');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await sent;
  await page.clock.fastForward(5_000);
  await expect(page.getByText('Oracle Subscription Management has not answered yet. The console waits for half a minute.')).toBeVisible();
  await page.clock.fastForward(25_000);
  await expect(page.getByRole('alert')).toContainText('It may be stopped, or the connection is down.');
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
});

test('a system that a gateway hid in one test is known again in the next', async ({ openBrowser }) => {
  const page = await openBrowser('/settings');
  const systems = '**/crmRestApi/**';
  await page.route(systems, (route) => route.fulfill({ status: 302, headers: { location: '/login' } }));
  await press(page, 'Oracle Subscription Management');
  await expect(page.getByText('The address leads elsewhere')).toBeVisible();
  await page.unroute(systems);
  await press(page, 'Oracle Subscription Management');
  await expect(page.getByText('It answers', { exact: true })).toBeVisible();
  await expect(page.getByText('Whether it knows you shows once you have signed in.')).toBeVisible();
});

test('a system that gives its list to whoever asks is told as that', async ({ openBrowser }) => {
  const page = await openBrowser('/settings');
  await page.route('**/crmRestApi/**', (route) => route.fulfill({ json: { items: [], count: 0, hasMore: false, limit: 1, offset: 0 } }));
  await press(page, 'Oracle Subscription Management');
  await expect(page.getByText('It answers without asking who you are', { exact: true })).toBeVisible();
  await expect(page.getByText('It answers, and knows you')).toHaveCount(0);
});

test('what stands where a token service should, and is none, is told in words', async ({ openBrowser, server }) => {
  const elsewhere = 'https://tokens.example.com';
  const page = await openBrowser('/settings');
  for (const [tokenService, answer, words] of [
    ['/tokens', { status: 405, body: '' }, 'An empty answer came. tokenService in connections.json is probably wrong.'],
    ['/tokens', { status: 404, json: { error: 'Not Found' } }, 'JSON of something else came. tokenService'],
    ['/tokens', { status: 401, json: { errors: [{ code: 10002, title: 'CF-NotAuthenticated' }] } }, 'It is an answer of Cloud Foundry.'],
    [elsewhere, { status: 404, body: '<h1>Not Found</h1>', contentType: 'text/html', headers: { 'access-control-allow-origin': '*' } }, 'A web page came. tokenService'],
  ] as const) {
    await server.writeConnections(JSON.stringify({ ...TEST, oracle: { tokenService, clientId: 'desk' } }));
    const address = `**${tokenService}/oauth/token`.replace('**https', 'https');
    await page.route(address, (route) => route.fulfill(answer));
    await page.goto('/settings');
    await press(page, 'Oracle Subscription Management');
    await expect(page.getByText('It answers, but there is no token service at the address')).toBeVisible();
    await expect(page.getByText(words)).toBeVisible();
    await expect(page.getByText(`Status ${answer.status}`)).toBeVisible();
    await page.unroute(address);
  }
  // One that refuses a request without a user is there.
  await server.writeConnections(JSON.stringify({ ...TEST, oracle: { tokenService: '/tokens', clientId: 'desk' } }));
  const asked: string[] = [];
  await page.route('**/tokens/oauth/token', (route) => {
    asked.push(`${route.request().method()} ${route.request().postData()}`);
    return route.fulfill({ status: 400, json: { error: 'invalid_request' } });
  });
  await page.goto('/settings');
  await press(page, 'Oracle Subscription Management');
  await expect(page.getByText('It answers', { exact: true })).toBeVisible();
  expect(asked).toEqual(['POST grant_type=password']);
});

test('Settings says whose addresses are missing in the policy', async ({ openBrowser, server, watch }) => {
  const provider = 'https://id.example.com';
  const platform = { signIn: ['openid-connect'], openIdConnect: { issuer: provider, clientId: 'desk' } };
  await server.writeConnections(JSON.stringify({ ...TEST, cloudFoundry: platform }));
  const page = await openBrowser();
  watch.expectsBlocked = provider;
  let isAway = true;
  await page.route(`${provider}/**`, async (route) => {
    if (isAway) {
      await route.fulfill({ status: 503 });
      return;
    }
    const described = { issuer: provider, authorization_endpoint: `${provider}/auth`, token_endpoint: 'https://tokens.example.com/token' };
    await route.fulfill({ json: described, headers: { 'access-control-allow-origin': '*' } });
  });
  await page.goto('/settings');
  const section = page.getByRole('region', { name: 'Headers of this page' });
  await expect(section.getByText('id.example.com')).toContainText([provider, 'are missing in the lines above']);
  expect(await violations(page)).toEqual([]);
  isAway = false;
  await page.goto('/settings');
  await expect(section.getByTestId('served-headers')).toContainText(`connect-src 'self' ${provider} https://tokens.example.com;`);
  await expect(section.getByText('are missing in the lines above')).toHaveCount(0);
});

test('a password goes to no other server by itself', async ({ openBrowser, server }) => {
  const billing = await DemoServer.start({ journey: 'a billing of its own', events: 100 });
  const front = await Front.before(server);
  front.under.set('/billing', billing);
  await server.writeConnections(JSON.stringify({ ...TEST, logiSense: { base: '/billing', clientId: 'desk' } }));
  const page = await openBrowser(front.address);
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/billing/')) sent.push(`${request.method()} ${request.postData() ?? ''} ${request.headers().authorization ?? ''}`);
  });
  await signIn(page, 'editor');
  await screens(page).getByRole('link', { name: 'Buckets' }).click();
  const { dialog, signInAgain } = sessionDialog(page);
  await expect(dialog).toBeVisible();
  expect(sent.filter((request) => /editor|Bearer|POST/.test(request))).toEqual([]);
  await signInAgain('editor');
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
  expect(sent.some((request) => request.includes('client_id=desk'))).toBe(true);
  await front.end();
  await billing.remove();
});

test('what waits for a system that is connected no longer is not sent', async ({ sitDown, records, server }) => {
  const event = (await records.eventsInError(BATCH))[1];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const context = await leaveWaiting(page, event.EventNumber, '+49 for Oracle');
  await server.writeConnections(JSON.stringify({ environment: TEST.environment, demo: true, cloudFoundry: {} }));
  const other = await context.newPage();
  const asked: string[] = [];
  other.on('request', (request) => request.url().includes('/crmRestApi/') && asked.push(request.url()));
  await other.goto('/service-usage');
  await signIn(other, 'editor');
  await expect(other.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
  await expectAllSaved(other);
  expect(asked).toEqual([]);
  expect(await linesOnDisk(other)).toBe(1);
});

test('another server that answers with a page holds up itself alone', async ({ openBrowser, server }) => {
  const front = await Front.before(server);
  await server.writeConnections(JSON.stringify({ ...TEST, cloudFoundry: { base: '/platform' } }));
  const page = await openBrowser(front.address);
  await page.context().route('**/platform/**', (route) => route.fulfill({ contentType: 'text/html', body: '<title>Sign in</title>' }));
  await signIn(page, 'editor');
  await screens(page).getByRole('link', { name: 'Settings' }).click();
  await press(page, 'Cloud Foundry');
  await expect(page.getByText('Something answers there, but not this system')).toBeVisible();
  await expect(page.getByText('A web page came.')).toBeVisible();
  await screens(page).getByRole('link', { name: 'Batches' }).click();
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
  await front.end();
});

test('what one server is told, another one is not: it asks for itself', async ({ openBrowser, server }) => {
  const platform = await DemoServer.start({ journey: 'a platform of its own', events: 100 });
  const front = await Front.before(server);
  front.under.set('/platform', platform);
  await server.writeConnections(JSON.stringify({ ...TEST, cloudFoundry: { base: '/platform', clientId: 'desk' } }));
  const page = await openBrowser(front.address);
  const shown: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/platform/v3/')) shown.push(request.headers().authorization ?? 'nothing');
  });
  await signIn(page, 'editor');
  await screens(page).getByRole('link', { name: 'Service usage' }).click();
  const { dialog, signInAgain } = sessionDialog(page);
  await expect(dialog).toBeVisible();
  await expect(dialog.getByText('Client of the token service')).toBeHidden();
  expect(new Set(shown)).toEqual(new Set(['nothing']));
  await signInAgain('editor');
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
  expect(shown.at(-1)).toMatch(/^Bearer /);
  await front.end();
  await platform.remove();
});

test('what waits for one environment is not sent to another, and is kept for its own', async ({ sitDown, records, server }) => {
  const event = (await records.eventsInError(BATCH))[0];
  const page = await sitDown('editor', eventAddress(BATCH, event.EventNumber));
  const context = await leaveWaiting(page, event.EventNumber, '+49 for TEST alone');

  await server.writeConnections(JSON.stringify({ ...TEST, environment: { name: 'PROD', colour: 'red' } }));
  const other = await context.newPage();
  await other.goto(eventAddress(BATCH, event.EventNumber));
  await signIn(other, 'editor');
  await new EventDrawer(other, event.EventNumber).expectOpen();
  await expectAllSaved(other);
  expect((await records.event(event.EventNumber)).ServiceId).toBe(event.ServiceId);
  expect(await linesOnDisk(other)).toBe(1);
  await other.goto('/changes');
  await signIn(other, 'editor');
  await expect(other.getByText('One change that somebody else made, or that was made for other connections, is kept in this browser too.')).toBeVisible();
  await other.close();

  await server.writeConnections(JSON.stringify(TEST));
  const back = await context.newPage();
  await back.goto(eventAddress(BATCH, event.EventNumber));
  await signIn(back, 'editor');
  await expect(back.getByText('One change from before is taken up where it stood.')).toBeVisible();
  await expectAllSaved(back);
  expect((await records.event(event.EventNumber)).ServiceId).toBe('+49 for TEST alone');
});

test('a session that began in a way that is not allowed any more is not taken over', async ({ sitDown, server }) => {
  const page = await sitDown('editor', '/changes');
  const other = await page.context().newPage();
  await other.goto('/changes');
  await expect(screens(other)).toBeVisible();
  await server.writeConnections(JSON.stringify({ ...TEST, oracle: { signIn: ['basic'] } }));
  await other.reload();
  await expect(other.getByRole('button', { name: /^editor / })).toBeVisible();
  await expect(screens(other)).toHaveCount(0);
  await expect(screens(page)).toBeVisible();
});

test('a tab of one environment hands its session to no tab of another', async ({ sitDown, server }) => {
  const page = await sitDown('editor', '/changes');
  const answers = await page.evaluateHandle(() => {
    const heard: string[] = [];
    const channel = new BroadcastChannel('usage-desk-tabs');
    channel.onmessage = ({ data }) => data.to && data.text && heard.push(data.text);
    return heard;
  });
  await server.writeConnections(JSON.stringify({ ...TEST, environment: { name: 'PROD', colour: 'red' } }));
  const other = await page.context().newPage();
  await other.goto('/changes');
  await expect(other.getByText('PROD', { exact: true })).toBeVisible();
  // It has asked the other tab, which has answered, and stays where it is.
  await expect.poll(() => answers.evaluate((heard) => heard.length)).toBe(1);
  await signIn(other, 'editor');
  // The same person: what ends the session of one environment does not end that of the other.
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('button', { name: /^editor / })).toBeVisible();
  await screens(other).getByRole('link', { name: 'Batches' }).click();
  await expect(other.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
});
