// Files that leave the console, read without any code of it: a ZIP by its directory, a workbook's sheet by its cells,
// CSV by RFC 4180.
import { inflateRawSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';

/** What a person does saves a file: its name and its bytes. */
export async function savedBy(page: Page, act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const coming = page.waitForEvent('download');
  await act();
  const saved: Download = await coming;
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) };
}

/** The files of a ZIP archive by their names. */
export function unzipped(zip: Buffer): Map<string, Buffer> {
  const end = zip.length - 22;
  if (zip.readUInt32LE(end) !== 0x06054b50) throw new Error('no ZIP archive');
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, size, length, offset] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28), zip.readUInt32LE(at + 42)];
    const begin = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    const content = inflateRawSync(zip.subarray(begin, begin + packed));
    if (content.length !== size) throw new Error('a file of another size than the directory says');
    files.set(zip.subarray(at + 46, at + 46 + length).toString('utf8'), content);
    at += 46 + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

export type SheetCell = { kind: 'text' | 'number'; value: string };

/** The rows of a workbook's sheet by its name, each by the letters of its columns. */
export function sheet(book: Buffer, name: string): Record<string, SheetCell>[] {
  const files = unzipped(book);
  const text = (part: string) => files.get(part)?.toString('utf8') ?? '';
  const number = new RegExp(`<sheet name="${name}" sheetId="(\\d+)"`).exec(text('xl/workbook.xml'))?.[1];
  if (!number) throw new Error(`no sheet ${name} in ${text('xl/workbook.xml')}`);
  const rows = text(`xl/worksheets/sheet${number}.xml`).matchAll(/<row r="\d+">(.*?)<\/row>/gs);
  return [...rows].map(([, row]) => {
    const cells = row.matchAll(/<c r="([A-Z]+)\d+" s="\d+"(?: t="inlineStr"><is><t xml:space="preserve">(.*?)<\/t><\/is>|><v>(.*?)<\/v>)<\/c>/gs);
    return Object.fromEntries([...cells].map(([, column, text, value]) => [column, value === undefined ? { kind: 'text', value: unescaped(text) } : { kind: 'number', value }]));
  });
}

function unescaped(xml: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return xml.replace(/&(lt|gt|quot|amp);/g, (_, name) => names[name]).replace(/_x([0-9A-F]{4})_/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

/** The lines of a CSV file, without the apostrophe that keeps a text from being changed. */
export function csvLines(bytes: Buffer): string[][] {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const lines: string[][] = [];
  let line: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    line.push((quoted?.replaceAll('""', '"') ?? plain).replace(/^'/, '').replace(/([;\t\r\n])'/g, '$1'));
    if (end === '\r\n') {
      lines.push(line);
      line = [];
    }
  }
  return lines;
}

/** What a workbook tells of itself, by the names of its lines. */
export function aboutOf(book: Buffer): Record<string, string> {
  return Object.fromEntries(sheet(book, 'About this export').slice(1).map(({ A, B }) => [A.value, B?.value ?? '']));
}
