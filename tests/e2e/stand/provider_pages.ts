// What people see of the identity provider: its sign-in, its question for consent and its sign-out.
import type http from 'node:http';
import type Provider from 'oidc-provider';
import { PEOPLE, subjectOf } from './provider_people';

export function plainPage(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${body}</html>`;
}

const SIGN_IN = plainPage(
  'Sign in at the provider',
  `<form method="post"><label>User <input name="user" autofocus></label>
   <label>Password <input name="password" type="password"></label><button>Sign in</button></form>`,
);

const CONSENT = plainPage(
  'May Usage Desk know who you are?',
  '<form method="post"><button name="consent" value="yes">Allow</button><button name="consent" value="no">Refuse</button></form>',
);

export function logoutPage(form: string): string {
  return plainPage('Sign out at the provider?', `${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
}

/** A person's password is the name. */
export async function answerInteraction(
  provider: Provider,
  request: http.IncomingMessage,
  answer: http.ServerResponse,
  asksForConsent: boolean,
): Promise<void> {
  const { prompt, session, params } = await provider.interactionDetails(request, answer);
  const isSilent = prompt.name === 'consent' && !asksForConsent;
  if (request.method !== 'POST' && !isSilent) {
    show(answer, prompt.name === 'login' ? SIGN_IN : CONSENT);
    return;
  }
  const form = await formOf(request);
  if (prompt.name === 'login') {
    const user = form.get('user') ?? '';
    if (!(user in PEOPLE) || form.get('password') !== user) {
      show(answer, plainPage('Sign in at the provider', '<p>That is not right.</p>') + SIGN_IN);
      return;
    }
    await provider.interactionFinished(request, answer, { login: { accountId: subjectOf(user) } }, { mergeWithLastSubmission: false });
  } else if (isSilent || form.get('consent') === 'yes') {
    const grant = new provider.Grant({ accountId: session?.accountId, clientId: String(params.client_id) });
    grant.addOIDCScope('openid profile offline_access');
    await provider.interactionFinished(request, answer, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  } else {
    const refused = { error: 'access_denied', error_description: 'The person said no.' };
    await provider.interactionFinished(request, answer, refused, { mergeWithLastSubmission: false });
  }
}

function show(answer: http.ServerResponse, page: string): void {
  answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
}

async function formOf(request: http.IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}
