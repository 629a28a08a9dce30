// Watches every page of a test: what breaks the content security policy, what throws, and each
// write with what guards it.
import { type BrowserContext, type Page, type Request, expect } from '@playwright/test';
import type { LoggedWrite } from './write_report';
import { judge } from './write_rules';

/** What a page is watched for, in the words of the failure. */
export const WATCHED = 'policy violations, page errors and unguarded writes';

/** Where the APIs begin that hold records. */
const APIS = /^\/(crmRestApi|ResourceServer|v3)\//;

export class PageWatch {
  readonly writes: LoggedWrite[] = [];
  /** Reads of the API by path and query, in order. */
  readonly reads: string[] = [];
  /** A page is to be killed by the test. */
  expectsCrash = false;
  /** An origin that a test has the policy keep the page from. */
  expectsBlocked?: string;
  private readonly faults: string[] = [];
  /** How many reads there were when a path was last written. */
  private readonly written = new Map<string, number>();

  async over(context: BrowserContext): Promise<void> {
    await context.exposeBinding('reportPolicyViolation', (_, words: string) => {
      this.faults.push(`content security policy: ${words}`);
    });
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        (window as any).reportPolicyViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    context.on('page', (page) => this.overPage(page));
    context.on('request', (request) => this.note(request));
  }

  private overPage(page: Page): void {
    page.on('pageerror', (error) => this.faults.push(`page error: ${error.message}`));
    page.on('crash', () => {
      if (!this.expectsCrash) this.faults.push('the page crashed');
    });
    page.on('console', (message) => {
      if (/Content Security Policy|panicked at/.test(message.text())) this.faults.push(`console: ${message.text()}`);
    });
  }

  private note(request: Request): void {
    const { pathname, search } = new URL(request.url());
    if (!APIS.test(pathname)) return;
    // An action that only tells figures changes nothing.
    if (request.method() === 'GET' || /\/action\/getMetricsForUsageEvents$/.test(pathname)) {
      this.reads.push(decodeURIComponent(pathname + search));
      return;
    }
    const path = decodeURIComponent(pathname);
    const write = { method: request.method(), path, ifMatch: request.headers()['if-match'], body: request.postDataJSON() };
    const judged = judge(write, this.reads.slice(this.written.get(path) ?? 0));
    this.written.set(path, this.reads.length);
    this.writes.push({ ...write, judged });
    if (judged === 'unversioned' || judged === 'not judged') this.faults.push(`a write that nothing guards: ${JSON.stringify(write)}`);
  }

  /** Fails the test where anything of that kind happened. */
  check(): void {
    const expected = this.expectsBlocked;
    expect(this.faults.filter((fault) => !expected || !fault.includes(expected)), WATCHED).toEqual([]);
  }
}
