// The parts of the build that is tested. A build by Trunk is in one piece, and journeys about parts have
// nothing to do there.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page, Route } from '@playwright/test';

type File = { file: string };
type Manifest = { build: string; first: File[]; parts: { name: string; files: File[] }[] };

const manifestFile = path.join(process.env.USAGE_DESK_DIST ?? '', 'parts.json');

export const isInParts = existsSync(manifestFile);

export const manifest: Manifest = isInParts
  ? JSON.parse(readFileSync(manifestFile, 'utf8'))
  : { build: '', first: [], parts: [] };

/** The file that is a part's alone. */
export function fileOf(part: string): string {
  const file = manifest.parts.find((one) => one.name === part)?.files.at(-1)?.file;
  if (!file) throw new Error(`no part ${part}`);
  return file;
}

/** Lets no part be fetched ahead: a part comes with its first use. Before the page is opened. */
export async function fetchNothingAhead(context: BrowserContext | Page): Promise<void> {
  await context.addInitScript(() => {
    window.requestIdleCallback = () => 0;
  });
}

/** What stands in a part's place on the way to the browser, until it is let through. */
export class PartOnTheWay {
  private answer?: (route: Route) => Promise<void>;
  asked = 0;

  private constructor(private readonly file: string) {}

  static of(page: Page, part: string): Promise<PartOnTheWay> {
    return PartOnTheWay.ofFile(page, fileOf(part));
  }

  static async ofFile(page: Page, file: string): Promise<PartOnTheWay> {
    const way = new PartOnTheWay(file);
    await page.route(`**/${way.file}`, async (route) => {
      way.asked += 1;
      await (way.answer ? way.answer(route) : route.continue());
    });
    return way;
  }

  /** No connection. */
  cut(): void {
    this.answer = (route) => route.abort('internetdisconnected');
  }

  /** The server no longer has it. */
  gone(): void {
    this.answer = (route) => route.fulfill({ status: 404, contentType: 'text/plain', body: 'There is nothing at this address.' });
  }

  /** A start page with status 200, as some servers answer where a file is missing. */
  startPage(): void {
    this.answer = (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<!doctype html><title>Usage Desk</title>' });
  }

  /** The bytes of another part under this name, as a build that was mixed up would give. */
  anotherPart(part: string): void {
    const bytes = readFileSync(path.join(process.env.USAGE_DESK_DIST ?? '', fileOf(part)));
    this.answer = (route) => route.fulfill({ status: 200, contentType: 'application/wasm', body: bytes });
  }

  /** Half of the bytes. */
  halved(): void {
    const bytes = readFileSync(path.join(process.env.USAGE_DESK_DIST ?? '', this.file));
    this.answer = (route) => route.fulfill({ status: 200, contentType: 'application/wasm', body: bytes.subarray(0, bytes.length / 2) });
  }

  /** It comes once something is done. */
  waits(done: Promise<void>): void {
    this.answer = async (route) => {
      await done;
      await route.continue();
    };
  }

  letThrough(): void {
    this.answer = undefined;
  }
}
