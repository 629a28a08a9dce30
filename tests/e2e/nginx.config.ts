// The core of the journeys once more, through nginx before two demo servers on one PostgreSQL
// (`cargo xtask test --only proxies`), and what can happen only there.
import { defineConfig } from '@playwright/test';
import usual from './playwright.config';

/** By their titles. Base buckets are saved by tags that nginx has weakened as it packed the answers. */
const CORE = [
  'a queue of edits goes on with the other server',
  'the batch a/b&c=d\\+e is opened from its row',
  'a base bucket is made, changed field by field',
  'the faulty value and the status are saved together',
  'three named events are reversed with a reason',
  'a change whose answer is lost (before|after) the server wrote it',
  'a token that is too old while a person types costs nothing but the password',
  'both changes are kept and the second person is told so',
  'the second of two people sees what the first one made of the field, and keeps mine',
];

export default defineConfig(usual, {
  testDir: '.',
  outputDir: 'results-nginx',
  reporter: [['list'], ['./stand/slowest_report.ts'], ['./stand/second_try_report.ts']],
  workers: 2,
  testMatch: ['behind_nginx/*.spec.ts', 'journeys/*.spec.ts'],
  grep: new RegExp(CORE.join('|')),
});
