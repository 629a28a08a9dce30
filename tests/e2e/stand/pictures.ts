// Pictures of a screen, in light and dark and in the sizes that people have: taken where a folder for them is
// named, as `cargo xtask pictures` does.
import path from 'node:path';
import type { Page } from '@playwright/test';

const FOLDER = process.env.USAGE_DESK_PICTURES;

/** Wide, usual, at a zoom of 200 %, and a phone. */
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 720, height: 450 },
  { width: 390, height: 844 },
];

/** Leaves the page as it was. */
export async function takePictures(page: Page, name: string): Promise<void> {
  if (!FOLDER) return;
  const size = page.viewportSize();
  for (const viewport of SIZES) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      const file = `${name.replace(/[^a-z0-9]+/gi, '-')}.${viewport.width}x${viewport.height}.${colorScheme}.png`;
      await page.screenshot({ path: path.join(FOLDER, file) });
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (size) await page.setViewportSize(size);
}
