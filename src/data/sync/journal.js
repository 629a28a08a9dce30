// The journal of a browser: what its tabs proposed, sealed, in IndexedDB; and the locks by which
// tabs take turns to write and learn that another one is gone. The locks do not hang on the database:
// it may fail, be deleted or open late, and is opened again as long as the page lives. Nothing here
// reads a line's text.
const DATABASE = 'usage-desk';
const LINES = 'lines';
const KEYS = 'keys';
const WRITE_LEASE = 'usage-desk-turn';
const TAKING_UP = 'usage-desk-taking-up';
const TAB = 'usage-desk-tab-';
const SEALED_TOGETHER = 250;

// A database that does not answer within this time counts as one that fails, until it does.
const PATIENCE = 10_000;
// It is opened again after this long, then after twice as long, and so on.
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

// Settled changes are kept for so long, and the newest so many of them.
const SETTLED_KEPT_FOR = 30 * 24 * 60 * 60 * 1000;
const SETTLED_KEPT = 5_000;

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
    transaction.onabort = () => reject(transaction.error ?? new DOMException('', 'AbortError'));
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

// The key never leaves the browser: it cannot be extracted, only used. Of tabs that make one at the
// same time the first wins.
const sealingKey = async (database) => {
  const kept = await answer(database.transaction(KEYS).objectStore(KEYS).get('seal'));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const transaction = database.transaction(KEYS, 'readwrite');
  const store = transaction.objectStore(KEYS);
  const first = await answer(store.get('seal'));
  if (!first) store.put(made, 'seal');
  await completion(transaction);
  return first ?? made;
};

// A browser may never answer.
const within = (time, work) =>
  Promise.race([work, new Promise((_, failed) => setTimeout(() => failed(new DOMException('', 'TimeoutError')), time))]);

const tabsAlive = async () => new Set((await navigator.locks.query()).held.map((lock) => lock.name));

const digestOf = async (text) => {
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
};

export class Journal {
  // Takes the seat of a tab for the person who sits at it. `told` hears what becomes of the journal:
  // 'opened', 'failed' or 'lost' with the name of what went wrong, and 'orphaned' when another tab is
  // gone and may have left lines behind.
  constructor(tab, person, told) {
    Object.assign(this, { tab, told, watched: new Set(), last: Promise.resolve(), waiting: [], pause: FIRST_PAUSE });
    this.whose = digestOf(person);
    this.seated = new Promise((seated, failed) => {
      const sit = () => {
        seated();
        return new Promise((leave) => (this.leave = leave));
      };
      navigator.locks.request(TAB + tab, sit).catch(failed);
    });
    this.open();
  }

  // Opens the database, now and again until it can be.
  async open() {
    if (this.isOpening || this.hasLeft) return;
    this.isOpening = true;
    const slow = setTimeout(() => this.told('failed', 'TimeoutError'), PATIENCE);
    try {
      await this.seated;
      this.person = await this.whose;
      const database = await openDatabase();
      const key = await sealingKey(database).catch((error) => {
        database.close();
        throw error;
      });
      if (this.hasLeft) return database.close();
      this.database = database;
      this.wasOpen = true;
      this.key = key;
      database.onversionchange = () => this.lose(database, 'VersionError');
      database.onclose = () => this.lose(database, 'AbortError');
      this.meetOthers();
      this.told('opened', '');
    } catch (error) {
      if (!this.hasLeft) this.told('failed', error?.name ?? 'UnknownError');
      this.openLater();
    } finally {
      clearTimeout(slow);
      this.isOpening = false;
    }
  }

  openLater() {
    if (this.hasLeft || this.later) return;
    this.later = setTimeout(() => {
      this.later = undefined;
      this.open();
    }, this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  // A connection is of no more use: whatever it held may be gone.
  lose(database, why) {
    if (!database || this.database !== database) return;
    this.database = undefined;
    database.close();
    this.told('lost', why);
    this.openLater();
  }

  meetOthers() {
    if (this.channel) return;
    const tab = this.tab;
    try {
      this.channel = new BroadcastChannel(DATABASE);
    } catch {
      // Then no other tab is heard of; what one leaves behind is taken up by the next one that begins.
      return;
    }
    this.channel.onmessage = ({ data }) => {
      this.watch(data.tab);
      if (data.isNew) this.channel.postMessage({ tab, isNew: false });
    };
    this.channel.postMessage({ tab, isNew: true });
  }

  // A tab's lock is free when the tab is gone, however it went.
  watch(tab) {
    if (tab === this.tab || this.watched.has(tab)) return;
    this.watched.add(tab);
    navigator.locks.request(TAB + tab, () => {}).then(() => {
      this.watched.delete(tab);
      if (!this.hasLeft) this.told('orphaned', '');
    });
  }

  // Makes lines durable: `intents[i]` stands as `texts[i]`, and ended at `ended[i]`, or at 0 if it has
  // not. In the order of the calls; what comes while the disk is busy goes down together.
  write(intents, texts, ended) {
    return new Promise((written, failed) => {
      this.waiting.push({ intents, texts, ended, written, failed });
      this.last = this.last.then(() => this.writeWaiting());
    });
  }

  async writeWaiting() {
    const together = this.waiting.splice(0);
    if (together.length === 0) return;
    // Of what is kept of one intent only the newest counts.
    const newest = new Map();
    for (const { intents, texts, ended } of together) {
      intents.forEach((intent, i) => newest.set(intent, { intent, text: texts[i], ended: ended[i] }));
    }
    const database = this.database;
    try {
      if (!database) throw new DOMException('', 'InvalidStateError');
      await this.writeNow(database, [...newest.values()]);
      if (this.database !== database) throw new DOMException('', 'AbortError');
      this.pause = FIRST_PAUSE;
      for (const each of together) each.written();
    } catch (error) {
      for (const each of together) each.failed(error);
      this.lose(database, error?.name ?? 'UnknownError');
    }
  }

  async writeNow(database, newest) {
    const { tab, person, key } = this;
    const seal = async ({ intent, text, ended }) => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, encoder.encode(text));
      return { intent, tab, person, iv, sealed, ended };
    };
    const lines = [];
    // A few hundred at a time, so that the page stays quick.
    for (let at = 0; at < newest.length; at += SEALED_TOGETHER) {
      lines.push(...(await Promise.all(newest.slice(at, at + SEALED_TOGETHER).map(seal))));
    }
    const transaction = database.transaction(LINES, 'readwrite');
    // One that is given up leaves nothing behind; one that is done by then is done.
    const giveUp = () => {
      try {
        transaction.abort();
      } catch {}
    };
    const done = completion(transaction);
    const slow = setTimeout(giveUp, PATIENCE);
    try {
      for (const line of lines) transaction.objectStore(LINES).put(line);
    } catch (error) {
      giveUp();
      await done.catch(() => {});
      throw error;
    } finally {
      done.catch(() => {}).finally(() => clearTimeout(slow));
    }
    await done;
  }

