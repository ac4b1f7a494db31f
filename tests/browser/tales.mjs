// Tales, by the keyboard alone: what somebody does from one end to the other.
import { ask, isClean, listenAt, lookOver, must, open, refused, shop, tabTo, tell, url, watched } from './browser.mjs';

const links = JSON.parse(process.env.UDSYNC_LINKS);
let page;

await tell({
  async 'sign in by invitation, and see today'(browser) {
    page = await open(browser, { acceptDownloads: true });
    await page.goto(links.owner);
    await tabTo(page, 'Choose a password');
    await page.keyboard.type('short');
    await tabTo(page, 'Go in');
    await refused(page, 422, async () => {
      await page.keyboard.press('Enter');
      await page.locator('#password-e').waitFor();
    });
    await tabTo(page, 'Choose a password');
    await page.keyboard.type('correct horse battery staple');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/today$/);
    await lookOver(page, 'today');
    must((await page.title()).startsWith('Today'), 'the title says where one is');
    // The link is used up, and says so.
    const again = await refused(page, 410, () => page.goto(links.owner));
    must(again.status() === 410, 'an invitation works once');
    await page.getByText('was used or is too old').waitFor();
  },
  async 'a run that is started on the command line appears by itself'() {
    await listenAt(page, `${url}${shop}/today`);
    const before = await page.locator('#runs tbody tr').first().locator('a').getAttribute('href');
    must(await ask('sync') === 'ok', 'the run of the command line');
    await page.waitForFunction((old) => {
      const first = document.querySelector('#runs tbody tr');
      return first && first.querySelector('a').getAttribute('href') !== old && first.innerText.includes('Command line');
    }, before);
    isClean(page, 'after a run elsewhere');
  },
  async 'sign in to QuickBooks and come back'() {
    await tabTo(page, 'Integrations');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/integrations$/);
    page.elsewhere.push(process.env.UDSYNC_INTUIT);
    await tabTo(page, 'Sign in again');
    await page.keyboard.press('Enter');
    await page.waitForURL(/said=signed-in/);
    await page.getByText('QuickBooks is connected').waitFor();
    await lookOver(page, 'back from Intuit');
    // An answer that nobody here expects is told in words.
    await page.goto(`${url}/api/integrations/quickbooks/callback?code=x&state=y&realmId=1`);
    await page.getByText('QuickBooks was not connected').waitFor();
    await page.getByText('sign_in_not_begun').waitFor();
    isClean(page, 'a strange answer');
  },
  async 'save the history as CSV'() {
    await page.goto(`${url}${shop}/today`);
    await tabTo(page, 'History');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/history$/);
    await tabTo(page, 'CSV');
    const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    const text = await (await file.createReadStream()).toArray();
    must(Buffer.concat(text).toString().startsWith('run_id,command,'), 'a table with a head');
    must(file.suggestedFilename() === 'runs.csv', file.suggestedFilename());
    // Into one run and back.
    await page.locator('#runs tbody a').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/history\/[0-9a-f-]{36}$/);
    await lookOver(page, 'one run');
  },
  async 'add a schedule, and two people change it at once'(browser) {
    await tabTo(page, 'Schedules');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/schedules$/);
    await tabTo(page, 'Name');
    await page.keyboard.type('every-morning');
    await tabTo(page, 'When');
    await page.keyboard.type('0 6 * * 1-5');
    await page.keyboard.press('Escape');
    await tabTo(page, 'Add the schedule');
    await page.keyboard.press('Enter');
    await page.getByText('The schedule is added').waitFor();
    await page.goto(`${url}${shop}/schedules/every-morning`);
    const other = watched(await page.context().newPage());
    await other.goto(`${url}${shop}/schedules/every-morning`);
    await other.locator('#s-cron').fill('0 7 * * *');
    await other.getByRole('button', { name: 'Save the schedule' }).click();
    await other.getByText('The schedule is changed').waitFor();
    await page.locator('#s-cron').fill('0 9 * * *');
    await refused(page, 412, async () => {
      await page.getByRole('button', { name: 'Save the schedule' }).click();
      await page.getByText('Somebody changed this schedule meanwhile').waitFor();
    });
    must(await page.locator('#s-cron').inputValue() === '0 9 * * *', 'what was typed is kept');
    must((await page.locator('.said-warn code').first().innerText()) === '0 7 * * *', 'what is there now is told');
    await lookOver(page, 'a stale form');
    isClean(other, 'the form that was first');
    await other.close();
  },
  async 'let somebody in'() {
    await page.goto(`${url}${shop}/people`);
    await tabTo(page, 'Name');
    await page.keyboard.type('yusuf');
    await tabTo(page, 'Let them in');
    await page.keyboard.press('Enter');
    const link = await page.locator('pre').innerText();
    must(link.includes('/invite/'), link);
    await lookOver(page, 'a link');
  },
  async 'a restart of the server and a killed tab are told in words'(browser) {
    await listenAt(page, `${url}${shop}/today`);
    // However the network says that nobody is there.
    page.expected.push('net::ERR_', 'htmx:sendError');
    must(await ask('stop') === 'ok', 'the server ends');
    await page.getByText('has not heard from udsync').waitFor({ state: 'visible' });
    must(await ask('start') === 'ok', 'the server begins again');
    await page.getByText('has not heard from udsync').waitFor({ state: 'hidden' });
    // Nobody has to sign in again, and a tab that was killed comes back where it was.
    const context = page.context();
    await page.close();
    page = watched(await context.newPage());
    await page.goto(`${url}${shop}/today`);
    await page.locator('#verdict h1').waitFor();
    // Whoever is signed out elsewhere is led to the door, and back.
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in$/);
    await page.goto(`${url}${shop}/history`);
    await page.waitForURL(/sign-in\?next=/);
    await tabTo(page, 'Name');
    await page.keyboard.type(links.owner_name);
    await page.keyboard.press('Tab');
    await page.keyboard.type('correct horse battery staple');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/history$/);
    isClean(page, 'whoever came back');
  },
});
