// What is measured in a real browser, and printed: too long for every run, so not among the journeys.
// `npx playwright test --config measures/measure.config.ts`, with the variables that the journeys need;
// build app and server optimised before, or the figures say nothing.
import { defineConfig } from '@playwright/test';
import journeys from '../playwright.config';

export default defineConfig({ ...journeys, testDir: '.', outputDir: '../results', workers: 1, timeout: 900_000 });
