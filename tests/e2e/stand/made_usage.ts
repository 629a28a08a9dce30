// Files of usage made up anew, the same for one seed: a month of metered services in three currencies, as a provider
// delivers it. What a file holds is known exactly: its rows, and its sum in each currency.
import { crc32, deflateRawSync } from 'node:zlib';
import { type Exact, add, digits, exact } from './exact_decimal';
import type { ServerRecord } from './server_records';

const HEADER = ['Event number', 'Start', 'End', 'Subscription product', 'ServiceId', 'Quantity', 'Unit', 'Currency', 'Amount', 'Charge name', 'Account', 'Region', 'Tags'];
const NUMBERS = new Set(['Quantity', 'Amount'].map((name) => HEADER.indexOf(name)));
const SERVICES = ['compute', 'block-storage', 'object-storage', 'database', 'queue', 'load-balancer'];
const ACCOUNTS = ['Nordwind Handel GmbH', 'Müller & Söhne', 'Acme Iberia, S.L.', 'Harbour Logistics Ltd', 'Alpine Data AG'];
const REGIONS = ['eu-central-1', 'eu-west-3', 'us-east-1'];
const SECONDS = 30 * 86_400;

export type MadeUsage = {
  rows: string[][];
  /** Of each currency. */
  sums: Map<string, Exact>;
};

/** So many events of September 2026. */
export function madeUsage(rows: number, seed: number): MadeUsage {
  const next = random(seed);
  const one = <T>(of: T[]) => of[Math.floor(next() * of.length)];
  const usage: MadeUsage = { rows: [], sums: new Map() };
  for (let place = 0; place < rows; place += 1) {
    const start = new Date(Date.UTC(2026, 8, 1) + Math.floor(((place + 0.5) / rows) * SECONDS) * 1000);
    const end = new Date(start.getTime() + 3_600_000);
    const currency = one(['EUR', 'EUR', 'EUR', 'USD', 'USD', 'JPY']);
    // Amounts as meters give them: many places, and now and then a credit.
    const amount = (next() < 0.02 ? '-' : '') + (next() * 40).toFixed(currency === 'JPY' ? 0 : 2 + Math.floor(next() * 7));
    const service = one(SERVICES);
    usage.rows.push([
      `MADE-${seed}-${String(place).padStart(7, '0')}`,
      start.toISOString(),
      end.toISOString(),
      '',
      `${service}-${String(Math.floor(next() * 5000)).padStart(5, '0')}`,
      (next() * 720).toFixed(3),
      'HR',
      currency,
      amount,
      `${service}, per hour`,
      one(ACCOUNTS),
      one(REGIONS),
      `{"team":"t${Math.floor(next() * 40)}","stage":"${next() < 0.7 ? 'production' : 'test'}"}`,
    ]);
    usage.sums.set(currency, add(usage.sums.get(currency) ?? exact('0'), exact(amount)));
  }
  return usage;
}

/** What events of the server come to, as the sums of a file are written: `EUR 12.50`. */
export function sumsOf(events: ServerRecord[]): string[] {
  const sums = new Map<string, Exact>();
  for (const { CurrencyCode: currency, usageCharges } of events) {
    sums.set(currency, add(sums.get(currency) ?? exact('0'), exact(usageCharges.items[0].BilledAmount)));
  }
  return written(sums);
}

/** The sums of currencies, each as a text. */
export const written = (sums: Map<string, Exact>) => [...sums].map(([currency, sum]) => `${currency} ${digits(sum)}`).sort();

export function asCsv({ rows }: MadeUsage): Buffer {
  const cell = (text: string) => (/[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return Buffer.from([HEADER, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n');
}

/** A workbook as Excel saves it: texts are shared, numbers are numbers. */
export function asWorkbook({ rows }: MadeUsage): Buffer {
  const places = new Map<string, number>();
  const place = (text: string) => {
    const known = places.get(text) ?? places.size;
    places.set(text, known);
    return known;
  };
  const letter = (column: number) => String.fromCharCode(65 + column);
  const sheet = [HEADER, ...rows].map((row, at) => {
    const cells = row.map((text, column) => {
      if (text === '') return '';
      const isNumber = at > 0 && NUMBERS.has(column);
      return isNumber ? `<c r="${letter(column)}${at + 1}"><v>${text}</v></c>` : `<c r="${letter(column)}${at + 1}" t="s"><v>${place(text)}</v></c>`;
    });
    return `<row r="${at + 1}">${cells.join('')}</row>`;
  });
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relations = (...links: [string, string][]) =>
    `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${links.map(([kind, target], at) => `<Relationship Id="rId${at + 1}" Type="${office}/${kind}" Target="${target}"/>`).join('')}</Relationships>`;
  return zipped([
    ['_rels/.rels', relations(['officeDocument', 'xl/workbook.xml'])],
    ['xl/workbook.xml', `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Usage" sheetId="1" r:id="rId1"/></sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', relations(['worksheet', 'worksheets/sheet1.xml'], ['sharedStrings', 'sharedStrings.xml'])],
    ['xl/sharedStrings.xml', `${head}<sst xmlns="${main}">${[...places.keys()].map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('')}</sst>`],
    ['xl/worksheets/sheet1.xml', `${head}<worksheet xmlns="${main}"><sheetData>${sheet.join('')}</sheetData></worksheet>`],
  ]);
}

/** A ZIP archive of these files. */
export function zipped(files: [name: string, content: string | Buffer][]): Buffer {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [name, content] of files) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(bytes.length, 18);
    facts.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), facts, place, Buffer.from(name));
    const part = [Buffer.from([0x50, 0x4b, 3, 4]), facts, Buffer.from(name), packed];
    parts.push(...part);
    at += part.reduce((sum, piece) => sum + piece.length, 0);
  }
  const names = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(names.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, names, end]);
}

/** Numbers from 0 to 1, the same for one seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
