// Measurements in a real browser, started by `cargo xtask bench app`.
import { defineConfig } from '@playwright/test';
import journeys from './playwright.config';

export default defineConfig(journeys, { testDir: 'bench', workers: 1, timeout: 1_200_000, reporter: [['list']] });
