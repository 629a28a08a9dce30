// A tab is loaded anew or killed while its change stands in each of the states there are. What the
// person then sees is the truth, nothing typed is gone, and the server holds the change exactly once.
import type { Page } from '@playwright/test';
import { ConflictCard } from '../person/conflict_card';
import { EventDrawer, eventAddress } from '../person/event_drawer';
import { expectAllSaved, savedState } from '../person/saved_state';
import { signIn } from '../person/sign_in';
import { expect, test } from '../stand/desk_test';
import type { FaultRule } from '../stand/fault_switches';
import { linesOnDisk } from '../stand/journal';
import { writesSeen } from '../stand/server_records';

const BATCH = 'UB-2026-10-TEL';
const NEVER = { delay_ms: 600_000 };

test.use({ stock: { journey: 'tab dies in each state', events: 4000 } });

type State = {
  name: string;
  /** What the network or the server does to the change. */
  rule?: FaultRule;
  /** Somebody else changes the field first. */
  theirs?: string;
  field?: string;
  column?: string;
  typed?: string;
  shown: string | RegExp;
  /** What comes of it after the tab is gone. */
  then: 'saved' | 'conflict' | 'refused';
};

const STATES: State[] = [
  {
    name: 'waiting',
    rule: { method: 'PATCH', kind: { answer: { status: 503, headers: { 'Retry-After': '600' } } } },
    shown: /^Paused until \d\d:\d\d, 1 saving$/,
    then: 'saved',
  },
  { name: 'on its way', rule: { method: 'PATCH', kind: NEVER }, shown: '1 saving', then: 'saved' },
  { name: 'in doubt and not done', rule: { method: 'PATCH', kind: 'cut_before' }, shown: '1 in doubt', then: 'saved' },
  { name: 'in doubt and done', rule: { method: 'PATCH', kind: 'cut_after' }, shown: '1 in doubt', then: 'saved' },
  { name: 'in conflict', theirs: '+49 theirs', shown: '1 in conflict', then: 'conflict' },
  { name: 'refused', field: 'End', column: 'EventEndTime', typed: '2020-01-01 10:00:00', shown: '1 refused', then: 'refused' },
];

const WAYS: { name: string; next: (page: Page, address: string) => Promise<Page> }[] = [
  {
    name: 'loaded anew',
    next: async (page) => {
      await page.reload();
      return page;
    },
  },
  {
    name: 'killed',
    next: async (page, address) => {
      const context = page.context();
      const debug = await context.newCDPSession(page);
      const crashed = page.waitForEvent('crash');
      // Its process ends on the spot; no answer to the command can come.
      debug.send('Page.crash').catch(() => {});
      await crashed;
      const next = await context.newPage();
      await next.goto(address);
      return next;
    },
  },
];

for (const [row, state] of STATES.entries()) {
  for (const [column, way] of WAYS.entries()) {
    test(`a tab that is ${way.name} while its change is ${state.name} loses nothing and does nothing twice`, async ({ sitDown, records, faults, watch }) => {
      const event = (await records.eventsInError(BATCH))[row * WAYS.length + column];
      const { field = 'Service', column: name = 'ServiceId', typed = '+49 mine' } = state;
      const address = eventAddress(BATCH, event.EventNumber);
      const page = await sitDown('editor', address);
      const drawer = new EventDrawer(page, event.EventNumber);
      await drawer.expectOpen();
      if (state.theirs) expect((await records.write(event.EventNumber, { ServiceId: state.theirs })).status).toBe(200);
      const before = writesSeen(await records.event(event.EventNumber));
      if (state.rule) {
        // The look that would find out is held back, so that the tab dies in this very state.
        const look = { method: 'GET', path: `subscriptionUsageEvents/${event.EventNumber}`, kind: NEVER };
        await faults.set({ path: event.EventNumber, ...state.rule }, look);
      }
      await drawer.correct(field, typed);
      if (state.rule) await faults.applied();
      await expect(savedState(page)).toHaveText(state.shown);
      const sent = watch.writes.length;

      watch.expectsCrash = way.name === 'killed';
      await faults.clear();
      const next = await way.next(page, address);
      await signIn(next, 'editor');
      await expect(next.getByText('One change from before is taken up where it stood.')).toBeVisible();
      const again = new EventDrawer(next, event.EventNumber);
      if (state.then === 'saved') {
        await expectAllSaved(next);
        await expect(again.field(field)).toHaveValue(typed);
      } else {
        await expect(savedState(next)).toHaveText(state.shown);
        if (state.then === 'conflict') {
          const card = new ConflictCard(next, event.EventNumber);
          await card.expectTells('Service', { who: 'Ada Moreau', before: event.ServiceId, theirs: '+49 theirs', mine: typed });
          await card.keepMine('Service');
          await expectAllSaved(next);
        } else {
          await expect(again.field(field)).toHaveValue(typed);
          await expect(again.box(name).getByRole('alert').first()).not.toBeEmpty();
          // It is not sent by itself.
          expect(watch.writes.length).toBe(sent);
        }
      }
      const after = await records.event(event.EventNumber);
      expect(writesSeen(after)).toBe(before + (state.then === 'refused' ? 0 : 1));
      expect(after[name]).toBe(state.then === 'refused' ? event[name] : typed);
    });
  }
}

test('the page warns before it is closed only while something could be lost', async ({ openBrowser, records }) => {
  const [event] = (await records.eventsInError(BATCH)).slice(-1);
  for (const keepsJournal of [true, false]) {
    const page = await openBrowser(eventAddress(BATCH, event.EventNumber));
    if (!keepsJournal) {
      // A browser that offers no locks between tabs keeps no journal.
      await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }));
      await page.reload();
    }
    await signIn(page, 'editor');
    const drawer = new EventDrawer(page, event.EventNumber);
    await drawer.expectOpen();
    await page.context().setOffline(true);
    await drawer.correct('Service', '+49 offline');
    await expect(savedState(page)).toHaveText(keepsJournal ? 'Offline, 1 saving' : 'Offline, 1 saving, 1 not on disk');
    // Sealing the line and writing it takes a moment.
    if (keepsJournal) await expect.poll(() => linesOnDisk(page)).toBe(1);
    const asked: string[] = [];
    page.on('dialog', async (dialog) => {
      asked.push(dialog.type());
      await dialog.accept();
    });
    // On disk, the change needs nobody to stay: the page closes at once.
    const closed = page.waitForEvent('close');
    await page.close({ runBeforeUnload: true });
    await closed;
    expect(asked).toEqual(keepsJournal ? [] : ['beforeunload']);
  }
});
