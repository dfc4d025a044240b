// Takes the picture of the inspector in the README, in light and dark: `node scripts/picture-inspector.mjs`, after a build.
// It needs Chromium, as the test of the page does.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));

const demo = spawn(process.execPath, [`${root}scripts/demo.mjs`, '--port-base', '3100'], { stdio: ['ignore', 'pipe', 'inherit'] });
const urls = {};
for await (const line of createInterface({ input: demo.stdout })) {
  const [name, url] = [line.split(' ')[0], /http:\S+/.exec(line)?.[0]];
  if (url) urls[name] = url;
  if (line === 'ready') break;
}
try {
  await fetch(urls.alb);
  await fetch(`${urls['http-api']}greet`, { method: 'POST', body: new URLSearchParams({ name: 'Ada' }), redirect: 'manual' });
  await fetch(`${urls['function-url']}search?q=doors&q=handles`);
  await fetch(`${urls['rest-api']}missing`);
  await fetch(`${urls['http-api']}broken?from=readme`, { headers: { accept: 'text/html', cookie: 'name=Ada; visits=3' } });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 860 }, colorScheme });
    await page.goto(urls.inspector);
    await page.locator('#list li:first-child button').click();
    // The folders of this machine are of no interest.
    await page.locator('main').evaluate((main, folder) => {
      const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replaceAll(folder, '/home/ada/');
    }, root);
    await page.screenshot({ path: `${root}docs/images/inspector-${colorScheme}.png` });
  }
  await browser.close();
} finally {
  demo.kill();
}
