/** The example behind CloudFront, served on this machine and used by a browser. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { Served } from '../../local/serve';
import { BROWSER, launchBrowser, WHY_SKIPPED } from '../local/fixtures/browser';
import { startServing } from '../local/fixtures/serving';

const EXAMPLE = path.join(__dirname, '../../examples/cloudfront');
const outdir = cdk.FileSystem.mkdtemp('example-');
let served: Served;

beforeAll(async () => {
  // The example imports this package by its name.
  spawnSync(process.execPath, [path.join(__dirname, '../../scripts/link-examples.mjs')]);
  const { status, stderr } = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', 'stack.ts'], {
    cwd: EXAMPLE,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir },
  });
  if (status !== 0) throw new Error(stderr);
  served = await startServing(outdir);
});

afterAll(async () => {
  await served?.stop();
  rmSync(outdir, { recursive: true, force: true });
});

function urlOf(name: string): string {
  return served.doors.find((door) => door.name === name)!.url;
}

test('CloudFront serves the app and its files, and nobody gets past it', async () => {
  expect((await fetch(urlOf('cloudfront'))).status).toBe(200);
  expect(await (await fetch(`${urlOf('cloudfront')}robots.txt`)).text()).toContain('User-agent');
  expect((await fetch(urlOf('function-url'))).status).toBe(403);
});

(BROWSER ? test : test.skip)(`a browser sends a picture and watches the slideshow${WHY_SKIPPED}`, async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(urlOf('cloudfront'));
    expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).toBe('640px');
    await page.setInputFiles('input[name=picture]', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.alloc(50_000, 0x89) });
    await page.click('button');
    await page.waitForSelector('text=Thank you');
    expect(await page.innerText('p')).toMatch(new RegExp(`^127\\.0\\.0\\.1 sent 50\\d\\d\\d bytes to ${new URL(urlOf('cloudfront')).host}\\.$`));
    await page.goto(`${urlOf('cloudfront')}slideshow`);
    expect(await page.innerText('body')).toBe('The sea\nThe hills\nThe moon');
  } finally {
    await browser.close();
  }
});
