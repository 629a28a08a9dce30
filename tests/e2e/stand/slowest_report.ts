// Names the journeys that took the longest, so that whoever shortens the run knows where to begin.
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

const HOW_MANY = 15;

export default class SlowestReport implements Reporter {
  private readonly journeys: { title: string; file: string; seconds: number }[] = [];

  onTestEnd({ title, location }: TestCase, { duration }: TestResult): void {
    this.journeys.push({ title, file: location.file.split('/').at(-1)!, seconds: duration / 1000 });
  }

  onEnd(): void {
    const slowest = this.journeys.sort((one, other) => other.seconds - one.seconds).slice(0, HOW_MANY);
    console.log(`The slowest ${slowest.length} of ${this.journeys.length} journeys:`);
    for (const { title, file, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${file}: ${title}`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
