// Adds up the writes that the console sent in the whole run, and fails the run if one of them could
// have overwritten what nobody saw. Each journey hands its network log over as an attachment.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import type { Judged, Write } from './write_rules';

export const WRITE_LOG = 'writes that the console sent';

export type LoggedWrite = Write & { judged: Judged };

const UNGUARDED: Judged[] = ['unversioned', 'not judged'];

export default class WriteReport implements Reporter {
  private readonly writes: (LoggedWrite & { test: string })[] = [];
  private journeys = 0;

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const { name, body } of result.attachments) {
      if (name !== WRITE_LOG || !body) continue;
      this.journeys += 1;
      const writes = JSON.parse(body.toString()) as LoggedWrite[];
      this.writes.push(...writes.map((write) => ({ test: test.title, ...write })));
    }
  }

  onEnd(): { status?: FullResult['status'] } | undefined {
    const folder = fileURLToPath(new URL('../results/', import.meta.url));
    mkdirSync(folder, { recursive: true });
    const lines = this.writes.map((write) => JSON.stringify(write));
    writeFileSync(`${folder}writes.ndjson`, lines.map((line) => `${line}\n`).join(''));
    const counts = new Map<Judged, number>();
    for (const { judged } of this.writes) counts.set(judged, (counts.get(judged) ?? 0) + 1);
    const told = [...counts].sort().map(([judged, count]) => `${count} ${judged}`);
    console.log(`Writes of ${this.journeys} journeys: ${this.writes.length} (${told.join(', ') || 'none'}), each in results/writes.ndjson`);
    const unguarded = this.writes.filter((write) => UNGUARDED.includes(write.judged));
    for (const write of unguarded) console.log(`UNGUARDED ${write.method} ${write.path}, in "${write.test}"`);
    return unguarded.length > 0 ? { status: 'failed' } : undefined;
  }

  printsToStdio(): boolean {
    return false;
  }
}
