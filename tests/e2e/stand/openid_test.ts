// The test of a journey whose people sign in at an identity provider: two providers, and a demo server that trusts
// both. Most journeys need the first one alone.
import { test as base } from './desk_test';
import { IdentityProvider } from './identity_provider';

export { expect } from './desk_test';

type Providers = { first: IdentityProvider; second: IdentityProvider };

type Stand = {
  /** Names the file's journeys, so that each file has a server of its own. */
  journey: string;
  /** What the console is told that it is connected to. */
  connect: (providers: Providers) => object;
  /** How long the server's list of events is. */
  events: number;
  /** The provider that Oracle and Cloud Foundry share unless the file says otherwise. */
  provider: IdentityProvider;
};

const oneForBoth = ({ first }: Providers) => ({
  environment: { name: 'TEST', colour: 'amber' },
  oracle: first.connection,
  cloudFoundry: first.connection,
});

export const test = base.extend<Stand, { providers: Providers }>({
  journey: ['unnamed', { option: true }],
  connect: [async ({}, use) => use(oneForBoth), { option: true }],
  events: [2000, { option: true }],
  providers: [
    async ({}, use) => {
      const providers = { first: await IdentityProvider.start(), second: await IdentityProvider.start() };
      await use(providers);
      await Promise.all(Object.values(providers).map((provider) => provider.end()));
    },
    { scope: 'worker' },
  ],
  stock: async ({ providers, journey, connect, events }, use) =>
    use({ journey, events, connections: connect(providers), providers: [providers.first, providers.second] }),
  server: async ({ server, providers }, use) => {
    for (const provider of Object.values(providers)) await provider.serve(server.address);
    await use(server);
    for (const provider of Object.values(providers)) provider.reset();
  },
  provider: async ({ providers, server: _ }, use) => use(providers.first),
});