  // Makes the lines of tabs that are gone this tab's own, once, and gives their texts, how many could
  // not be opened because the key that sealed them is gone, how many wait for somebody else or for other
  // connections, and whether the disk is still the same.
  // Settled changes beyond what is kept go.
  async takeUp() {
    const { database } = this;
    if (!database) throw new DOMException('', 'InvalidStateError');
    try {
      return await this.takeUpFrom(database);
    } catch (error) {
      this.lose(database, error?.name ?? 'UnknownError');
      throw error;
    }
  }

  async takeUpFrom(database) {
    const { key, tab, person } = this;
    const { orphans, ofOthers } = await navigator.locks.request(TAKING_UP, async () => {
      const alive = await tabsAlive();
      const transaction = database.transaction(LINES, 'readwrite');
      const store = transaction.objectStore(LINES);
      const all = await answer(store.getAll());
      const lines = all.filter((line) => line.person === person);
      const ofOthers = all.filter((line) => line.person !== person && !(line.ended > 0)).length;
      const ended = lines.filter((line) => line.ended > 0).sort((one, other) => other.ended - one.ended);
      const oldest = Date.now() - SETTLED_KEPT_FOR;
      const pruned = new Set(ended.filter((line, at) => at >= SETTLED_KEPT || line.ended < oldest));
      for (const line of pruned) store.delete(line.intent);
      const orphans = lines.filter((line) => !pruned.has(line) && !alive.has(TAB + line.tab));
      for (const line of orphans) store.put({ ...line, tab });
      await completion(transaction);
      return { orphans, ofOthers };
    });
    const open = async ({ iv, sealed }) =>
      decoder.decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed));
    const opened = await Promise.allSettled(orphans.map(open));
    const texts = opened.filter((text) => text.status === 'fulfilled').map((text) => text.value);
    return { texts, unopened: opened.length - texts.length, ofOthers, isCertain: this.database === database };
  }

  // Forgets this person's lines, of this tab and of tabs that are gone; the last one to leave takes
  // the key and the database away. Fails where the database cannot be reached.
  async close() {
    await this.last;
    this.hasLeft = true;
    clearTimeout(this.later);
    const kept = this.database;
    this.database = undefined;
    this.releaseWriteLease();
    this.channel?.close();
    try {
      await within(PATIENCE, this.forgetIn(kept));
    } catch (error) {
      // Where it could never be opened, nothing is kept.
      if (this.wasOpen) throw error;
    } finally {
      this.leave?.();
    }
  }

  async forgetIn(kept) {
    return this.forget(kept ?? (await openDatabase()));
  }

  async forget(database) {
    const person = await this.whose;
    await navigator.locks.request(TAKING_UP, async () => {
      const alive = await tabsAlive();
      const others = [...alive].filter((name) => name.startsWith(TAB) && name !== TAB + this.tab);
      const transaction = database.transaction(LINES, 'readwrite');
      const store = transaction.objectStore(LINES);
      for (const line of await answer(store.getAll())) {
        const isLeft = line.tab === this.tab || (line.person === person && !alive.has(TAB + line.tab));
        if (isLeft) store.delete(line.intent);
      }
      const left = await answer(store.count());
      await completion(transaction);
      database.close();
      if (left === 0 && others.length === 0) await deleteDatabase();
    });
  }

  // Calls `granted` when this tab holds the write lease.
  requestWriteLease(granted) {
    const write = () => {
      if (this.hasLeft) return undefined;
      return new Promise((release) => {
        // First the way out: it may turn out that there is nothing left to write.
        this.release = release;
        granted();
      });
    };
    // A browser that keeps nothing of this site refuses locks too. Then no tab has anything of another one's to write.
    this.seated.then(() => navigator.locks.request(WRITE_LEASE, write), write);
  }

  releaseWriteLease() {
    this.release?.();
    this.release = undefined;
  }

  // Whether another tab waits for the lease.
  async othersWait() {
    const locks = await navigator.locks.query().catch(() => ({ pending: [] }));
    return locks.pending.some((lock) => lock.name === WRITE_LEASE);
  }
}

// Browsers offer these only to pages that came over a safe connection or from this machine.
export const isOffered = () => Boolean(navigator.locks && globalThis.crypto?.subtle);
