// A page of the console's origin that is no tab of it: it hears what the tabs ask each other, and may answer anything.
import type { Page } from '@playwright/test';
import type { DemoServer } from './demo_server';

/** A session as one tab hands it to another. */
export type HandedSession = { connections: string; user: string; subject: string | null; name: string | null; shown: Record<string, { authorization: string; whose: string; since: number }> };

export class StrangerPage {
  private constructor(private readonly page: Page) {}

  static async beside(tab: Page, server: DemoServer): Promise<StrangerPage> {
    const page = await tab.context().newPage();
    // Any file of the server will do.
    await page.goto(`${server.address}/version`);
    return new StrangerPage(page);
  }

  /** What a tab hands to whoever asks. */
  async sessionOfATab(): Promise<HandedSession> {
    const text = await this.page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const channel = new BroadcastChannel('usage-desk-tabs');
          channel.onmessage = ({ data }) => {
            if (data?.to !== 'stranger' || !data.text) return;
            channel.close();
            resolve(data.text);
          };
          channel.postMessage({ question: 'who', person: '', from: 'stranger' });
        }),
    );
    return JSON.parse(text);
  }

  /** From now on answers every tab's own question of who is signed in, by each of these sessions as if it were a tab's;
   * where they are held back it says that it will answer, and waits. */
  async answerWho(sessions: object[], isHeldBack = false): Promise<void> {
    await this.page.evaluate(
      async ({ texts, isHeldBack }) => {
        // Tabs are counted by their locks: whoever asks waits for so many answers.
        const lock = () => new Promise<void>((held) => void navigator.locks.request(`usage-desk-tab-${crypto.randomUUID()}`, () => (held(), new Promise(() => {}))));
        await Promise.all(texts.map(lock));
        const stranger = window as unknown as { asked: number; letGo: () => void };
        stranger.asked = 0;
        const letGo = new Promise<void>((resolve) => (stranger.letGo = resolve));
        const channel = new BroadcastChannel('usage-desk-tabs');
        channel.onmessage = async ({ data }) => {
          if (data?.question !== 'who') return;
          for (const _ of texts) channel.postMessage({ to: data.from });
          if (isHeldBack) await letGo;
          for (const text of texts) channel.postMessage({ to: data.from, text });
          stranger.asked += 1;
        };
      },
      { texts: sessions.map((session) => JSON.stringify(session)), isHeldBack },
    );
  }

  /** Gives the answers that were held back, and ends once they were given. */
  async letGo(): Promise<void> {
    await this.page.evaluate(() => (window as unknown as { letGo: () => void }).letGo());
    await this.hasAnswered();
  }

  async leave(): Promise<void> {
    await this.page.close();
  }

  /** Ends once it has answered. */
  async hasAnswered(): Promise<void> {
    await this.page.waitForFunction(() => (window as unknown as { asked: number }).asked > 0);
  }
}

const EVIL = 'Bearer evil';

/** A newer session with a token that no tab has, and with these words of its own. */
export function forged(session: HandedSession, words: Partial<HandedSession>, whose?: string): HandedSession {
  const evil = Object.entries(session.shown).map(([system, own]) => [system, { ...own, authorization: EVIL, since: Date.now() + 60_000, whose: whose ?? own.whose }]);
  return { ...session, shown: Object.fromEntries(evil), ...words };
}

/** Whether the page shows any system a forged token from now on, as far as it has come. */
export function showsForged(page: Page): () => boolean {
  let isShown = false;
  page.on('request', (request) => {
    isShown ||= request.headers().authorization === EVIL;
  });
  return () => isShown;
}
