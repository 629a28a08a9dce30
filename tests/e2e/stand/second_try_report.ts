// A journey that fails once and then passes is told of by name and does not fail the run: machines
// that CI runs on stall. More than one in a hundred are no stall, and what the watch over the pages
// saw never is.
import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { WATCHED } from './page_watch';

/** Of so many journeys one may stall. */
const JOURNEYS_A_STALL = 100;

export default class SecondTryReport implements Reporter {
  private readonly again: string[] = [];
  private readonly watched: string[] = [];
  private stalls = 0;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.stalls = Math.ceil(suite.allTests().length / JOURNEYS_A_STALL);
  }

  onTestEnd({ title, location }: TestCase, { status, retry, errors }: TestResult): void {
    const journey = `${location.file.split('/').at(-1)!}: ${title}`;
    if (status === 'passed' && retry > 0) this.again.push(journey);
    if (errors.some(({ message }) => message?.includes(WATCHED))) this.watched.push(journey);
  }

  async onEnd(): Promise<{ status?: FullResult['status'] } | undefined> {
    if (this.again.length > 0) console.log(`Passed at the second try only (more than ${this.stalls} fail the run): ${this.again.length}`);
    for (const journey of this.again) console.log(`  ${journey}`);
    for (const journey of this.watched) console.log(`No second try mends ${WATCHED}: ${journey}`);
    return this.again.length > this.stalls || this.watched.length > 0 ? { status: 'failed' } : undefined;
  }

  printsToStdio(): boolean {
    return false;
  }
}
