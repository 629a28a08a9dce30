// The identity provider that the other journeys sign in at, by itself: it does what they take for granted.
import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { IdentityProvider } from '../stand/identity_provider';

const ORIGIN = 'http://127.0.0.1:9';
const CALLBACK = `${ORIGIN}/callback`;

/** A person signs in by requests alone; the way back is not followed. */
async function signInBy(provider: IdentityProvider, user: string, consent?: 'yes' | 'no'): Promise<URL> {
  const cookies = new Map<string, string>();
  const verifier = randomBytes(32).toString('base64url');
  verifiers.push(verifier);
  const query = new URLSearchParams({
    client_id: 'usage-desk',
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid profile offline_access',
    prompt: 'consent',
    state: 'a state',
    nonce: 'a nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  let at = `${provider.issuer}/auth?${query}`;
  let form: Record<string, string> | undefined;
  for (let step = 0; step < 12; step += 1) {
    const headers: Record<string, string> = { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') };
    const answer = await fetch(at, { redirect: 'manual', headers, ...(form && { method: 'POST', body: new URLSearchParams(form) }) });
    form = undefined;
    for (const cookie of answer.headers.getSetCookie()) cookies.set(...(cookie.split(';')[0].split(/=(.*)/s, 2) as [string, string]));
    const location = answer.headers.get('location');
    if (location?.startsWith(CALLBACK)) return new URL(location);
    if (location) at = new URL(location, at).toString();
    else form = (await answer.text()).includes('name="user"') ? { user, password: user } : { consent: consent ?? 'yes' };
  }
  throw new Error(`no way back from ${at}`);
}

const verifiers: string[] = [];

async function token(provider: IdentityProvider, form: Record<string, string>) {
  const body = new URLSearchParams({ client_id: 'usage-desk', ...form });
  const answer = await fetch(`${provider.issuer}/token`, { method: 'POST', body, headers: { origin: ORIGIN } });
  return { status: answer.status, readable: answer.headers.get('access-control-allow-origin'), body: await answer.json() };
}

const redeem = (provider: IdentityProvider, back: URL) =>
  token(provider, { grant_type: 'authorization_code', code: back.searchParams.get('code')!, redirect_uri: CALLBACK, code_verifier: verifiers.at(-1)! });

const claimsOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString());

test('a code becomes tokens, a refresh token is good once, and its second use ends all of them', async () => {
  const provider = await IdentityProvider.start();
  await provider.serve(ORIGIN);
  const back = await signInBy(provider, 'editor');
  expect([back.searchParams.get('state'), back.searchParams.get('iss')]).toEqual(['a state', provider.issuer]);
  const { status, readable, body } = await redeem(provider, back);
  expect([status, readable, body.token_type, body.expires_in]).toEqual([200, ORIGIN, 'Bearer', 3600]);
  const access = claimsOf(body.access_token);
  expect(access).toMatchObject({ iss: provider.issuer, aud: 'usage-desk-platform', sub: 'person-of-editor', preferred_username: 'editor' });
  expect(access.scope.split(' ')).toContain('subscription_usage.write');
  expect(claimsOf(body.id_token)).toMatchObject({ iss: provider.issuer, aud: 'usage-desk', sub: access.sub, nonce: 'a nonce', name: 'Edith Okafor' });

  provider.clockOffset(-3600);
  provider.answerTokenWith({ answer: { expires_in: '300' }, idToken: { sub: 'another' } });
  const renewed = await token(provider, { grant_type: 'refresh_token', refresh_token: body.refresh_token });
  expect(renewed.body.expires_in).toBe('300');
  expect(claimsOf(renewed.body.id_token).sub).toBe('another');
  expect(claimsOf(renewed.body.access_token).exp).toBeLessThan(access.exp - 3000);
  expect(renewed.body.refresh_token).not.toBe(body.refresh_token);
  expect([...provider.front.refreshTokenUses.values()]).toEqual([1]);

  const again = await token(provider, { grant_type: 'refresh_token', refresh_token: body.refresh_token });
  expect([again.status, again.body.error]).toEqual([400, 'invalid_grant']);
  const next = await token(provider, { grant_type: 'refresh_token', refresh_token: renewed.body.refresh_token });
  expect([next.status, next.body.error]).toEqual([400, 'invalid_grant']);
  expect(JSON.stringify(provider.front.asked)).not.toContain(body.refresh_token);
  await provider.end();
});

test('consent can be refused, and a provider can be away', async () => {
  const provider = await IdentityProvider.start();
  await provider.serve(ORIGIN);
  provider.asksForConsent = true;
  const refused = await signInBy(provider, 'viewer', 'no');
  expect(refused.searchParams.get('error')).toBe('access_denied');
  const allowed = await signInBy(provider, 'viewer', 'yes');

  for (const how of [503, 429] as const) {
    provider.goAway(how);
    const answer = await fetch(`${provider.issuer}/token`, { method: 'POST' });
    expect(answer.status).toBe(how);
  }
  provider.goAway('cut');
  await expect(fetch(`${provider.issuer}/token`, { method: 'POST' })).rejects.toThrow();
  expect((await fetch(`${provider.issuer}/jwks`)).status).toBe(200);
  provider.goAway('lost-answer');
  await expect(redeem(provider, allowed)).rejects.toThrow();
  provider.comeBack();
  // The code was used by the answer that was lost.
  expect((await redeem(provider, allowed)).body.error).toBe('invalid_grant');
  await provider.end();
});
