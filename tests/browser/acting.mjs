// The acting pages in a real browser: sync now, what waits, and the mapping editor, told as tales of people. By keyboard, unless a tale
// says that it drags. Every page that a tale comes to is looked over: no violation of WCAG, nothing on the console, no request elsewhere.
//
// Told in the environment: UDSYNC_TOLD, JSON with `url`, `invitations` by name, `orders` (an address where an order can be put into the
// shop, and one), and perhaps `shots`, a folder for pictures, and `only`, a word of the tale that is wanted.

import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';

const require = createRequire(`${process.env.UDSYNC_BROWSER_MODULES}/`);
const { chromium } = require('playwright-core');
const { AxeBuilder } = require('@axe-core/playwright');

const told = JSON.parse(process.env.UDSYNC_TOLD);
const shots = told.shots;
if (shots) mkdirSync(shots, { recursive: true });
const wrong = [];
// A busy machine is given time; nothing waits longer than it must.
const PATIENCE = 60000;

const browser = await chromium.launch({ executablePath: process.env.UDSYNC_CHROMIUM, args: ['--no-sandbox'] });

const visitor = async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on('console', (message) => {
    // A refusal that a tale provokes is told by the browser too.
    const isRefusal = /status of (409|410|412|422)/.test(message.text()) || page.mayFail && /ERR_FAILED|status of 500|htmx:(sendError|responseError|afterRequest)/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !isRefusal) wrong.push(`console: ${message.text()} at ${page.url()}`);
  });
  page.on('pageerror', (error) => wrong.push(`script: ${error.message} at ${page.url()}`));
  page.on('request', (request) => { if (!request.url().startsWith(told.url) && !/^(data|blob):/.test(request.url())) wrong.push(`elsewhere: ${request.url()}`); });
  return page;
};

const expect = (is, what) => { if (!is) throw new Error(what); };
const heading = (page) => page.locator('h1').first().innerText();
const until = async (page, words) => page.getByText(words, { exact: false }).first().waitFor({ timeout: PATIENCE });

