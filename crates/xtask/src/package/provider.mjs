// node provider.mjs ISSUER...   each address that an OpenID provider names as its own, one a line
for (const issuer of process.argv.slice(2)) {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    headers: { Accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${issuer} answers ${answer.status}`);
  const described = await answer.json();
  if (described.issuer !== issuer) throw new Error(`${issuer} calls itself ${described.issuer}`);
  const endpoints = ['authorization_endpoint', 'token_endpoint', 'end_session_endpoint', 'revocation_endpoint'];
  for (const address of endpoints.map((name) => described[name]).filter(Boolean)) console.log(new URL(address).href);
}
