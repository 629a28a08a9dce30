// node provider.mjs ISSUER...   each address that an OpenID provider names as its own, one a line
const WAIT = 10_000;

/** What keeps this machine from it, in words, by the codes of Node and of OpenSSL. */
function reason(fault) {
  const { code = '', message } = fault.cause ?? fault;
  const is = (codes) => codes.test(code);
  const words =
    fault.name === 'TimeoutError' || is(/TIMEDOUT|TIMEOUT/) ? `it does not answer within ${WAIT / 1000} seconds`
    : is(/^(ENOTFOUND|EAI_AGAIN)$/) ? 'its name is not found'
    : is(/^ECONNREFUSED$/) ? 'the connection is refused'
    : is(/CERT|UNABLE_TO_VERIFY|ISSUER/) ? `its certificate is not trusted (${message})`
    : message;
  return typeof code === 'string' && code ? `${words} (${code})` : words;
}

async function described(issuer) {
  const { host } = new URL(issuer);
  const unreached = (fault) => {
    throw new Error(`${host} is not reached from this machine, which has to reach it: ${reason(fault)}`);
  };
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    headers: { Accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(WAIT),
  }).catch(unreached);
  if (!answer.ok) throw new Error(`${issuer} answers ${answer.status}`);
  const text = await answer.text().catch(unreached);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${issuer} answers with something else than JSON`);
  }
}

try {
  for (const issuer of process.argv.slice(2)) {
    const told = await described(issuer);
    if (told?.issuer !== issuer) throw new Error(`${issuer} calls itself ${told?.issuer}`);
    const endpoints = ['authorization_endpoint', 'token_endpoint', 'end_session_endpoint', 'revocation_endpoint'];
    for (const address of endpoints.map((name) => told[name]).filter(Boolean)) console.log(new URL(address).href);
  }
} catch (fault) {
  console.error(fault.message);
  process.exitCode = 1;
}
