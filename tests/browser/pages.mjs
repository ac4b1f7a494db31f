// Every page, as each role, at two widths and in both colours.
import { DRESSES, isClean, lookOver, lookOverDressed, must, open, shop, signIn, tabTo, tell, url } from './browser.mjs';

const links = JSON.parse(process.env.UDSYNC_LINKS);
const PAGES = ['today', 'sync', 'waiting', 'history', 'deliveries', 'mappings', 'integrations', 'schedules', 'settings', 'start', 'conflicts', 'reconcile', 'payouts', 'explain'];
const OF_OWNERS = ['audit', 'people'];

async function everyPage(page, role, more) {
  const run = await page.evaluate(() => document.querySelector('#runs a[href*="/history/"]')?.getAttribute('href'));
  must(run, 'today lists a run');
  for (const [width, colorScheme] of DRESSES) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    for (const address of [...more.map((name) => `${shop}/${name}`), run, '/account', '/shops']) {
      const answer = await page.goto(url + address);
      must(answer.status() === 200, `${role}: ${address} answers ${answer.status()}`);
      await lookOver(page, `${role}: ${address} at ${width} px, ${colorScheme}`);
      must(await page.locator('h1').count() === 1, `${address} has one first heading`);
      if (role === 'viewer') {
        const forms = await page.locator('main form[method="post"]:not([action="/password"]):not([action="/sign-out"])').count();
        must(forms === 0, `${address} offers a viewer what would be refused`);
      }
    }
  }
}

