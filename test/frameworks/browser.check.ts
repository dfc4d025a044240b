/** Chromium uses the sites of Next and Nuxt through a local Function URL that streams. */
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Browser, chromium, Page } from 'playwright-core';
import { linesOf, synthesizeLines } from './recipe';
import { buildSite } from './site';
import { lines as printed, serveAssembly } from '../local/fixtures/serving';

/** Set CHROMIUM to use another one. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FILE = path.join(__dirname, 'next/public/door.png');

/** What Next logs on Lambda and not on a plain server: docs/frameworks/next.md has the causes. */
const KNOWN_LINES = [
  /mkdir '.*\/\.next\/cache(\/images)?'/, // the disk is read-only
  /failed to get redirect response TypeError: fetch failed/, // Next asks its own port for the page that an action redirects to
  /\[cause\]: Error: connect ECONNREFUSED 127\.0\.0\.1:3000/,
];

let browser: Browser;

beforeAll(async () => {
  if (!existsSync(EXECUTABLE)) throw new Error(`there is no ${EXECUTABLE}: install Debian's package chromium, or set CHROMIUM`);
  browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
});
afterAll(async () => browser.close());

test.each(['next', 'nuxt'])('a browser uses the site of %s', async (framework) => {
  const folder = buildSite(framework);
  const served = await serveAssembly(synthesizeLines(linesOf(framework), folder, ['function-url'], true));
  const { url } = served.doors[0];
  const page = await browser.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(String(error)));
  page.on('response', (response) => { if (response.status() >= 400) failures.push(`${response.status()} ${response.url()}`); });
  page.setDefaultTimeout(60_000);

  await page.goto(url);
  await clickUntilItCounts(page);
  await page.evaluate(() => { (globalThis as any).notReloaded = true; });
  await page.click('text=first item');
  await page.waitForSelector('h1:has-text("Item 1")');
  expect(await page.evaluate(() => (globalThis as any).notReloaded)).toBe(true);
  expect(page.url()).toBe(`${url}items/1?tag=a&tag=b`);

  await page.goto(`${url}form`, { waitUntil: 'networkidle' });
  expect(await page.textContent('#greeted')).toBe('Who are you?');
  await page.fill('input[name=name]', 'Zoë');
  await page.setInputFiles('input[name=file]', FILE);
  await page.click('#send');
  const bytes = readFileSync(FILE);
  await page.waitForSelector(`#greeted:has-text("Hello Zoë, ${bytes.length} bytes, sum ${bytes.reduce((sum, byte) => sum + byte, 0)}")`);
  expect(page.url()).toBe(`${url}form`);

  await page.addInitScript(() => {
    const { document, MutationObserver, performance } = globalThis as any;
    const seen = ((globalThis as any).seen = {} as Record<string, number>);
    new MutationObserver(() => {
      if (document.querySelector('h1')) seen.first ??= performance.now();
      if (document.querySelectorAll('.late').length === 2) seen.last ??= performance.now();
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${url}streamed`);
  await page.waitForFunction('seen.last');
  // The server waits at least 1.2 seconds between the two.
  expect(await page.evaluate('seen.last - seen.first')).toBeGreaterThan(400);

  expect(failures).toEqual([]);
  const missing = await page.goto(`${url}nothing/here`);
  expect(missing!.status()).toBe(404);
  expect(await page.textContent('body')).toContain('404');
  expect(printed.filter((line) => line.includes('Error') && !KNOWN_LINES.some((known) => known.test(line)))).toEqual([]);
  await page.close();
}, 600_000);

/** A button counts its clicks once the scripts of the page have run. */
async function clickUntilItCounts(page: Page): Promise<void> {
  await page.waitForSelector('#count');
  await page.waitForFunction(() => {
    const button = (globalThis as any).document.querySelector('#count');
    button.click();
    return !button.textContent.endsWith(' 0');
  });
}
