// What the tabs of this browser that are open at the same time say to each other: questions, which some
// answer, and news, each about a person or a gateway. It is within this origin and in memory only.
const CHANNEL = 'usage-desk-tabs';

// Every tab in which somebody is signed in holds a lock of this name (`data/sync/journal.js`).
const SEAT = 'usage-desk-tab-';

// Every such tab says as soon as it can that it will answer, and answers with nothing where it has no word to say.
const SPEAKS_UP_WITHIN = 3_000;
const ANSWERS_WITHIN = 15_000;
// How much longer others may answer than the first one.
const OTHERS_WITHIN = 60;

export class OpenTabs {
  constructor() {
    this.asked = new Map();
    try {
      this.channel = new BroadcastChannel(CHANNEL);
    } catch {
      // A browser that keeps nothing of this site has no channel either: then each tab is by itself.
      return;
    }
    this.channel.onmessage = async ({ data }) => {
      const { question, news, person, from, to, text } = data ?? {};
      if (to) return this.asked.get(to)?.(text);
      // Other pages of this origin may say anything.
      if (typeof (news ?? question) !== 'string' || typeof person !== 'string') return;
      if (news) return this.heard?.(news, person);
      const answered = this.answer?.(question, person);
      if (!answered) return;
      this.channel.postMessage({ to: from });
      this.channel.postMessage({ to: from, text: (await answered) ?? '' });
    };
  }

  // `answer` takes a question and gives the promise of a text, or nothing where nobody is signed in; `heard` takes
  // news. Nobody answers before.
  listen(answer, heard) {
    Object.assign(this, { answer, heard });
  }

  // Every text that another tab answers, in the order in which they come. `ownSeats` are the locks of
  // this tab.
  async ask(question, person, ownSeats) {
    if (!this.channel) return [];
    const { held } = await navigator.locks.query();
    let others = held.filter((lock) => lock.name.startsWith(SEAT)).length - ownSeats;
    if (others <= 0) return [];
    const from = crypto.randomUUID();
    return new Promise((resolve) => {
      const texts = [];
      let due = 0;
      const end = () => {
        this.asked.delete(from);
        resolve(texts);
      };
      let timer = setTimeout(end, SPEAKS_UP_WITHIN);
      this.asked.set(from, (text) => {
        const speaksUp = text === undefined;
        due += speaksUp ? 1 : -1;
        if (!speaksUp) others -= 1;
        if (text) texts.push(text);
        clearTimeout(timer);
        if (others === 0) return end();
        timer = setTimeout(end, due > 0 ? ANSWERS_WITHIN : texts.length > 0 ? OTHERS_WITHIN : SPEAKS_UP_WITHIN);
      });
      this.channel.postMessage({ question, person, from });
    });
  }

  tell(news, person) {
    this.channel?.postMessage({ news, person });
  }
}
