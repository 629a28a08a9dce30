// node provider.mjs ISSUER...   the origin of each address that an OpenID provider names as its own, one a line
for (const issuer of process.argv.slice(2)) {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    headers: { Accept: 'application/json' },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${issuer} answers ${answer.status}`);
  const named = await answer.json();
  if (named.issuer !== issuer) throw new Error(`${issuer} calls itself ${named.issuer}`);
  const kinds = ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'end_session_endpoint', 'revocation_endpoint'];
  const addresses = [issuer, ...kinds.map((kind) => named[kind])].filter(Boolean);
  for (const origin of new Set(addresses.map((address) => new URL(address).origin))) console.log(origin);
}
