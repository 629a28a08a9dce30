// An identity provider that we did not write, for people who sign in by OpenID Connect: `oidc-provider` (certified),
// with the demo's people, the console as a public client, rotating refresh tokens and JWT access tokens.
// Not here: what goes wrong on the way to it (`provider_front.ts`).
import { type KeyObject, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Provider, { type Configuration } from 'oidc-provider';
import { type Away, type ChangeJson, ProviderFront } from './provider_front';
import { answerInteraction, logoutPage, plainPage } from './provider_pages';
import { PEOPLE, userOf } from './provider_people';

export const CLIENT = 'usage-desk';
/** What access tokens for the demo server name as their audience. */
export const AUDIENCE = 'usage-desk-platform';

/** By so many seconds the demo server lets clocks differ: taken off, so that a short life is one. */
const LEEWAY = 60;

/** What differs in an answer of `/token`: members of the answer, and claims of the ID token, which is signed anew.
 * What is undefined is taken out; an ID token of null is left out. */
export type TokenPatch = { answer?: Record<string, unknown>; idToken?: Record<string, unknown> | null };

export class IdentityProvider {
  /** Whether people are asked for their consent; otherwise they are taken to have given it. */
  asksForConsent = false;
  /** How long the demo server takes an access token. */
  tokenSeconds = 3600;
  private clock = 0;
  private patch?: TokenPatch;
  private readonly origins = new Set<string>();
  private readonly key: KeyObject;
  private readonly cookieKey = randomBytes(16).toString('hex');
  private readonly id = randomBytes(6).toString('hex');

  private constructor(
    readonly front: ProviderFront,
    private readonly folder: string,
  ) {
    this.key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  }

  static async start(): Promise<IdentityProvider> {
    const folder = await mkdtemp(path.join(tmpdir(), 'usage-desk-idp-'));
    const provider = new IdentityProvider(await ProviderFront.listen(), folder);
    const { n, e } = provider.key.export({ format: 'jwk' });
    const publicKey = { kty: 'RSA', n, e, kid: provider.id, use: 'sig', alg: 'RS256' };
    await writeFile(provider.keysFile, JSON.stringify({ keys: [publicKey] }));
    provider.reset();
    return provider;
  }

  get issuer(): string {
    return this.front.address;
  }

  /** Its public keys, as the demo server reads them. */
  get keysFile(): string {
    return path.join(this.folder, 'keys.json');
  }

  /** How a connection names it. */
  get connection(): object {
    const openIdConnect = { issuer: this.issuer, clientId: CLIENT, scopes: ['openid', 'profile', 'offline_access'] };
    return { signIn: ['openid-connect'], openIdConnect };
  }

  /** A console at this origin is known from now on: it listens only after it was told this provider's address. */
  async serve(origin: string): Promise<void> {
    if (this.origins.has(origin)) return;
    this.origins.add(origin);
    const provider = new Provider(this.issuer, this.configuration());
    const others = provider.callback();
    await this.front.before((request: http.IncomingMessage, answer: http.ServerResponse) => {
      if (request.url?.startsWith('/interaction/')) {
        answerInteraction(provider, request, answer, this.asksForConsent).catch((reason) => answer.writeHead(500).end(String(reason)));
      } else {
        others(request, answer);
      }
    });
  }

  /** The clock that its tokens tell is so far off. */
  clockOffset(seconds: number): void {
    this.clock = seconds;
  }

  goAway(how: Away, everything = false): void {
    this.front.goAway(how, everything);
  }

  comeBack(): void {
    this.front.comeBack();
  }

  /** Answers of `/token` differ so, until further notice. */
  answerTokenWith(patch?: TokenPatch): void {
    this.patch = patch;
  }

  /** From now on it speaks for many tenants under one address, which it gives, as Microsoft Entra does: it describes itself
   * by a template, and its ID tokens are of this tenant. */
  speakForMany(tenant: string): string {
    this.front.step = '/organizations';
    this.describeItselfWith((body) => ({ ...body, issuer: `${this.issuer}/{tenantid}`, authorization_response_iss_parameter_supported: false }));
    this.front.changeWayBack = ({ searchParams }) => searchParams.delete('iss');
    this.answerTokenWith({ idToken: { iss: `${this.issuer}/${tenant}`, tid: tenant } });
    return this.issuer + this.front.step;
  }

  describeItselfWith(change: ChangeJson): void {
    this.front.changeDiscovery = (body) => change(body);
  }

  /** Requests to `/token`, by what they ask for. */
  tokenRequests(grant?: 'authorization_code' | 'refresh_token') {
    return this.front.asked.filter(({ path, method, form }) => path === '/token' && method === 'POST' && (!grant || form.grant_type === grant));
  }

  /** As it was at first. */
  reset(): void {
    this.front.reset();
    this.front.changeToken = (body) => this.changed(body);
    this.asksForConsent = false;
    this.tokenSeconds = 3600;
    this.clock = 0;
    this.patch = undefined;
  }

  async end(): Promise<void> {
    await this.front.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  private configuration(): Configuration {
    const { origins } = this;
    const claimsOf = (sub: string) => {
      const user = userOf(sub);
      return { sub, preferred_username: user, name: PEOPLE[user].name };
    };
    return {
      clients: [
        {
          client_id: CLIENT,
          client_name: 'Usage Desk',
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          redirect_uris: [...origins].flatMap((origin) => ['', '/oracle', '/cloud-foundry'].map((way) => `${origin}/callback${way}`)),
          post_logout_redirect_uris: [...origins].map((origin) => `${origin}/`),
        },
      ],
      jwks: { keys: [{ ...this.key.export({ format: 'jwk' }), kid: this.id, use: 'sig', alg: 'RS256' } as never] },
      // All of 127.0.0.1 shares its cookies, whatever the port.
      cookies: {
        keys: [this.cookieKey],
        names: { session: `session-${this.id}`, interaction: `interaction-${this.id}`, resume: `resume-${this.id}` },
      },
      claims: { openid: ['sub'], profile: ['name', 'preferred_username'] },
      scopes: ['openid', 'profile', 'offline_access'],
      conformIdTokenClaims: false,
      clientBasedCORS: (_, origin) => origins.has(origin),
      findAccount: (_, sub) => ({ accountId: sub, claims: () => claimsOf(sub) }),
      pkce: { required: () => true },
      rotateRefreshToken: true,
      issueRefreshToken: async () => true,
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      ttl: { AccessToken: () => this.tokenSeconds, IdToken: 3600, RefreshToken: 86_400, Session: 86_400, Grant: 86_400, Interaction: 3600 },
      formats: {
        customizers: {
          jwt: (_, token, { payload }) => {
            const user = userOf((token as { accountId: string }).accountId);
            payload.preferred_username = user;
            payload.scope = PEOPLE[user].scope;
            payload.iat = Number(payload.iat) + this.clock;
            payload.exp = Number(payload.iat) + this.tokenSeconds - LEEWAY;
          },
        },
      },
      features: {
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => 'urn:usage-desk:platform',
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            audience: AUDIENCE,
            scope: '',
            accessTokenFormat: 'jwt',
            accessTokenTTL: this.tokenSeconds,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
        revocation: { enabled: true },
        rpInitiatedLogout: { enabled: true, logoutSource: (ctx, form) => void (ctx.body = logoutPage(form)) },
      },
      renderError: (ctx, out) => {
        ctx.type = 'html';
        ctx.body = plainPage('The provider refuses', `<p>${out.error}: ${out.error_description ?? ''}</p>`);
      },
    };
  }

  private changed(body: Record<string, unknown>): Record<string, unknown> {
    const { answer = {}, idToken } = this.patch ?? {};
    const changed = { ...body, ...answer };
    if (idToken === null) delete changed.id_token;
    const token = changed.id_token;
    if (typeof token === 'string' && !('id_token' in answer) && (idToken || this.clock)) changed.id_token = this.signedAnew(token, idToken ?? {});
    return changed;
  }

  private signedAnew(token: string, claims: Record<string, unknown>): string {
    const [head, body] = token.split('.');
    const said = JSON.parse(Buffer.from(body, 'base64url').toString());
    const times = { iat: said.iat + this.clock, exp: said.exp + this.clock };
    const anew = Buffer.from(JSON.stringify({ ...said, ...times, ...claims })).toString('base64url');
    const signature = sign('sha256', Buffer.from(`${head}.${anew}`), this.key).toString('base64url');
    return `${head}.${anew}.${signature}`;
  }
}
