// A journey that fails once and then passes is told of by name and does not fail the run: machines
// that CI runs on stall. Many of them are no stall, and what the watch over the pages saw never is.
import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { WATCHED } from './page_watch';

const STALLS = 3;

export default class SecondTryReport implements Reporter {
  private readonly again: string[] = [];
  private readonly watched: string[] = [];

  onTestEnd({ title, location }: TestCase, { status, retry, errors }: TestResult): void {
    const journey = `${location.file.split('/').at(-1)!}: ${title}`;
    if (status === 'passed' && retry > 0) this.again.push(journey);
    if (errors.some(({ message }) => message?.includes(WATCHED))) this.watched.push(journey);
  }

  async onEnd(): Promise<{ status?: FullResult['status'] } | undefined> {
    if (this.again.length > 0) console.log(`Passed at the second try only (more than ${STALLS} fail the run): ${this.again.length}`);
    for (const journey of this.again) console.log(`  ${journey}`);
    for (const journey of this.watched) console.log(`No second try mends ${WATCHED}: ${journey}`);
    return this.again.length > STALLS || this.watched.length > 0 ? { status: 'failed' } : undefined;
  }

  printsToStdio(): boolean {
    return false;
  }
}
