// How much room a page gives to what a person came for, in numbers.
import type { Page } from '@playwright/test';

/** How high a scroll bar is where a browser keeps room for it, or lays it over the last row. */
const SCROLL_BAR = 15;

/** Pixels above the grid's first row, and rows that can be seen whole, above a scroll bar where there is one. */
export async function roomOfRows(page: Page): Promise<{ above: number; rows: number }> {
  return page.getByRole('grid').evaluate((grid: HTMLElement, scrollBar) => {
    const above = grid.querySelector('[role=columnheader]')!.closest('[role=row]')!.getBoundingClientRect().bottom;
    const bar = grid.scrollWidth > grid.clientWidth ? Math.max(grid.offsetHeight - grid.clientHeight, scrollBar) : 0;
    const end = Math.min(grid.getBoundingClientRect().bottom - bar, innerHeight);
    const rows = [...grid.querySelectorAll('[role=row]:has(> [role=gridcell])')].map((row) => row.getBoundingClientRect());
    // Half a pixel is what a browser rounds by.
    const seen = rows.filter((row) => row.height > 0 && row.top >= above - 0.5 && row.bottom <= end + 0.5);
    return { above: Math.round(above), rows: seen.length };
  }, SCROLL_BAR);
}

/** How far the page can be moved sideways, in pixels, by itself or in its screen. */
export async function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => {
    const [screen] = document.getElementsByTagName('main');
    return Math.max(document.documentElement.scrollWidth - innerWidth, screen.scrollWidth - screen.clientWidth);
  });
}

/** What can be pressed and is smaller than 24 pixels, where it is no link in a sentence. */
export async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const pressed = [...document.querySelectorAll<HTMLElement>('button, select, summary, input:not([type=radio], [type=checkbox]), a.tab, a.button, a.chip, a.rail-item')];
    const seen = pressed.filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[aria-hidden=true], .skip-link'));
    const small = seen.filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return width < 24 || height < 24;
    });
    return small.map((element) => `${element.className || element.tagName}: ${element.textContent?.trim() || element.getAttribute('aria-label')}`);
  });
}

/** What has the focus, where none of its middle and corners can be seen. */
export async function hiddenFocus(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const focused = document.activeElement as HTMLElement;
    const { left, right, top, bottom } = focused.getBoundingClientRect();
    const places = [[(left + right) / 2, (top + bottom) / 2], [left + 3, top + 3], [right - 3, top + 3], [left + 3, bottom - 3], [right - 3, bottom - 3]];
    const isSeen = places.some(([x, y]) => {
      const there = document.elementFromPoint(x, y);
      return there !== null && (focused.contains(there) || there.contains(focused));
    });
    return isSeen ? undefined : `${focused.tagName} ${focused.className} ${focused.textContent?.trim().slice(0, 40)}`;
  });
}
