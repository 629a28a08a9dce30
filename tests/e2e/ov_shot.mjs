import { chromium } from '@playwright/test';
const [,, url='/?month=2026-10&zone=Europe/Berlin', name='a', sizes='1440x900', schemes='light', full=''] = process.argv;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell' });
const ctx = await browser.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-GB' });
const page = await ctx.newPage();
page.on('console', m => { if (m.type() !== 'log') console.log(m.type(), m.text().slice(0,400)); });
page.on('pageerror', e => console.log('pageerror', e.message.slice(0,600)));
await page.goto('http://127.0.0.1:8899' + url);
await page.getByRole('button', { name: /^editor / }).click();
const t = Date.now();
await page.getByTestId('verdict').waitFor({ timeout: 60000 }).catch(e => console.log('no verdict'));
console.log('verdict after', Date.now()-t, 'ms', await page.getByTestId('verdict').textContent().catch(()=>''));
await page.waitForTimeout(1500);
for (const s of sizes.split(',')) for (const colorScheme of schemes.split(',')) {
  const [width,height]=s.split('x').map(Number);
  await page.emulateMedia({ colorScheme }); await page.setViewportSize({ width, height });
  await page.waitForTimeout(200);
  await page.screenshot({ path: `/tmp/ov/${name}.${s}.${colorScheme}.png` });
}
await browser.close();
