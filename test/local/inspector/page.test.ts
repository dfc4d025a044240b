/** @slow starts a browser */
import { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { Served } from '../../../local/serve';
import { describeInBrowser, launchBrowser, WHY_SKIPPED } from '../fixtures/browser';
import { DOOR_NAMES } from '../fixtures/doors';
import { send, SentRequest } from '../fixtures/http-client';
import { serveTemplate } from '../fixtures/serving';
import { fourDoors } from '../fixtures/template';

// Globals of the page: the functions that are given to `evaluate` run there. The types of a browser would change those of Node in all tests.
declare const document: any;
declare const window: any;
declare const navigator: any;
declare const getComputedStyle: any;
declare const NodeFilter: any;

const LAPTOP = { width: 1440, height: 900 };

const HANDLER = `
  exports.handler = async (event) => {
    const path = event.rawPath ?? event.path;
    if (path === '/throw') throw new RangeError('on purpose');
    if (path === '/print') console.log('<b>printed</b>');
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ path }) };
  };
`;

describeInBrowser(`the inspector's page in Chromium${WHY_SKIPPED}`, () => {
  let browser: Browser;
  let served: Served;
  let page: Page;
  /** What the page asked for, and errors that it logged. */
  let requested: string[];
  let errors: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => browser?.close());
  afterEach(async () => page.context().close());

  async function open(options: BrowserContextOptions = {}): Promise<void> {
    served = await serveTemplate(fourDoors(), { 'index.js': HANDLER });
    const context = await browser.newContext({ viewport: LAPTOP, permissions: ['clipboard-read', 'clipboard-write'], ...options });
    page = await context.newPage();
    requested = [];
    errors = [];
    page.on('request', (request) => requested.push(request.url()));
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(served.inspectorUrl);
    await page.locator('#live.on').waitFor();
  }

  const rows = () => page.locator('#list li:visible button');
  const panel = (title: string) => page.locator('.panel', { has: page.getByRole('heading', { name: title, exact: true }) });

  function urlOf(name: string): string {
    return served.doors.find((door) => door.name === name)!.url;
  }

  /** Sends a request, and waits until the page shows that it has ended. */
  async function exchange(name: string, request: SentRequest = {}): Promise<void> {
    const before = await rows().count();
    await send(urlOf(name), request);
    await rows().nth(before).waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll('#list button')].every((row) => row.textContent.includes(' ms')));
  }

  test('links to every door while it is empty, and again after it was cleared', async () => {
    await open();
    const links = () => page.locator('main a').evaluateAll((found) => found.map((link) => link.getAttribute('href')));
    expect(await links()).toEqual(served.doors.map(({ url }) => url));
    await exchange('http-api');
    expect(await links()).toEqual([]);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('main a').first().waitFor();
    expect([await links(), await rows().count()]).toEqual([served.doors.map(({ url }) => url), 0]);
  });

  test('shows event, result and answer side by side on a laptop, without scrolling sideways', async () => {
    await open();
    await exchange('rest-api', { path: '/x?a=1' });
    const boxes = await Promise.all(['Event', 'Result', 'HTTP answer'].map(async (title) => (await panel(title).boundingBox())!));
    expect(new Set(boxes.map(({ y }) => Math.round(y))).size).toBe(1);
    expect(boxes[0].x + boxes[0].width).toBeLessThanOrEqual(boxes[1].x);
    expect(boxes[1].x + boxes[1].width).toBeLessThanOrEqual(boxes[2].x);
    expect(boxes[2].x + boxes[2].width).toBeLessThanOrEqual(LAPTOP.width);
    expect(Math.max(...boxes.map(({ y }) => y))).toBeLessThan(LAPTOP.height / 2);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });

  test('shows the lines that the function printed as text, and the stack of an exception', async () => {
    await open();
    await exchange('http-api', { path: '/print' });
    await panel('Log').getByText('<b>printed</b>').waitFor();
    await exchange('http-api', { path: '/throw' });
    await rows().first().click();
    await panel('Result').getByText(/at .*index\.js:4:/).waitFor();
    await panel('Log').getByText(/RangeError: on purpose/).first().waitFor();
  });

  test.each([['the same door', 'http-api'], ['another door', 'rest-api']])('replays a request through %s, and shows that exchange', async (_, name) => {
    await open();
    await exchange('http-api', { path: '/again', method: 'POST', body: 'hello' });
    await page.getByLabel('The door to replay through').selectOption({ value: urlOf(name) });
    await page.getByRole('button', { name: 'Replay' }).click();
    await rows().nth(1).waitFor();
    await page.locator('#list li:first-child button[aria-current=true]').waitFor();
    expect(await page.locator('main h2').textContent()).toBe(name === 'rest-api' ? 'POST /live/again' : 'POST /again');
    await panel('HTTP request').getByText('hello').waitFor();
  });

  test('works by keys alone', async () => {
    await open();
    for (const path of ['/one', '/two', '/three']) await exchange('http-api', { path });
    const title = async () => page.locator('main h2').textContent();
    // The list begins with the latest; the first one was chosen when it arrived.
    expect(await title()).toBe('GET /one');
    await page.keyboard.press('ArrowUp');
    expect(await title()).toBe('GET /two');
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    expect(await title()).toBe('GET /three');
    await page.keyboard.press('j');
    expect(await title()).toBe('GET /two');
    // Another exchange arrives, and the row keeps the focus.
    await exchange('http-api', { path: '/four' });
    expect(await page.evaluate(() => document.activeElement.textContent)).toContain('/two');

    await page.keyboard.press('c');
    await page.getByText('copied as curl').waitFor();
    expect(await page.evaluate(async () => navigator.clipboard.readText())).toContain(`curl '${new URL(urlOf('http-api')).origin}/two'`);
    await page.keyboard.press('r');
    await rows().nth(4).waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type('three');
    expect(await rows().count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await rows().count()).toBe(5);
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').isVisible()).toBe(false);
    await page.keyboard.press('x');
    await page.locator('main a').first().waitFor();
  });

  test.each(['light', 'dark'] as const)('texts can be read on a %s ground', async (colorScheme) => {
    await open({ colorScheme });
    await exchange('http-api', { path: '/throw' });
    const contrasts = await page.evaluate(contrastsOfTexts);
    expect(contrasts.length).toBeGreaterThan(30);
    // https://www.w3.org/TR/WCAG22/#contrast-minimum
    expect(contrasts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
    const [ground] = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor]);
    expect(Number(/\d+/.exec(ground)![0]) > 128).toBe(colorScheme === 'light');
  });

  test('loads nothing from elsewhere, and logs no error', async () => {
    await open();
    for (const name of DOOR_NAMES) await exchange(name);
    expect(requested.length).toBeGreaterThan(1);
    expect(requested.filter((url) => !url.startsWith(served.inspectorUrl))).toEqual([]);
    expect(errors).toEqual([]);
  });
});

/** Runs in the page: the contrast of each visible text with the ground behind it. */
function contrastsOfTexts(): { text: string; contrast: number }[] {
  const parse = (colour: string) => /\d+(\.\d+)?/g[Symbol.match](colour)!.map(Number);
  const luminance = (colour: number[]) => {
    const [r, g, b] = colour.slice(0, 3).map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found: { text: string; contrast: number }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility() || element.matches('script, style, option')) continue;
    let behind = element;
    while (behind && (parse(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0) behind = behind.parentElement;
    const colours = [getComputedStyle(element).color, getComputedStyle(behind ?? document.body).backgroundColor];
    const [dark, bright] = colours.map((colour) => luminance(parse(colour)) + 0.05).sort((a, b) => a - b);
    found.push({ text: text.slice(0, 40), contrast: Math.round((bright / dark) * 10) / 10 });
  }
  return found;
}
