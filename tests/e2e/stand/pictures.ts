// Pictures of a screen, in light and dark and in the sizes that people have: taken where a folder for them is
// named, as `cargo xtask pictures` does.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';

const FOLDER = process.env.USAGE_DESK_PICTURES;
export const takesPictures = FOLDER !== undefined;

/** Wide, usual, at a zoom of 200 %, and a phone. The first is that of the page beside the README. */
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 720, height: 450 },
  { width: 390, height: 844 },
];

/** Leaves the page as it was. `isBesideReadme`: it goes to the page beside the README too. */
export async function takePictures(page: Page, name: string, isBesideReadme = true): Promise<void> {
  if (!FOLDER) return;
  const size = page.viewportSize();
  const file = path.join(FOLDER, name.replace(/[^a-z0-9]+/gi, '-'));
  for (const viewport of SIZES) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      const picture = await page.screenshot({ path: `${file}.${viewport.width}x${viewport.height}.${colorScheme}.png` });
      if (isBesideReadme && viewport === SIZES[0]) await writeFile(`${file}.${colorScheme}.webp`, await inFewColours(page, picture));
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (size) await page.setViewportSize(size);
}

/** A screen has few colours, and between them the edges of letters: so it weighs a third, and letters stay sharp. */
async function inFewColours(page: Page, picture: Buffer): Promise<Buffer> {
  const context = await page.context().browser()!.newContext();
  try {
    const blank = await context.newPage();
    const webp = await blank.evaluate(async (png) => {
      const MOST_COLOURS = 28;
      const LEAST_DISTANCE = 500;
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
      const canvas = new OffscreenCanvas(image.width, image.height);
      const drawing = canvas.getContext('2d')!;
      drawing.drawImage(image, 0, 0);
      const pixels = drawing.getImageData(0, 0, image.width, image.height);
      const dots = new Uint32Array(pixels.data.buffer);
      const counts = new Map<number, number>();
      for (const dot of dots) counts.set(dot, (counts.get(dot) ?? 0) + 1);
      const distance = (one: number, other: number) => [0, 8, 16].reduce((sum, at) => sum + (((one >> at) & 255) - ((other >> at) & 255)) ** 2, 0);
      // The commonest first, and none that is hardly another one.
      const kept: number[] = [];
      for (const [dot] of [...counts].sort(([, one], [, other]) => other - one)) {
        const isSurface = counts.get(dot)! > 4000;
        if (kept.length < MOST_COLOURS && kept.every((other) => distance(dot, other) >= (isSurface ? 1 : LEAST_DISTANCE))) kept.push(dot);
      }
      const nearest = new Map([...counts.keys()].map((dot) => [dot, kept.reduce((best, other) => (distance(dot, other) < distance(dot, best) ? other : best))]));
      dots.forEach((dot, at) => (dots[at] = nearest.get(dot)!));
      drawing.putImageData(pixels, 0, 0);
      // In full quality it is kept dot by dot.
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: 1 })).arrayBuffer());
      return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    }, picture.toString('base64'));
    return Buffer.from(webp, 'latin1');
  } finally {
    await context.close();
  }
}
