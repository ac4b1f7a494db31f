// The acting pages in a real browser: sync now, what waits, and the mapping editor, told as tales of people. By keyboard, unless a tale
// says that it drags. Every page that a tale comes to is looked over: no violation of WCAG, nothing on the console, no request elsewhere.
//
// Told in the environment like the other scripts, and beside: UDSYNC_ORDERS, JSON with an address where an order can be put into the shop,
// and one, and perhaps UDSYNC_SHOTS, a folder for pictures, and UDSYNC_TALE, a word of the tale that is wanted.
import { mkdirSync } from 'node:fs';
import { ask, isClean, lookOverDressed, must, open, settled, tabToThe, tell, url, WAIT } from './browser.mjs';

const links = JSON.parse(process.env.UDSYNC_LINKS);
const orders = JSON.parse(process.env.UDSYNC_ORDERS);
const shots = process.env.UDSYNC_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

const visitor = async (browser) => {
  const page = await open(browser, { acceptDownloads: true });
  // A refusal that a tale provokes is told by the browser too.
  page.expected.push(...[409, 410, 412, 422].map((status) => `status of ${status}`));
  return page;
};
const heading = (page) => page.locator('h1').first().innerText();
const headed = async (page, words) => page.locator('h1').first().filter({ hasText: words }).waitFor();
const until = async (page, words) => page.getByText(words, { exact: false }).first().waitFor();
const holds = async (page, selector, value) => page.waitForFunction(([wanted, is]) => document.querySelector(wanted)?.value === is, [selector, value]);
const lookOver = (page, name) => lookOverDressed(page, name, async (width, colorScheme) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}-${width}-${colorScheme}.png`, fullPage: true });
});
const press = async (page, selector, key = 'Enter') => { await tabToThe(page, selector); await page.keyboard.press(key); };
// In a list that has the focus. Letters would have to come fast to be one word.
const choose = async (page, value) => {
  for (let steps = 0; steps < 200; steps += 1) {
    if (await page.evaluate(() => document.activeElement.value) === value) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`the arrows do not lead to ${value}`);
};
const go = async (page, address) => { await page.goto(url + address); };
const baseOf = (page) => new URL(page.url()).pathname.split('/').slice(0, 3).join('/');
const signIn = async (page, name) => {
  await page.goto(links[name]);
  await press(page, 'main form button');
  await page.waitForURL(/\/shop\//);
  return baseOf(page);
};

const tales = {
  async 'an invitation, a plan, a word, the documents'(browser) {
    const page = await visitor(browser);
    const base = await signIn(page, 'dana');
    await press(page, '#side a[href$="/sync"]');
    await page.waitForURL(/\/sync$/);
    await lookOver(page, 'sync-choose');
    await press(page, 'main form .btn-main');
    await until(page, 'nothing is written yet');
    await headed(page, /^\d+ documents? to create/);
    await lookOver(page, 'sync-plan');
    const saved = page.waitForEvent('download');
    await press(page, 'details.reveal > summary');
    await press(page, 'a[href$="plan.csv"]');
    const csv = await (await saved).createReadStream();
    let text = '';
    for await (const piece of csv) text += piece;
    must(text.startsWith('action,document,number') && text.includes('WC-'), `the plan as a table: ${text.slice(0, 80)}`);
    await press(page, 'a[href="?part=held"]');
    await page.waitForURL(/part=held/);
    await lookOver(page, 'sync-plan-held');
    await press(page, 'form[action$="/write"] .btn-main');
    await until(page, 'See the documents');
    await headed(page, /\d+ created/);
    must((await page.title()).includes('created'), 'the title says it too');
    await lookOver(page, 'sync-done');
    await press(page, 'a[href*="/history/"].btn-main');
    await page.waitForURL(/\/history\//);
    await go(page, `${base}/sync`);
    await press(page, 'main form .btn-main');
    await until(page, 'Nothing to write');
    await lookOver(page, 'sync-nothing');
  },

  async 'a status and a tax that nobody has explained, and the way out in place'(browser) {
    const page = await visitor(browser);
    const base = await signIn(page, 'emil');
    await go(page, `${base}/waiting`);
    const before = Number((await heading(page)).match(/^\d+/)?.[0]);
    must(before >= 2, `records wait: ${await heading(page)}`);
    await lookOver(page, 'waiting');
    // On paper stands what waits, and nothing to press.
    await page.emulateMedia({ media: 'print' });
    must(await page.locator('form.block h2').first().isVisible() && await page.locator('form.block tbody tr').first().isVisible(), 'what waits is printed');
    must(!(await page.locator('form.block').first().locator('button, select').first().isVisible()), 'and nothing to press');
    await page.emulateMedia({ media: null });
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
        await tabToThe(page, `#${select}`);
        await page.keyboard.type(letter);
        await page.waitForFunction((id) => document.getElementById(id).value, select);
        await press(page, 'button[formaction$="/answer"]');
        await page.waitForURL(/\/sync\//);
        await until(page, 'See the documents');
      }
      await headed(page, /[1-9]\d* created/);
      await go(page, `${base}/waiting`);
      must(!(await page.locator(block).count()), `${code} waits no more`);
    }
  },

  async 'a tax table that broke: the hold, the way out, and the documents'(browser) {
    const page = await visitor(browser);
    const base = await signIn(page, 'nia');
    // Somebody takes a line out of the table of taxes, and an order comes that needs it.
    must(await ask('break') === 'ok', 'the table is broken');
    await press(page, '#side a[href$="/sync"]');
    await page.waitForURL(/\/sync$/);
    await press(page, 'main form .btn-main');
    await headed(page, 'Nothing to write');
    await until(page, '90002');
    await lookOver(page, 'sync-held');
    // A look has kept nothing; on a word it waits.
    await press(page, 'form[action$="/write"] .btn-main');
    await headed(page, /\d+ held/);
    await press(page, 'main a[href$="/waiting"]');
    await page.waitForURL(/\/waiting$/);
    const block = 'form.block:has(code:text-is("tax_code_unmapped"))';
    must(await page.locator(block).count(), 'the order waits for its tax, and all that were posted by the line are looked at again');
    const select = await page.locator(`${block} select`).getAttribute('id');
    await tabToThe(page, `#${select}`);
    await page.keyboard.type('GST');
    await page.waitForFunction((id) => document.getElementById(id).value === 'GST', select);
    await press(page, 'button[formaction$="/answer"]');
    await page.waitForURL(/\/sync\//);
    await headed(page, '1 created');
    await press(page, 'a[href*="/history/"].btn-main');
    await page.waitForURL(/\/history\//);
    must((await page.locator('#changes').innerText()).includes('WC-90002'), 'the document is there');
    await lookOver(page, 'run-mended');
    await go(page, `${base}/waiting`);
    must(!(await page.locator(block).count()), 'it waits no more');
  },

  async 'set aside with a reason, and taken back'(browser) {
    const page = await visitor(browser);
    const base = await signIn(page, 'fay');
    await go(page, `${base}/waiting`);
    must(await page.locator('form.block').count(), 'something waits');
    await press(page, 'form.block details > summary');
    await tabToThe(page, 'textarea[name=why]');
    await page.keyboard.type('a test order');
    await press(page, 'button[formaction$="/skip"]');
    await until(page, 'set aside');
    await lookOver(page, 'waiting-aside');
    must((await page.locator('main').innerText()).includes('a test order'), 'with its reason');
    await press(page, 'form[action$="/restore"] button');
    await until(page, 'no longer set aside');
  },

  async 'a double click is one run, and a plan that changed writes nothing'(browser) {
    const page = await visitor(browser);
    const base = await signIn(page, 'gil');
    const put = async () => { await fetch(orders.url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(orders.body) }); };
    const runs = async () => (await page.evaluate(async (name) => (await fetch(`/api/sync/history?limit=200&shop=${name}`)).json(), base.split('/')[2])).items.length;
    await put();
    await go(page, `${base}/sync`);
    await page.click('main form .btn-main');
    await until(page, 'nothing is written yet');
    const before = await runs();
    orders.body.order.customer_note = 'changed meanwhile';
    orders.body.order.line_items[0].quantity = 1;
    orders.body.order.number = '90001-B';
    await put();
    await page.click('form[action$="/write"] .btn-main');
    await until(page, 'The plan has changed');
    await lookOver(page, 'sync-changed');
    must(await runs() === before + 1, 'the refused run stands in the history');
    await page.click('text=See the new plan');
    await until(page, 'nothing is written yet');
    await page.dblclick('form[action$="/write"] .btn-main');
    await until(page, 'See the documents');
    must(await runs() === before + 2, `one more run, not ${await runs() - before - 1}`);
  },

  async 'the editor says what was not done, and a draft outlives a reload'(browser) {
    const page = await visitor(browser);
    const base = await signIn(page, 'mona');
    await go(page, `${base}/mappings/woocommerce-quickbooks.orders`);
    await page.click('#t-0-memo > summary');
    await page.selectOption('#t-0-memo-kind', 'text');
    await page.waitForSelector('textarea#t-0-memo-text');
    await page.fill('#t-0-memo-text', 'Memo of {{ number }}');
    await until(page, 'Memo of');
    page.expected.push('net::ERR_FAILED', 'status of 500', 'status of 403', 'htmx:sendError', 'htmx:responseError', 'htmx:afterRequest');
    let answer = (route) => route.abort();
    await page.route('**/mappings/*', (route) => route.request().method() === 'POST' ? answer(route) : route.continue());
    const isTold = async (words) => {
      await page.locator('#trouble').waitFor();
      await page.waitForFunction((wanted) => document.querySelector('#trouble p').textContent.includes(wanted), words);
      must(await page.inputValue('#t-0-memo-text') === 'Memo of {{ number }}', 'the draft is still there');
    };
    await page.click('#save');
    await isTold('cannot be reached');
    await lookOver(page, 'mapping-trouble');
    answer = (route) => route.fulfill({ status: 500, contentType: 'text/html', body: '<main id="main"><div class="said said-bad"><p>Something went wrong here.</p></div></main>' });
    await page.click('#save');
    await isTold('Something went wrong here');
    // So does one whose rights were taken meanwhile, and one that is signed out: nothing is lost of what they typed.
    answer = (route) => route.fulfill({ status: 403, contentType: 'text/html', body: '<main id="main"><div class="said said-bad"><p>Your role looks and does not change.</p></div></main>' });
    await page.click('#save');
    await isTold('Your role looks and does not change');
    // A refusal that is another page takes nothing away.
    answer = (route) => route.fulfill({ status: 409, contentType: 'text/html', body: '<main id="main"><div class="said said-bad"><p>Another run is at work.</p></div></main>' });
    await page.click('#save');
    await isTold('Another run is at work');
    await page.unroute('**/mappings/*');
    await page.reload();
    await page.locator('#draft').waitFor();
    await lookOver(page, 'mapping-draft');
    await page.click('button[data-draft="back"]');
    await holds(page, '#t-0-memo-text', 'Memo of {{ number }}');
    await page.click('#save');
    await page.locator('.said-good[data-saved]').waitFor();
    await page.reload();
    must(!(await page.locator('#draft').isVisible()), 'what is saved is no draft any more');
  },

  async 'a mapping by keyboard'(browser) {
    const page = await visitor(browser);
    const base = await signIn(page, 'hana');
    await go(page, `${base}/mappings`);
    await lookOver(page, 'mappings');
    await press(page, 'a[href$="woocommerce-quickbooks.orders"]');
    await page.waitForSelector('#editor');
    await lookOver(page, 'mapping');
    // The list on the left by the arrows, then Connect at the field.
    await tabToThe(page, 'input[name=source]');
    await page.keyboard.press('Space');
    await choose(page, 'payment_method_title');
    await press(page, '#t-0-memo > summary');
    await press(page, 'button[value="connect:r0.memo"]');
    await holds(page, '#t-0-memo-source', 'payment_method_title');
    await settled(page);
    must(await page.evaluate(() => document.activeElement.value) === 'connect:r0.memo', 'the focus stays where it was');
    await tabToThe(page, '#t-0-memo-add');
    await choose(page, 'upper');
    await until(page, 'capital');
    await press(page, 'button[value="add:r0.memo"]');
    await page.waitForFunction(() => document.querySelectorAll('#t-0-memo .chain li').length === 1);
    await page.waitForFunction(() => /[A-Z]{3}/.test(document.querySelector('#preview ins')?.textContent || ''));
    await lookOver(page, 'mapping-connected');
    // A mistake stands at its place, and nothing is saved.
    await tabToThe(page, '#t-0-memo-when');
    await page.keyboard.type('nubmer == "1"');
    await until(page, 'nothing comes out yet');
    await press(page, '#save');
    await until(page, 'Not saved');
    must(await page.locator('#t-0-memo .mistake').count(), 'the mistake stands at its field');
    await lookOver(page, 'mapping-mistake');
    await tabToThe(page, '#t-0-memo-when');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await press(page, '#diff-b');
    await until(page, 'would say something else');
    await lookOver(page, 'mapping-diff');
    await press(page, '#save');
    await page.waitForSelector('#told .said-good');
    await lookOver(page, 'mapping-saved');
  },

  async 'a mapping by dragging'(browser) {
    const page = await visitor(browser);
    const base = await signIn(page, 'ivo');
    await go(page, `${base}/mappings/woocommerce-quickbooks.orders`);
    const from = page.locator('label[data-path="customer_note"]'), to = page.locator('#t-0-location > summary');
    await from.scrollIntoViewIfNeeded();
    const middle = async (place) => { const box = await place.boundingBox(); return [box.x + box.width / 2, box.y + box.height / 2]; };
    const [x, y] = await middle(from), [toX, toY] = await middle(to);
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 1; step <= 10; step += 1) await page.mouse.move(x + (toX - x) * step / 10, y + (toY - y) * step / 10);
    await page.locator('.target.drop').waitFor();
    await page.mouse.up();
    await holds(page, '#t-0-location-source', 'customer_note');
    // A wire leads there.
    await page.waitForFunction(() => document.querySelector('#wire').getAttribute('d'));
    await page.click('#save');
    await page.waitForSelector('#told .said-good');
  },

  async 'two people, one mapping'(browser) {
    const [one, other] = [await visitor(browser), await visitor(browser)];
    const base = await signIn(one, 'jon');
    await signIn(other, 'kim');
    const address = `${base}/mappings/woocommerce-quickbooks.orders`;
    await go(one, address);
    await go(other, address);
    const connect = async (page, path, name) => {
      await page.check(`label[data-path="${path}"] input`);
      await page.click(`#${name} > summary`);
      await page.click(`#${name} button[value^="connect:"]`);
      await holds(page, `#${name}-source`, path);
    };
    await connect(one, 'status', 't-0-class');
    await one.click('#save');
    await one.waitForSelector('#told .said-good');
    await connect(other, 'transaction_id', 't-0-note');
    await other.click('#save');
    await until(other, 'Somebody saved this mapping after you opened it');
    const said = await other.locator('#told').innerText();
    must(said.includes('class') && said.includes('note') && said.includes('do not touch the same field'), said);
    await lookOver(other, 'mapping-stale');
    await other.click('button[value=merge]');
    await until(other, 'Yours is on top of theirs now');
    await other.click('#save');
    await other.waitForSelector('#told .said-good');
    await go(one, address);
    const now = await one.evaluate(() => ['class', 'note'].map((name) => document.querySelector(`#t-0-${name}-source`)?.value));
    must(now[0] === 'status' && now[1] === 'transaction_id', `both are kept: ${now}`);
  },

  async 'a viewer looks, and sees no button'(browser) {
    const page = await visitor(browser);
    const base = await signIn(page, 'vera');
    for (const place of ['sync', 'waiting', 'mappings', 'mappings/woocommerce-quickbooks.orders']) {
      await go(page, `${base}/${place}`);
      const buttons = await page.locator('main button, main form[method="post"]').count();
      must(buttons === 0, `${place} has ${buttons} buttons or forms`);
      await lookOver(page, `viewer-${place.replace(/\W/g, '-')}`);
    }
  },

  async 'without script'(browser) {
    const page = await open(browser, { javaScriptEnabled: false });
    await page.goto(links.lena);
    await page.click('main form button');
    await page.waitForURL(/\/shop\//);
    const base = baseOf(page);
    await go(page, `${base}/sync`);
    await page.click('main form .btn-main');
    await page.waitForURL(/\/sync\/./);
    // "Look again" is a link to the very address; loading it is what a browser does.
    const late = Date.now() + WAIT;
    while (!/to create|Nothing to write|write/.test(await heading(page))) {
      must(Date.now() < late, `the dry run ends: ${await heading(page)}`);
      await page.waitForTimeout(250);
      await page.reload();
    }
    await go(page, `${base}/mappings/woocommerce-quickbooks.orders`);
    await page.check('label[data-path="status"] input');
    await page.click('#t-0-location > summary');
    await page.click('#t-0-location button[value^="connect:"]');
    await page.locator('#t-0-location-source').waitFor();
    must(await page.locator('#t-0-location-source').inputValue() === 'status', 'connected by a form alone');
  },
};

// Each tale begins with nobody in, and leaves every page clean.
const whole = (tale) => async (browser) => {
  await tale(browser);
  for (const context of browser.contexts()) {
    for (const page of context.pages()) if (page.wrong) isClean(page, 'at the end');
    await context.close();
  }
};
await tell(Object.fromEntries(Object.entries(tales).map(([name, tale]) => [name, whole(tale)])));
