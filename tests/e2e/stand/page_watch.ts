// Watches every page of a test: what breaks the content security policy, what throws, and each
// write with the version that it carried.
import { type BrowserContext, type Page, type Request, expect } from '@playwright/test';

/** A request that changes something at the API. */
export type Write = { method: string; path: string; ifMatch?: string; body: any };

export class PageWatch {
  readonly writes: Write[] = [];
  /** Reads of the API by path and query, in order. */
  readonly reads: string[] = [];
  private readonly faults: string[] = [];

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
    page.on('crash', () => this.faults.push('the page crashed'));
    page.on('console', (message) => {
      if (/Content Security Policy|panicked at/.test(message.text())) this.faults.push(`console: ${message.text()}`);
    });
  }

  private note(request: Request): void {
    const { pathname, search } = new URL(request.url());
    if (!pathname.startsWith('/crmRestApi/')) return;
    if (request.method() === 'GET') {
      this.reads.push(decodeURIComponent(pathname + search));
      return;
    }
    const ifMatch = request.headers()['if-match'];
    const body = request.postDataJSON();
    const write = { method: request.method(), path: decodeURIComponent(pathname), ifMatch, body };
    this.writes.push(write);
    // What a POST makes has no version yet, and an action is guarded by being sent once.
    if (request.method() !== 'POST' && !ifMatch && body?.ObjectVersionNumber === undefined) {
      this.faults.push(`a write without a version: ${JSON.stringify(write)}`);
    }
  }

  /** Fails the test where anything of that kind happened. */
  check(): void {
    expect(this.faults, 'policy violations, page errors and unversioned writes').toEqual([]);
  }
}
