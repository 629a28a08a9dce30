// The journal of a browser: what its tabs proposed, sealed, in IndexedDB; and the locks by which
// tabs take turns to write and learn that another one is gone. Nothing here reads a line's text.
const DATABASE = 'usage-desk';
const LINES = 'lines';
const KEYS = 'keys';
const TURN = 'usage-desk-turn';
const TAKING_UP = 'usage-desk-taking-up';
const TAB = 'usage-desk-tab-';
const SEALED_TOGETHER = 250;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const completion = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });

const openDatabase = () => {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(LINES, { keyPath: 'intent' });
    request.result.createObjectStore(KEYS);
  };
  return answer(request);
};

const deleteDatabase = () =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(DATABASE);
    request.onsuccess = resolve;
    request.onerror = resolve;
    request.onblocked = resolve;
  });

// The key never leaves the browser: it cannot be extracted, only used.
const sealingKey = async (database) => {
  const kept = await answer(database.transaction(KEYS).objectStore(KEYS).get('seal'));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const transaction = database.transaction(KEYS, 'readwrite');
  transaction.objectStore(KEYS).put(made, 'seal');
  await completion(transaction);
  return made;
};

const tabsAlive = async () => new Set((await navigator.locks.query()).held.map((lock) => lock.name));

export class Journal {
  // Opens the journal for a tab and the person who sits at it. `orphaned` is called when another
  // tab is gone and may have left lines behind.
  static async open(tab, person, orphaned) {
    const journal = new Journal();
    journal.tab = tab;
    const digest = await crypto.subtle.digest('SHA-256', encoder.encode(person));
    journal.person = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    journal.orphaned = orphaned;
    journal.watched = new Set();
    journal.last = Promise.resolve();
    journal.waiting = [];
    await navigator.locks.request(TAKING_UP, async () => {
      journal.database = await openDatabase();
      journal.database.onversionchange = () => journal.database.close();
      journal.key = await sealingKey(journal.database);
      await new Promise((held) => {
        navigator.locks.request(TAB + tab, () => {
          held();
          return new Promise((leave) => (journal.leave = leave));
        });
      });
    });
    journal.channel = new BroadcastChannel(DATABASE);
    journal.channel.onmessage = ({ data }) => {
      journal.watch(data.tab);
      if (data.isNew) journal.channel.postMessage({ tab, isNew: false });
    };
    journal.channel.postMessage({ tab, isNew: true });
    return journal;
  }

  // A tab's lock is free when the tab is gone, however it went.
  watch(tab) {
    if (tab === this.tab || this.watched.has(tab)) return;
    this.watched.add(tab);
    navigator.locks.request(TAB + tab, () => {}).then(() => {
      this.watched.delete(tab);
      if (this.database) this.orphaned();
    });
  }

  // Makes lines durable: `intents[i]` stands as `texts[i]`. In the order of the calls; what comes
  // while the disk is busy goes down together.
  write(intents, texts) {
    return new Promise((written, failed) => {
      this.waiting.push({ intents, texts, written, failed });
      this.last = this.last.then(() => this.writeWaiting());
    });
  }

  async writeWaiting() {
    const together = this.waiting.splice(0);
    if (together.length === 0) return;
    // Of what is kept of one intent only the newest counts.
    const texts = new Map();
    for (const each of together) each.intents.forEach((intent, i) => texts.set(intent, each.texts[i]));
    try {
      await this.writeNow([...texts]);
      for (const each of together) each.written();
    } catch (error) {
      for (const each of together) each.failed(error);
    }
  }

  async writeNow(texts) {
    const { tab, person, key } = this;
    const seal = async ([intent, text]) => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, encoder.encode(text));
      return { intent, tab, person, iv, sealed };
    };
    const lines = [];
    // A few hundred at a time, so that the page stays quick.
    for (let at = 0; at < texts.length; at += SEALED_TOGETHER) {
      lines.push(...(await Promise.all(texts.slice(at, at + SEALED_TOGETHER).map(seal))));
    }
    if (!this.database) throw new Error('the journal is closed');
    const transaction = this.database.transaction(LINES, 'readwrite');
    for (const line of lines) transaction.objectStore(LINES).put(line);
    await completion(transaction);
  }

  // Makes the lines of tabs that are gone this tab's own, once, and gives their texts.
  takeUp() {
    return navigator.locks.request(TAKING_UP, async () => {
      if (!this.database) return [];
      const alive = await tabsAlive();
      const transaction = this.database.transaction(LINES, 'readwrite');
      const store = transaction.objectStore(LINES);
      const lines = await answer(store.getAll());
      const orphans = lines.filter((line) => line.person === this.person && !alive.has(TAB + line.tab));
      for (const line of orphans) store.put({ ...line, tab: this.tab });
      await completion(transaction);
      const texts = orphans.map(async ({ iv, sealed }) =>
        decoder.decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, this.key, sealed)),
      );
      // What cannot be opened was sealed with a key that is gone.
      const opened = await Promise.allSettled(texts);
      return opened.filter((text) => text.status === 'fulfilled').map((text) => text.value);
    });
  }

  // Forgets this person's lines, of this tab and of tabs that are gone; the last one to leave takes
  // the key and the database away.
  async close() {
    await this.last;
    const database = this.database;
    this.database = undefined;
    this.giveTurn();
    this.channel.close();
    await navigator.locks.request(TAKING_UP, async () => {
      const alive = await tabsAlive();
      const others = [...alive].filter((name) => name.startsWith(TAB) && name !== TAB + this.tab);
      const transaction = database.transaction(LINES, 'readwrite');
      const store = transaction.objectStore(LINES);
      for (const line of await answer(store.getAll())) {
        const isLeft = line.tab === this.tab || (line.person === this.person && !alive.has(TAB + line.tab));
        if (isLeft) store.delete(line.intent);
      }
      const left = await answer(store.count());
      await completion(transaction);
      database.close();
      if (left === 0 && others.length === 0) await deleteDatabase();
      this.leave();
    });
  }

  // Calls `granted` when it is this tab's turn to write.
  askForTurn(granted) {
    navigator.locks.request(TURN, () => {
      if (!this.database) return undefined;
      return new Promise((release) => {
        // First the way out: it may turn out that there is nothing left to write.
        this.release = release;
        granted();
      });
    });
  }

  giveTurn() {
    this.release?.();
    this.release = undefined;
  }

  // Whether another tab waits for its turn.
  async othersWait() {
    return (await navigator.locks.query()).pending.some((lock) => lock.name === TURN);
  }
}

// Browsers offer these only to pages that came over a safe connection or from this machine.
export const isOffered = () => Boolean(navigator.locks && globalThis.crypto?.subtle && globalThis.indexedDB);
