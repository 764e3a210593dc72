// A browser, and pages in it that are held to what no page may do; for the tests beside this.
'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const {pathToFileURL} = require('node:url');
const {chromium} = require('playwright-core');

const [executablePath, pages, screenshots] = process.argv.slice(2);
const urlOf = (name) => pathToFileURL(path.join(pages, `${name}.html`)).href;
const kept = (name) => path.join(screenshots, name);

const kNarrow = {width: 380, height: 800};
const kWide = {width: 1400, height: 900};

// Opens a page, hands it to `look`, and then checks that it said and asked for nothing.
async function open(browser, name, options, look) {
  const {hash = '', ...context_options} = options;
  const context = await browser.newContext({viewport: kWide, ...context_options});
  const page = await context.newPage();
  const heard = [];
  const asked = [];
  page.on('console', (message) => heard.push(message.text()));
  page.on('pageerror', (error) => heard.push(String(error)));
  page.on('dialog', (dialog) => {
    heard.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('request', (request) => asked.push(request.url()));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (e) => console.error(`CSP: ${e.blockedURI}`));
  });
  await page.goto(urlOf(name) + hash);
  await look(page);
  assert.deepEqual(heard, [], 'the browser complains');
  assert.deepEqual(asked.map((url) => url.split('#')[0]), [urlOf(name)], 'asks for something else');
  await context.close();
}

async function shoot(page, name) {
  await page.screenshot({path: kept(`${name}.png`), fullPage: true});
}

const openAll = (page) => page.evaluate(() => {
  for (const details of document.querySelectorAll('details')) details.open = true;
});

// Each test on one browser; how many failed.
async function runAll(tests) {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--disable-dev-shm-usage'],
  });
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    const start = Date.now();
    try {
      await test(browser);
      console.log(`ok      ${name} (${Date.now() - start} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stack}`);
    }
  }
  await browser.close();
  console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
  return failed;
}

module.exports = {kNarrow, kWide, kept, open, openAll, runAll, shoot};
