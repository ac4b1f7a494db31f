// Pictures of the main pages, for the manual. Told in the environment like the other scripts; UDSYNC_SHOTS is the folder they go into.
import { mkdirSync } from 'node:fs';
import { DRESSES, open, settled, shop, signIn, tell, url } from './browser.mjs';

const links = JSON.parse(process.env.UDSYNC_LINKS);
const folder = process.env.UDSYNC_SHOTS;
mkdirSync(folder, { recursive: true });
const WIDE = [...DRESSES, [1920, 'light'], [1920, 'dark']];

await tell({
  async 'pictures of the main pages'(browser) {
    const page = await open(browser, { viewport: { width: 1200, height: 800 } });
    page.expected.push('40');
    await signIn(page, links.owner);
    const shot = async (name, options = {}) => {
      await settled(page);
      await page.waitForTimeout(600);
      await page.screenshot({ path: `${folder}/${name}.png`, ...options });
    };
    await page.goto(`${url}${shop}/today`);
    await shot('today');
    // The sandbox sells all the time: a plan is made of what has come since.
    await page.goto(`${url}${shop}/sync`);
    await page.getByLabel('Which').selectOption('full');
    for (let tries = 0; tries < 20; tries += 1) {
      await page.locator('main form .btn-main').click();
      await page.waitForFunction(() => !/(Reading|Comparing|Beginning)/.test(document.querySelector('h1').innerText), null, { timeout: 60_000 });
      if (/to (create|write)/.test(await page.locator('h1').innerText())) break;
      await page.waitForTimeout(3000);
      await page.goto(`${url}${shop}/sync`);
      await page.getByLabel('Which').selectOption('full');
    }
    await shot('plan');
    await page.goto(`${url}${shop}/reconcile`);
    await page.locator('input[name=period]').fill(process.env.UDSYNC_MONTH || '2026-11');
    await page.locator('main form .btn-main').click();
    await page.waitForURL(/reconcile\/./, { timeout: 120_000 });
    await shot('reconcile');
    await page.goto(`${url}${shop}/mappings/woocommerce-quickbooks.orders`);
    await page.locator('#t-0-memo > summary').click();
    await shot('mapping');
    await page.goto(`${url}${shop}/explain`);
    if (process.env.UDSYNC_WHAT) await page.goto(`${url}${shop}/explain?what=${process.env.UDSYNC_WHAT}`);
    await shot('explain');
    if (!process.env.UDSYNC_SHOTS_ALL) return;
    for (const [width, colorScheme] of WIDE) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      for (const name of ['today', 'sync', 'conflicts', 'history', 'deliveries', 'mappings', 'integrations', 'schedules', 'reconcile', 'payouts', 'explain', 'people', 'settings']) {
        await page.goto(`${url}${shop}/${name}`);
        await shot(`all-${name}-${width}-${colorScheme}`, { fullPage: true });
      }
      const run = await page.goto(`${url}${shop}/today`) && await page.evaluate(() => document.querySelector('#runs a[href*="/history/"]')?.getAttribute('href'));
      if (run) { await page.goto(url + run); await shot(`all-run-${width}-${colorScheme}`, { fullPage: true }); }
    }
    await page.emulateMedia({ media: 'print' });
    await page.goto(`${url}${shop}/reconcile`);
    const proof = await page.evaluate(() => document.querySelector('td a[href*="/reconcile/"], th a[href*="/reconcile/"]')?.getAttribute('href'));
    if (proof) await page.goto(url + proof);
    await page.pdf({ path: `${folder}/all-print-reconcile.pdf`, format: 'A4' });
    await page.goto(`${url}${shop}/waiting`);
    await page.pdf({ path: `${folder}/all-print-waiting.pdf`, format: 'A4' });
  },
  async 'a picture of what waits'(browser) {
    const page = await open(browser, { viewport: { width: 1200, height: 800 } }, new URL(process.env.UDSYNC_WAITING).host);
    await signIn(page, process.env.UDSYNC_WAITING);
    const waiting = page.url().replace(/today$/, 'waiting');
    const at = async (name, address, full) => {
      await page.goto(address);
      await settled(page);
      await page.waitForTimeout(1500);
      await page.screenshot({ path: `${folder}/${name}.png`, fullPage: full });
    };
    await at('waiting', waiting, false);
    if (!process.env.UDSYNC_SHOTS_ALL) return;
    for (const [width, colorScheme] of WIDE) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await at(`all-waiting-${width}-${colorScheme}`, waiting, true);
      await at(`all-today-waits-${width}-${colorScheme}`, page.url().replace(/waiting$/, 'today'), true);
      await at(`all-flow-${width}-${colorScheme}`, page.url().replace(/today$/, 'integrations'), true);
    }
  },
  async 'pictures of payouts and of a conflict'(browser) {
    if (!process.env.UDSYNC_SHOTS_ALL) return;
    const page = await open(browser, {}, new URL(process.env.UDSYNC_PAYOUTS).host);
    await signIn(page, process.env.UDSYNC_PAYOUTS);
    const base = page.url().replace(/today$/, '');
    for (const [width, colorScheme] of WIDE) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      for (const [name, address] of [['list', 'payouts?period=2026-11'], ['proof', 'payouts?period=2026-11&prove=yes'], ['off', 'payouts/po_1?from=2026-11-01'], ['well', 'payouts/po_2?from=2026-11-01'], ['conflict', 'conflicts']]) {
        await page.goto(base + address);
        await settled(page);
        await page.screenshot({ path: `${folder}/all-paid-${name}-${width}-${colorScheme}.png`, fullPage: true });
      }
    }
  },
});
