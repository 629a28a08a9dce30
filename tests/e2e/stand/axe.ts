// What the rules of accessible pages find on a page as it stands.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Rule and places of each violation; of these rules only, where some are named. */
export async function violations(page: Page, only?: string[]): Promise<{ rule: string; where: string[] }[]> {
  // There are no frames, and what passes need not be told node by node: most of the time went there.
  const options = { resultTypes: ['violations' as const], ...(only && { runOnly: only }) };
  const found = await new AxeBuilder({ page }).setLegacyMode(true).options(options).analyze();
  return found.violations.map((violation) => ({
    rule: violation.id,
    where: violation.nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary?.split('\n').slice(1).join(' ').trim()}`).slice(0, 5),
  }));
}