// Looks a page over at the narrowest and the usual width, in both colours.
const lookOver = async (page, name) => {
  for (const width of [360, 1440]) for (const colorScheme of ['light', 'dark']) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    for (const one of violations) wrong.push(`${name} at ${width}, ${colorScheme}: ${one.id}: ${one.help}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join('; ')}`);
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wrong.push(`${name} at ${width} scrolls sideways`);
    if (shots) await page.screenshot({ path: `${shots}/${name}-${width}-${colorScheme}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
};

// Tab, until what is asked for has the focus and shows it.
const tabTo = async (page, selector, most = 400) => {
  for (let stops = 0; stops < most; stops += 1) {
    await page.keyboard.press('Tab');
    const is = await page.evaluate((wanted) => {
      const at = document.activeElement;
      if (!at || !at.matches(wanted)) return null;
      const style = getComputedStyle(at), around = at.closest('label') && getComputedStyle(at.closest('label'));
      return { ring: style.outlineStyle !== 'none' || (around && around.outlineStyle !== 'none') };
    }, selector);
    if (is) { expect(is.ring, `${selector} has the focus and does not show it`); return; }
  }
  throw new Error(`${selector} cannot be reached by the keyboard at ${page.url()}`);
};
const press = async (page, selector, key = 'Enter') => { await tabTo(page, selector); await page.keyboard.press(key); };
const go = async (page, address) => { await page.goto(told.url + address); };
const signIn = async (page, name) => {
  await page.goto(told.invitations[name]);
  await press(page, 'main form button');
  await page.waitForURL(/\/shop\//);
  return new URL(page.url()).pathname.split('/').slice(0, 3).join('/');
};

const tales = {
  async 'an invitation, a plan, a word, the documents'() {
    const page = await visitor();
    const base = await signIn(page, 'dana');
    await press(page, '#side a[href$="/sync"]');
    await page.waitForURL(/\/sync$/);
    await lookOver(page, 'sync-choose');
    await press(page, 'main form .btn-main');
    await until(page, 'nothing is written yet');
    expect(/^\d+ documents? to create/.test(await heading(page)), `the plan is the heading, not ${await heading(page)}`);
    await lookOver(page, 'sync-plan');
    const saved = page.waitForEvent('download');
    await press(page, 'details.reveal > summary');
    await press(page, 'a[href$="plan.csv"]');
    const csv = await (await saved).createReadStream();
    let text = '';
    for await (const piece of csv) text += piece;
    expect(text.startsWith('action,document,number') && text.includes('WC-'), `the plan as a table: ${text.slice(0, 80)}`);
    await press(page, 'a[href="?part=held"]');
    await page.waitForURL(/part=held/);
    await lookOver(page, 'sync-plan-held');
    await press(page, 'form[action$="/write"] .btn-main');
    await until(page, 'See the documents');
    expect(/\d+ created/.test(await heading(page)), `what was done is the heading, not ${await heading(page)}`);
    expect((await page.title()).includes('created'), 'the title says it too');
    await lookOver(page, 'sync-done');
    await press(page, 'a[href*="/history/"].btn-main');
    await page.waitForURL(/\/history\//);
    await go(page, `${base}/sync`);
    await press(page, 'main form .btn-main');
    await until(page, 'Nothing to write');
    await lookOver(page, 'sync-nothing');
  },

  async 'a status and a tax that nobody has explained, and the way out in place'() {
    const page = await visitor();
    const base = await signIn(page, 'emil');
    await go(page, `${base}/waiting`);
    const before = Number((await heading(page)).match(/^\d+/)?.[0]);
    expect(before >= 2, `records wait: ${await heading(page)}`);
    await lookOver(page, 'waiting');
    // Without an answer nothing is done, and the mistake stands at its place.
    await press(page, 'button[formaction$="/answer"]');
    await until(page, 'nothing was changed');
    await lookOver(page, 'waiting-mistake');
    // Behind the code of a tax stands its rate: what is asked next is asked in the same place.
    for (const [code, letter, answers] of [['tax_code_unmapped', 'G', 2], ['status_unmapped', 'a', 1]]) {
      const block = `form.block:has(code:text-is("${code}"))`;
      for (let nth = 1; nth <= answers; nth += 1) {
        await go(page, `${base}/waiting`);
        const select = await page.locator(`${block} select`).getAttribute('id');
        await tabTo(page, `#${select}`);
        await page.keyboard.type(letter);
        expect(await page.locator(`#${select}`).inputValue(), `${code}: something is chosen`);
        await press(page, 'button[formaction$="/answer"]');
        await page.waitForURL(/\/sync\//);
        await until(page, 'See the documents');
      }
      expect(/[1-9]\d* created/.test(await heading(page)), `${code}: it is posted, not ${await heading(page)}`);
      await go(page, `${base}/waiting`);
      expect(!(await page.locator(block).count()), `${code} waits no more`);
    }
  },

  async 'set aside with a reason, and taken back'() {
    const page = await visitor();
    const base = await signIn(page, 'fay');
    await go(page, `${base}/waiting`);
    expect(await page.locator('form.block').count(), 'something waits');
    await press(page, 'form.block details > summary');
    await tabTo(page, 'textarea[name=why]');
    await page.keyboard.type('a test order');
    await press(page, 'button[formaction$="/skip"]');
    await until(page, 'set aside');
    await lookOver(page, 'waiting-aside');
    expect((await page.locator('main').innerText()).includes('a test order'), 'with its reason');
    await press(page, 'form[action$="/restore"] button');
    await until(page, 'no longer set aside');
  },

  async 'a double click is one run, and a plan that changed writes nothing'() {
    const page = await visitor();
    const base = await signIn(page, 'gil');
    const put = async () => { await fetch(told.orders.url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(told.orders.body) }); };
    const runs = async () => (await page.evaluate(async (name) => (await fetch(`/api/sync/history?limit=200&shop=${name}`)).json(), base.split('/')[2])).items.length;
    await put();
    await go(page, `${base}/sync`);
    await page.click('main form .btn-main');
    await until(page, 'nothing is written yet');
    const before = await runs();
    told.orders.body.order.customer_note = 'changed meanwhile';
    told.orders.body.order.line_items[0].quantity = 1;
    told.orders.body.order.number = '90001-B';
    await put();
    await page.click('form[action$="/write"] .btn-main');
    await until(page, 'The plan has changed');
    await lookOver(page, 'sync-changed');
    expect(await runs() === before + 1, 'the refused run stands in the history');
    await page.click('text=See the new plan');
    await until(page, 'nothing is written yet');
    await page.dblclick('form[action$="/write"] .btn-main');
    await until(page, 'See the documents');
    expect(await runs() === before + 2, `one more run, not ${await runs() - before - 1}`);
  },

  async 'the editor says what was not done, and a draft outlives a reload'() {
    const page = await visitor();
    const base = await signIn(page, 'mona');
    await go(page, `${base}/mappings/woocommerce-quickbooks.orders`);
    await page.click('#t-0-memo > summary');
    await page.selectOption('#t-0-memo-kind', 'text');
    await page.waitForSelector('textarea#t-0-memo-text');
    await page.fill('#t-0-memo-text', 'Memo of {{ number }}');
    await until(page, 'Memo of');
    page.mayFail = true;
    let answer = (route) => route.abort();
    await page.route('**/mappings/*', (route) => route.request().method() === 'POST' ? answer(route) : route.continue());
    const isTold = async (words) => {
      await page.locator('#trouble').waitFor();
      await page.waitForFunction((wanted) => document.querySelector('#trouble p').textContent.includes(wanted), words);
      expect(await page.inputValue('#t-0-memo-text') === 'Memo of {{ number }}', 'the draft is still there');
    };
    await page.click('#save');
    await isTold('cannot be reached');
    await lookOver(page, 'mapping-trouble');
    answer = (route) => route.fulfill({ status: 500, contentType: 'text/html', body: '<main id="main"><div class="said said-bad"><p>Something went wrong here.</p></div></main>' });
    await page.click('#save');
    await isTold('Something went wrong here');
    // A refusal that is another page takes nothing away.
    answer = (route) => route.fulfill({ status: 409, contentType: 'text/html', body: '<main id="main"><div class="said said-bad"><p>Another run is at work.</p></div></main>' });
    await page.click('#save');
    await isTold('Another run is at work');
    await page.unroute('**/mappings/*');
    page.mayFail = false;
    await page.reload();
    await page.locator('#draft').waitFor();
    await lookOver(page, 'mapping-draft');
    await page.click('button[data-draft="back"]');
    await page.waitForFunction(() => document.querySelector('#t-0-memo-text')?.value === 'Memo of {{ number }}');
    await page.click('#save');
    await page.locator('.said-good[data-saved]').waitFor();
    await page.reload();
    expect(!(await page.locator('#draft').isVisible()), 'what is saved is no draft any more');
  },

  async 'a mapping by keyboard'() {
    const page = await visitor();
    const base = await signIn(page, 'hana');
    await go(page, `${base}/mappings`);
    await lookOver(page, 'mappings');
    await press(page, 'a[href$="woocommerce-quickbooks.orders"]');
    await page.waitForSelector('#editor');
    await lookOver(page, 'mapping');
    // The list on the left by the arrows, then Connect at the field.
    await tabTo(page, 'input[name=source]');
    await page.keyboard.press('Space');
    for (let steps = 0; steps < 200; steps += 1) {
      if (await page.evaluate(() => document.activeElement.value) === 'payment_method_title') break;
      await page.keyboard.press('ArrowDown');
    }
    expect(await page.evaluate(() => document.activeElement.value) === 'payment_method_title', 'the arrows lead through the list');
    await press(page, '#t-0-memo > summary');
    await press(page, 'button[value="connect:r0.memo"]');
    await page.waitForFunction(() => document.querySelector('#t-0-memo-source')?.value === 'payment_method_title');
    expect(await page.evaluate(() => document.activeElement.value) === 'connect:r0.memo', 'the focus stays where it was');
    await tabTo(page, '#t-0-memo-add');
    await page.keyboard.type('upper');
    await until(page, 'capital');
    await press(page, 'button[value="add:r0.memo"]');
    await page.waitForFunction(() => document.querySelectorAll('#t-0-memo .chain li').length === 1);
    await page.waitForFunction(() => /[A-Z]{3}/.test(document.querySelector('#preview ins')?.textContent || ''));
    await lookOver(page, 'mapping-connected');
    // A mistake stands at its place, and nothing is saved.
    await tabTo(page, '#t-0-memo-when');
    await page.keyboard.type('nubmer == "1"');
    await until(page, 'nothing comes out yet');
    await press(page, '#save');
    await until(page, 'Not saved');
    expect(await page.locator('#t-0-memo .mistake').count(), 'the mistake stands at its field');
    await lookOver(page, 'mapping-mistake');
    await tabTo(page, '#t-0-memo-when');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await press(page, '#diff-b');
    await until(page, 'would say something else');
    await lookOver(page, 'mapping-diff');
    await press(page, '#save');
    await page.waitForSelector('#told .said-good');
    await lookOver(page, 'mapping-saved');
  },

  async 'a mapping by dragging'() {
    const page = await visitor();
    const base = await signIn(page, 'ivo');
    await go(page, `${base}/mappings/woocommerce-quickbooks.orders`);
    const from = page.locator('label[data-path="customer_note"]'), to = page.locator('#t-0-location > summary');
    await from.scrollIntoViewIfNeeded();
    const middle = async (place) => { const box = await place.boundingBox(); return [box.x + box.width / 2, box.y + box.height / 2]; };
    const [x, y] = await middle(from), [toX, toY] = await middle(to);
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 1; step <= 10; step += 1) await page.mouse.move(x + (toX - x) * step / 10, y + (toY - y) * step / 10);
    expect(await page.locator('.target.drop').count() === 1, 'where it would fall is shown');
    await page.mouse.up();
    await page.waitForFunction(() => document.querySelector('#t-0-location-source')?.value === 'customer_note');
    expect(await page.locator('#wire').getAttribute('d'), 'a wire leads there');
    await page.click('#save');
    await page.waitForSelector('#told .said-good');
  },

  async 'two people, one mapping'() {
    const [one, other] = [await visitor(), await visitor()];
    const base = await signIn(one, 'jon');
    await signIn(other, 'kim');
    const address = `${base}/mappings/woocommerce-quickbooks.orders`;
    await go(one, address);
    await go(other, address);
    const connect = async (page, path, name) => {
      await page.check(`label[data-path="${path}"] input`);
      await page.click(`#${name} > summary`);
      await page.click(`#${name} button[value^="connect:"]`);
      await page.waitForFunction(([at, wanted]) => document.querySelector(`#${at}-source`)?.value === wanted, [name, path]);
    };
    await connect(one, 'status', 't-0-class');
    await one.click('#save');
    await one.waitForSelector('#told .said-good');
    await connect(other, 'transaction_id', 't-0-note');
    await other.click('#save');
    await until(other, 'Somebody saved this mapping after you opened it');
    const said = await other.locator('#told').innerText();
    expect(said.includes('class') && said.includes('note') && said.includes('do not touch the same field'), said);
    await lookOver(other, 'mapping-stale');
    await other.click('button[value=merge]');
    await until(other, 'Yours is on top of theirs now');
    await other.click('#save');
    await other.waitForSelector('#told .said-good');
    await go(one, address);
    const now = await one.evaluate(() => ['class', 'note'].map((name) => document.querySelector(`#t-0-${name}-source`)?.value));
    expect(now[0] === 'status' && now[1] === 'transaction_id', `both are kept: ${now}`);
  },

  async 'a viewer looks, and sees no button'() {
    const page = await visitor();
    const base = await signIn(page, 'vera');
    for (const place of ['sync', 'waiting', 'mappings', 'mappings/woocommerce-quickbooks.orders']) {
      await go(page, `${base}/${place}`);
      const buttons = await page.locator('main button').count();
      expect(buttons === 0, `${place} has ${buttons} buttons`);
      await lookOver(page, `viewer-${place.replace(/\W/g, '-')}`);
    }
  },

  async 'without script'() {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(told.invitations.lena);
    await page.click('main form button');
    const base = new URL(page.url()).pathname.split('/').slice(0, 3).join('/');
    await go(page, `${base}/sync`);
    await page.click('main form .btn-main');
    await page.waitForURL(/\/sync\/./);
    await page.waitForLoadState();
    const until = Date.now() + PATIENCE;
    // "Look again" is a link to the very address; loading it is what a browser does.
    while (!/to create|Nothing to write|write/.test(await heading(page))) {
      expect(Date.now() < until, `the dry run ends: ${await heading(page)}`);
      await page.waitForTimeout(250);
      await page.reload();
    }
    await go(page, `${base}/mappings/woocommerce-quickbooks.orders`);
    await page.check('label[data-path="status"] input');
    await page.click('#t-0-location > summary');
    await page.click('#t-0-location button[value^="connect:"]');
    expect(await page.locator('#t-0-location-source').inputValue() === 'status', 'connected by a form alone');
    await context.close();
  },
};

for (const [name, tale] of Object.entries(tales)) {
  if (told.only && !name.includes(told.only)) continue;
  const started = Date.now();
  try {
    await tale();
    console.log(`done ${name} in ${Date.now() - started} ms`);
  } catch (error) {
    const last = browser.contexts().flatMap((context) => context.pages()).at(-1);
    if (shots && last) await last.screenshot({ path: `${shots}/failed-${name.replace(/\W+/g, '-')}.png` }).catch(() => {});
    const seen = last ? (await last.locator('main').innerText().catch(() => '')).slice(0, 500) : '';
    wrong.push(`${name}: ${error.message.slice(0, 500)}; at ${last?.url()}: ${seen}`);
    console.log(`not ${name}: ${error.message.split('\n')[0]}`);
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
if (wrong.length) console.log(`failed ${[...new Set(wrong)].join('\n').replaceAll('\n', '\\n')}`);
process.exit(wrong.length ? 1 : 0);
