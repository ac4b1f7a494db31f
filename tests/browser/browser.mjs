// A real Chromium, looked over: nothing in its console, nothing asked of anybody else, nothing that axe finds.
//
// What drives it lies outside of this checkout (UDSYNC_BROWSER_MODULES): nothing here is built by Node.
//
// Every wait waits for something that can be seen, and for long: a busy machine is slow, and nothing waits longer than it must.
import { createRequire } from 'node:module';
import readline from 'node:readline';

const require = createRequire(`${process.env.UDSYNC_BROWSER_MODULES}/`);
const { chromium } = require('playwright-core');
const { AxeBuilder } = require('@axe-core/playwright');

export const url = process.env.UDSYNC_URL;
export const shop = process.env.UDSYNC_SHOP_PATH;
export const WAIT = 180_000;
export const DRESSES = [[1440, 'light'], [1440, 'dark'], [360, 'light'], [360, 'dark']];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
// What is told of a page that failed: so many of the last things that happened in it, and so much of its text.
const TRAIL = 25;
const SHOWN = 1500;

export async function launch() {
  return chromium.launch({ executablePath: process.env.UDSYNC_CHROMIUM, args: ['--no-sandbox'], timeout: WAIT });
}

// A window of somebody, in which everything that should not be is remembered.
export async function open(browser, options = {}, ours = new URL(url).host) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(WAIT);
  return watched(await context.newPage(), ours);
}

// The same for another tab in that window.
export function watched(page, ours = new URL(url).host) {
  const began = Date.now();
  page.wrong = [];
  page.expected = [];
  page.elsewhere = [];
  page.trail = [];
  const note = (what) => {
    page.trail.push(`${((Date.now() - began) / 1000).toFixed(2)} s ${what}`);
    page.trail.splice(0, page.trail.length - TRAIL);
  };
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    note(`console: ${message.text()}`);
    if (page.expected.some((part) => message.text().includes(part))) return;
    page.wrong.push(`console: ${message.text()} at ${page.url()}`);
  });
  page.on('pageerror', (error) => page.wrong.push(`script: ${error.message} at ${page.url()}`));
  page.on('request', (request) => {
    const host = new URL(request.url()).host;
    if (host !== ours && !page.elsewhere.includes(host) && !/^(data|blob):/.test(request.url())) page.wrong.push(`asks elsewhere: ${request.url()}`);
  });
  page.on('response', (response) => note(`${response.status()} ${response.request().method()} ${response.url()}`));
  page.on('requestfailed', (request) => note(`${request.failure()?.errorText} ${request.method()} ${request.url()}`));
  page.on('framenavigated', (frame) => note(`is at ${frame.url()}`));
  return page;
}

// Does something that the server refuses. Chromium says so on the console, sooner or later than the page does: that is waited for, and no fault.
export async function refused(page, status, act) {
  const words = `status of ${status}`;
  page.expected.push(words);
  const said = page.waitForEvent('console', { predicate: (message) => message.text().includes(words), timeout: WAIT });
  const [done] = await Promise.all([act(), said]);
  page.expected.splice(page.expected.indexOf(words), 1);
  return done;
}

// Waits until the page is all there and no part of it is being replaced: whoever goes on by Tab before loses their way.
export async function settled(page) {
  await page.waitForLoadState('load');
  await page.waitForFunction(() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling'));
}

// Goes to a page whose parts ask for themselves anew, and waits until it hears of what happens.
export async function listenAt(page, address) {
  const heard = page.waitForResponse((response) => response.url().includes('/api/events') && response.ok());
  await page.goto(address);
  await heard;
}

// What is wrong with the page as it is now.
export async function lookOver(page, what) {
  await settled(page);
  const found = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  for (const violation of found.violations) {
    const places = violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ');
    page.wrong.push(`axe ${violation.id}: ${places}`);
  }
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wider > 0) page.wrong.push(`scrolls sideways by ${wider} px`);
  isClean(page, what);
}

// The same in each width and colour.
export async function lookOverDressed(page, what, more = async () => {}) {
  for (const [width, colorScheme] of DRESSES) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await lookOver(page, `${what} at ${width} px, ${colorScheme}`);
    await more(width, colorScheme);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

export function isClean(page, what) {
  if (page.wrong.length > 0) throw new Error(`${what}:\n  ${page.wrong.join('\n  ')}`);
}

export function must(is, what) {
  if (!is) throw new Error(what);
}

// By the keyboard alone: goes on with Tab until what has the focus is what is meant, and shows it.
async function tabUntil(page, what, isMeant, meant, most) {
  await settled(page);
  for (let nth = 0; nth < most; nth += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(isMeant, meant);
    if (at) {
      must(at.ring, `${what} has the focus and does not show it`);
      return;
    }
  }
  throw new Error(`no stop of Tab is ${what}`);
}

// To what says this.
export async function tabTo(page, says, most = 200) {
  await tabUntil(page, `“${says}”`, (words) => {
    const element = document.activeElement;
    // Between the last stop of a page and its first nothing has the focus.
    if (!element || element === document.body) return null;
    const label = element.labels?.[0]?.innerText || '';
    if (!`${label} ${element.innerText || element.value || ''}`.includes(words)) return null;
    return { ring: getComputedStyle(element).outlineStyle !== 'none' };
  }, says, most);
}

// To what a selector means. A box may show the focus at its label.
export async function tabToThe(page, selector, most = 400) {
  await tabUntil(page, selector, (wanted) => {
    const element = document.activeElement;
    if (!element || !element.matches(wanted)) return null;
    const around = [element, element.closest('label')].filter(Boolean);
    return { ring: around.some((one) => getComputedStyle(one).outlineStyle !== 'none') };
  }, selector, most);
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

// Where everybody was when something failed: the address, the focus, what happened before, and how the page began.
async function scene(browser) {
  const scenes = [];
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const seen = page.evaluate((most) => {
      const at = document.activeElement;
      return {
        focus: at ? at.outerHTML.slice(0, 300) : 'nowhere',
        title: document.title,
        head: document.head.innerHTML.slice(0, most),
        main: (document.querySelector('main') || document.body).innerText.slice(0, most),
      };
    }, SHOWN).catch((error) => ({ focus: `not known: ${error.message.split('\n')[0]}` }));
    const late = new Promise((done) => { setTimeout(done, 10_000, { focus: 'not known: the page does not answer' }); });
    const { focus, title, head, main } = await Promise.race([seen, late]);
    scenes.push([`at ${page.url()}: ${title}`, `focus: ${focus}`, 'before:', ...(page.trail || []), 'text:', main, 'head:', head].join('\n  '));
  }
  return scenes.join('\n');
}

export async function tell(tales) {
  const browser = await launch();
  for (const [name, tale] of Object.entries(tales)) {
    if (process.env.UDSYNC_TALE && !name.includes(process.env.UDSYNC_TALE)) continue;
    const started = Date.now();
    try {
      await tale(browser);
    } catch (error) {
      const where = (error.stack || '').split('\n').filter((line) => line.includes('tests/browser/')).join('\n');
      const told = `${name}: ${error.message}\n${where}\n${await scene(browser)}`;
      process.stdout.write(`failed ${told.replaceAll('\n', '\\n')}\n`);
      process.exitCode = 1;
      break;
    }
    process.stdout.write(`done ${name} in ${Date.now() - started} ms\n`);
  }
  await browser.close();
  process.exit();
}
