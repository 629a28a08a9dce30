// The grid's tests and the core journeys once more in Firefox as its makers give it, which Playwright drives by WebDriver BiDi. The version of
// Playwright is one that asks nothing of it which Firefox ESR does not know.
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import desk from './playwright.config';

const usualPlaces = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/snap/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'];
const browser = process.env.FIREFOX ?? usualPlaces.find((place) => existsSync(place));
if (!browser) {
  throw new Error('No Firefox was found. Install Firefox, or name one in the variable FIREFOX.');
}

/**
 * Journeys by their file, and of each file what is worth a second engine. By WebDriver BiDi a test sees no body of a
 * request and no download, so journeys that look at these stay with Chromium.
 */
const CORE: [string, RegExp][] = [
  ['firefox/blocked_cookies', /./],
  ['firefox/grid_tests', /./],
  ['journeys/lacks_of_a_browser', /./],
  ['journeys/scrolls_through_twenty_thousand_events', /Ctrl\+End/],
  ['journeys/two_people_change_the_same_field', /writes another value|takes theirs|the same value/],
  ['journeys/tabs_share_a_session', /a pasted link|who signs out in one tab/],
  ['journeys/survives_a_closed_tab', /after the tab was closed|nobody goes on|leaves nothing/],
  ['journeys/server_stops_in_the_middle_of_an_edit', /whose answer is lost/],
  ['journeys/gateway_in_the_way', /leads to its sign-in page/],
  ['journeys/filters_columns', /a day is all of it/],
  ['journeys/pastes_rows', /in sight by the filter, and one press/],
  ['journeys/purge_is_guarded', /is told why a purge|a second press on the beginning/],
  ['journeys/openid_signs_in', /leads to the provider and back|refuses consent|counts in fractions/],
  ['journeys/openid_given_up', /comes back by Back|a reload while/],
  ['journeys/openid_way_back', /a code and any state|is of no use in another/],
  ['journeys/openid_renews', /two tabs work/],
  ['journeys/openid_beside_work', /no window, a link leads there/],
  ['journeys/openid_signs_out', /every tab is signed out/],
  ['journeys/openid_two_providers', /each system asks/],
  ['journeys/connections', /a secret is told|leads elsewhere, are told|policy keeps the page from|is not connected has no screens/],
];

export default defineConfig({
  ...desk,
  testDir: '.',
  testMatch: CORE.map(([file]) => `**/${file}.spec.ts`),
  grep: CORE.map(([file, titles]) => new RegExp(`${file.split('/')[1]}\\.spec\\.ts.*(?:${titles.source})`)),
  use: {
    ...desk.use,
    browserName: 'firefox',
    channel: 'moz-firefox',
    launchOptions: { executablePath: browser },
  },
});
