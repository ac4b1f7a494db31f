// A real Chromium, looked over: nothing in its console, nothing asked of anybody else, nothing that axe finds.
//
// What drives it lies outside of this checkout (UDSYNC_BROWSER_MODULES): nothing here is built by Node.
import { createRequire } from 'node:module';
import readline from 'node:readline';

const require = createRequire(`${process.env.UDSYNC_BROWSER_MODULES}/`);
const { chromium } = require('playwright-core');
const { AxeBuilder } = require('@axe-core/playwright');

export const url = process.env.UDSYNC_URL;
export const shop = process.env.UDSYNC_SHOP_PATH;
const WAIT = 60_000;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function launch() {
  return chromium.launch({ executablePath: process.env.UDSYNC_CHROMIUM, args: ['--no-sandbox'] });
}

// A window of somebody, in which everything that should not be is remembered.
export async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(WAIT);
  const page = await context.newPage();
  const wrong = [];
  page.expected = [];
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (page.expected.some((part) => message.text().includes(part))) return;
    wrong.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`script: ${error.message}`));
  const ours = new URL(url).host;
  page.elsewhere = [];
  page.on('request', (request) => {
    const host = new URL(request.url()).host;
    if (host !== ours && !page.elsewhere.includes(host) && !request.url().startsWith('data:')) wrong.push(`asks elsewhere: ${request.url()}`);
  });
  page.wrong = wrong;
  return page;
}

// What is wrong with the page as it is now.
export async function lookOver(page, what) {
  const found = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  for (const violation of found.violations) {
    const places = violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ');
    page.wrong.push(`axe ${violation.id}: ${places}`);
  }
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wider > 0) page.wrong.push(`scrolls sideways by ${wider} px`);
  isClean(page, what);
}

export function isClean(page, what) {
  if (page.wrong.length > 0) throw new Error(`${what}:\n  ${page.wrong.join('\n  ')}`);
}

export function must(is, what) {
  if (!is) throw new Error(what);
}

// By the keyboard alone: goes on with Tab until what has the focus says this.
export async function tabTo(page, says, most = 80) {
  for (let nth = 0; nth < most; nth += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      // Between the last stop of a page and its first nothing has the focus.
      if (element === document.body) return { words: '', ring: '' };
      const label = element.labels?.[0]?.innerText || '';
      return { words: `${label} ${element.innerText || element.value || ''}`.trim(), ring: getComputedStyle(element).outlineStyle };
    });
    if (at.words.includes(says)) {
      must(at.ring !== 'none', `“${says}” has the focus and does not show it`);
      return;
    }
  }
  throw new Error(`no stop of Tab says “${says}”`);
}

export async function signIn(page, link) {
  await page.goto(link);
  await tabTo(page, 'Go in');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/today$/);
}

// Whoever started this does something: `ask('sync')` prints a line and waits for one.
const answers = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
export async function ask(what) {
  process.stdout.write(`ask ${what}\n`);
  const { value } = await answers.next();
  return value;
}

export async function tell(tales) {
  const browser = await launch();
  try {
    for (const [name, tale] of Object.entries(tales)) {
      const started = Date.now();
      try {
        await tale(browser);
      } catch (error) {
        throw new Error(`${name}: ${error.message}`);
      }
      process.stdout.write(`done ${name} in ${Date.now() - started} ms\n`);
    }
  } catch (error) {
    process.stdout.write(`failed ${error.message.replaceAll('\n', '\\n')}\n`);
    process.exitCode = 1;
  }
  await browser.close();
  process.exit();
}
