// Two shops in one process: each with its own orders, books and words, and none sees another.
import { lookOverDressed, must, open, tabTo, tell, url } from './browser.mjs';

const links = JSON.parse(process.env.UDSYNC_LINKS);

async function comeIn(page, link) {
  await page.goto(link);
  await tabTo(page, 'Go in');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/(shops|today)$/);
}

await tell({
  async 'two shops at a glance, and a run in one of them'(browser) {
    const page = await open(browser);
    await comeIn(page, links.both);
    must(page.url().endsWith('/shops'), `whoever has two shops begins with both, not at ${page.url()}`);
    must(await page.getByRole('link', { name: 'one', exact: true }).count() === 1, 'one is there');
    must(await page.getByRole('link', { name: 'two', exact: true }).count() === 1, 'two is there');
    await lookOverDressed(page, 'shops');
    const runs = async (shop) => (await page.evaluate(async (name) => (await fetch(`/api/sync/history?limit=200&shop=${name}`)).json(), shop)).items.length;
    const before = [await runs('one'), await runs('two')];
    await page.getByRole('link', { name: 'two', exact: true }).click();
    await page.waitForURL(/\/shop\/two\/today$/);
    must(await page.getByRole('heading', { name: '1 record waits for you' }).count() === 1, 'what waits is that of this shop');
    await page.goto(`${url}/shop/one/today`);
    must(await page.getByText('record waits').count() === 0, 'the other has nothing that waits');
    await page.getByRole('link', { name: 'Sync', exact: true }).click();
    await page.getByLabel('Which').selectOption('full');
    await page.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByRole('heading', { name: 'Nothing to write' }).waitFor();
    await page.goto(`${url}/shop/two/waiting`);
    await page.getByRole('button', { name: 'Try all again' }).click();
    await page.getByText('See the documents').or(page.getByText('Choose again')).first().waitFor();
    must(await runs('one') === before[0], 'the one shop has no run more');
    must(await runs('two') === before[1] + 1, 'the other has one');
    // From one to the other by the name in the head.
    await page.locator('header a[href="/shops"]').click();
    await page.waitForURL(/\/shops$/);
  },
  async 'whoever has one of them sees no trace of the other'(browser) {
    const page = await open(browser);
    page.expected.push('404');
    await comeIn(page, links.one);
    must(page.url().endsWith('/shop/two/today'), `they begin in their shop, not at ${page.url()}`);
    const answer = await page.goto(`${url}/shop/one/today`);
    must(answer.status() === 404, `another shop answers ${answer.status()}`);
    await page.goto(`${url}/shops`);
    must(await page.getByRole('link', { name: 'one', exact: true }).count() === 0, 'another shop is in no list');
  },
});