await tell({
  async 'the door at both widths and in both colours'(browser) {
    const page = await open(browser);
    page.expected.push('401', '404', '410');
    for (const [width, colorScheme] of DRESSES) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      for (const address of ['/sign-in', '/invite/made-up', new URL(links.owner).pathname]) {
        await page.goto(url + address);
        await lookOver(page, `${address} at ${width} px, ${colorScheme}`);
      }
    }
  },
  async 'an owner sees every page'(browser) {
    const page = await open(browser);
    await signIn(page, links.owner);
    await everyPage(page, 'owner', [...PAGES, ...OF_OWNERS]);
  },
  async 'an operator sees what is theirs'(browser) {
    const page = await open(browser);
    await signIn(page, links.operator);
    for (const name of ['integrations', 'schedules', 'deliveries']) {
      await page.goto(`${url}${shop}/${name}`);
      await lookOver(page, `operator: ${name}`);
    }
    await page.goto(`${url}${shop}/integrations`);
    must(await page.getByRole('button', { name: 'Test the connection' }).count() === 0, 'an operator is offered what only owners may do');
    page.expected.push('403');
    for (const name of OF_OWNERS) {
      const answer = await page.goto(`${url}${shop}/${name}`);
      must(answer.status() === 403, `${name} answers an operator ${answer.status()}`);
      must(await page.getByText('role_too_low').count() === 1, `${name} says why`);
      isClean(page, name);
    }
  },
  async 'a viewer is offered nothing that would be refused'(browser) {
    const page = await open(browser);
    await signIn(page, links.viewer);
    await everyPage(page, 'viewer', PAGES);
    // The server refuses it all the same.
    const status = await page.evaluate(async (path) => {
      const form = document.querySelector('input[name="form"]').value;
      const body = new URLSearchParams({ form, name: 'night', cron: '0 3 * * *', entities: 'orders' });
      return (await fetch(path, { method: 'POST', body, headers: { accept: 'application/json' } })).status;
    }, `${shop}/schedules`);
    must(status === 403, `a viewer who makes the request by hand is answered ${status}`);
  },
  async 'payouts: the list, the proof, one that adds up and one that does not'(browser) {
    if (!process.env.UDSYNC_PAYOUTS) throw new Error('no world with payouts');
    const { links: guests, url: there } = JSON.parse(process.env.UDSYNC_PAYOUTS);
    for (const role of ['operator', 'viewer']) {
      const page = await open(browser, {}, new URL(there).host);
      await signIn(page, guests[role]);
      for (const [address, words] of [
        ['payouts?period=2026-11', 'Prove them'],
        ['payouts?period=2026-11&prove=yes', 'do not add up'],
        ['payouts/po_1?from=2026-11-01', 'Does not hold'],
        ['payouts/po_2?from=2026-11-01', 'add up'],
        ['waiting', 'Payout'],
      ]) {
        const answer = await page.goto(`${there}/shop/test/${address}`);
        must(answer.status() === 200, `${address} answers ${answer.status()}`);
        await page.getByText(words).first().waitFor();
        await lookOverDressed(page, `${role}: ${address}`);
        if (role === 'viewer') must(await page.locator('main button, main form[method="post"]').count() === 0, `${address} offers a viewer what would be refused`);
      }
      if (role === 'viewer') continue;
      // What adds up is entered, by the keyboard and after a look.
      await page.goto(`${there}/shop/test/payouts?period=2026-11`);
      await tabTo(page, 'Enter them in the books');
      await page.keyboard.press('Enter');
      await page.waitForURL(/entity=payouts/);
      await page.locator('#f-since').fill('2026-11-01');
      await tabTo(page, 'Show the plan');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/sync\/./);
      await page.getByRole('heading', { level: 1, name: /to (create|write)|Nothing to write/ }).waitFor();
      await lookOverDressed(page, 'the plan of payouts');
    }
  },
  async 'proof: a month, a number, and a run that is looked at before it is taken back'(browser) {
    const page = await open(browser);
    await signIn(page, links.third);
    const dressed = (what) => lookOverDressed(page, what);
    await page.goto(`${url}${shop}/reconcile`);
    await page.locator('input[name=period]').fill('2026-11');
    await tabTo(page, 'Prove the month');
    await page.keyboard.press('Enter');
    await page.waitForURL(/reconcile\/./);
    must(/November 2026/.test(await page.locator('h1').innerText()), `the month is the heading, not ${await page.locator('h1').innerText()}`);
    await dressed('a proof');
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'PDF to sign' }).click();
    must((await saved).suggestedFilename().endsWith('.pdf'), 'it can be filed');
    await page.goto(`${url}${shop}/reconcile`);
    must(await page.getByRole('link', { name: 'November 2026' }).count() === 1, 'what was proven is listed');
    await page.goto(`${url}${shop}/explain`);
    await page.getByLabel('Order, document, id or amount').fill('WC-1');
    await page.keyboard.press('Enter');
    await page.waitForURL(/what=WC-1/);
    await page.locator('.tree').waitFor();
    await dressed('a tree');
    await page.goto(`${url}${shop}/explain?what=2`);
    await dressed('why it is not posted');
    await page.goto(`${url}${shop}/today`);
    const run = await page.evaluate(() => document.querySelector('#runs a[href*="/history/"]').getAttribute('href'));
    await page.goto(url + run);
    await page.getByRole('link', { name: 'Take this run back' }).click();
    await page.waitForURL(/\/undo$/);
    await dressed('the question before undo');
    await page.getByLabel('Why').fill('to see what it would do');
    await tabTo(page, 'Look at what it would do');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Take .* back$/ }).waitFor();
    await dressed('what undo would do');
    await page.getByRole('button', { name: /^Take .* back$/ }).click();
    await page.getByText('stand undone').waitFor();
    await page.getByRole('heading', { level: 1, name: /taken back/ }).waitFor();
    await dressed('a run that was taken back');
  },
  async 'without script every page is there and every form works'(browser) {
    const page = await open(browser, { javaScriptEnabled: false });
    await page.goto(links.second);
    await page.getByRole('button', { name: 'Go in' }).click();
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByLabel('Outcome').selectOption('failed');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('No run matches').waitFor();
    await page.getByRole('link', { name: 'Schedules' }).click();
    await page.getByLabel('Name').fill('every-hour');
    await page.getByLabel('When').fill('not a line');
    await page.getByRole('button', { name: 'Add the schedule' }).click();
    await page.locator('#s-cron-e').waitFor();
    must(await page.getByLabel('Name').inputValue() === 'every-hour', 'what was typed is still there');
    await page.getByLabel('When').fill('0 * * * *');
    await page.getByRole('button', { name: 'Add the schedule' }).click();
    await page.getByText('The schedule is added').waitFor();
  },
});
