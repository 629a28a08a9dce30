// A Chromium that keeps a page asleep while another one is looked at, as a person's does. A browser that is driven from
// outside is told not to, and Debian's headless shell cannot: this is the whole browser, without a window.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from '@playwright/test';
import { usualPlaces } from '../playwright.config';

export async function launchThatKeepsPages(): Promise<Browser> {
  const named = process.env.CHROMIUM;
  const executablePath = [...(named && !/headless.shell/.test(named) ? [named] : []), ...usualPlaces].find((place) => existsSync(place));
  if (!executablePath) throw new Error('No whole Chromium was found, which keeps pages. Install Chromium or Chrome.');
  return chromium.launch({ executablePath, ignoreDefaultArgs: ['--disable-back-forward-cache', '--headless'], args: ['--headless=new', '--no-sandbox', '--disable-gpu'] });
}
