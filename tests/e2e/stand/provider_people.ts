// The demo's people as the identity provider knows them.
import type { User } from './server_records';

const READ = 'subscription_usage.read cloud_controller.admin_read_only';
const WRITE = `${READ} subscription_usage.write`;
/** The demo's people, and what their tokens let them do. */
export const PEOPLE: Record<User, { name: string; scope: string }> = {
  viewer: { name: 'Vera Lindqvist', scope: READ },
  editor: { name: 'Edith Okafor', scope: WRITE },
  editor2: { name: 'Emil Brandt', scope: WRITE },
  admin: { name: 'Ada Moreau', scope: `${WRITE} subscription_usage.admin cloud_controller.admin` },
};

/** Who a person is to the provider: not what they sign in as. */
export const subjectOf = (user: string) => `person-of-${user}`;

export const userOf = (sub: string) => sub.replace(/^person-of-/, '') as User;
