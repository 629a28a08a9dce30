// The core of the journeys once more, through nginx before two demo servers on one PostgreSQL
// (`cargo xtask test --only proxies`), and what can happen only there.
import { readFileSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import usual from './playwright.config';

/** Each by its file, by words that stand in the file, and by the titles that they are a part of where not all of them
 * are meant. Base buckets are saved by tags that nginx has weakened as it packed the answers. */
const CORE: [file: string, words: string, title?: string][] = [
  ['addresses_hold_any_text', 'is opened from its row', 'the batch a/b&c=d\\+e is opened from its row'],
  ['keeps_base_buckets', 'a base bucket is made, changed field by field'],
  ['mends_one_event', 'the faulty value and the status are saved together'],
  ['reverses_with_a_reason', 'three named events are reversed with a reason'],
  ['server_stops_in_the_middle_of_an_edit', 'a change whose answer is lost'],
  ['session_runs_out', 'a token that is too old while a person types'],
  ['two_people_change_different_fields', 'both changes are kept and the second person is told so'],
  ['two_people_change_the_same_field', 'sees what the first one made of the field', 'made of the field, and keeps mine'],
];

// One that is called otherwise by now would not be missed.
for (const [file, words] of CORE) {
  const text = readFileSync(new URL(`journeys/${file}.spec.ts`, import.meta.url), 'utf8');
  if (!text.includes(words)) throw new Error(`${file}.spec.ts has no journey with the words: ${words}`);
}

export default defineConfig(usual, {
  testDir: '.',
  outputDir: 'results-nginx',
  reporter: [['list'], ['./stand/slowest_report.ts'], ['./stand/second_try_report.ts']],
  workers: 2,
  testMatch: ['behind_nginx/*.spec.ts', ...CORE.map(([file]) => `journeys/${file}.spec.ts`)],
  grep: [/one_of_two_servers_dies/, ...CORE.map(([, words, title]) => new RegExp(title ?? words))],
});
