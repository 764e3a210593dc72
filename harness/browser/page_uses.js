// What a person does with the page: finds cases by filter, search and matrix, follows links, reads
// charts, by keyboard and screen reader, with ten thousand cases as with ten.
'use strict';

const assert = require('node:assert/strict');
const {source: axe} = require('axe-core');
const {kNarrow, kWide, kept, open, openAll, shoot} = require('./browser.js');

const shown = (page) => page.locator('details.case:visible').count();

// What page.js waits for after a key, and then two frames.
const settled = (page) => page.evaluate(() => new Promise((done) => {
  setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 150);
}));

// Contrast takes long to look at, and is the same whatever stands on the page.
async function axeFinds(page, contrast) {
  await page.evaluate(axe);
  const found = await page.evaluate((enabled) => window.axe.run(document,
    {resultTypes: ['violations'], rules: {'color-contrast': {enabled}}}), contrast);
  return found.violations.filter(({impact}) => impact === 'serious' || impact === 'critical')
    .map(({id, impact, nodes}) => `${impact} ${id}: ${nodes.slice(0, 3).map((n) => n.html)}`);
}

module.exports = {
  async 'the filter leaves what fits, and a link to it can be passed on'(browser) {
    let hash = '';
    await open(browser, 'sample', {}, async (page) => {
      assert.equal(await shown(page), 11);
      assert.equal(await page.textContent('#filter-count'), '11 cases');
      await page.getByLabel('Search').fill('QMTOPEN');
      await settled(page);
      const left = await shown(page);
      assert.ok(left >= 4 && left < 11, `${left}`);
      assert.equal(await page.textContent('#filter-count'), `${left} of 11 cases`);
      await page.locator('#filter-verdict').selectOption('fail');
      await page.locator('#filter-command').selectOption({label: 'AT+QMTOPEN'});
      await page.locator('#filter-clause').selectOption('3.2.2');
      assert.equal(await shown(page), 1);
      hash = await page.evaluate(() => location.hash);
      // A case that the filter hides is reached by a link all the same.
      await page.locator('.attention a', {hasText: 'any bytes'}).click();
      await page.locator('details.case', {hasText: 'any bytes'}).locator('.finding').first()
        .waitFor({state: 'visible'});
      await page.getByRole('button', {name: 'Open all'}).click();
      assert.equal(await page.locator('details.case[open]').count(), 11);
      await page.getByLabel('Search').fill('no such thing');
      await settled(page);
      assert.equal(await page.textContent('#filter-count'), 'None of 11 cases fits.');
      assert.equal(await page.locator('#filter-count').getAttribute('aria-live'), 'polite');
      await page.getByRole('button', {name: 'Clear'}).click();
      assert.equal(await shown(page), 11);
    });
    await open(browser, 'sample', {hash}, async (page) => {
      assert.equal(await shown(page), 1);
      assert.equal(await page.getByLabel('Search').inputValue(), 'QMTOPEN');
      assert.equal(await page.locator('#filter-verdict').inputValue(), 'fail');
      assert.equal(await page.textContent('#filter-count'), '1 of 11 cases');
    });
  },

  async 'the search goes into what was said, every word of it'(browser) {
    await open(browser, 'talk', {}, async (page) => {
      await page.getByLabel('Search').fill('SUBSCRIBE qos 1');
      await settled(page);
      assert.equal(await shown(page), 1);
      await page.getByLabel('Search').fill('SUBSCRIBE qos other');
      await settled(page);
      assert.equal(await shown(page), 0);
    });
  },

  async 'a cell of the matrix leads to its cases, with and without scripts'(browser) {
    const cell = 'AT+QMTPUB, transcript: 1 fail';
    await open(browser, 'sample', {}, async (page) => {
      await page.getByLabel(cell, {exact: true}).click();
      assert.equal(await shown(page), 1);
      assert.equal(await page.locator('#filter-command').inputValue(), 'qmtpub');
      assert.ok((await page.evaluate(() => location.hash)).includes('kind=transcript'));
      assert.ok(await page.locator('details.case:visible').first().isVisible());
    });
    await open(browser, 'sample', {javaScriptEnabled: false}, async (page) => {
      await page.getByLabel(cell, {exact: true}).click();
      assert.ok(page.url().endsWith('#case-quectel-bg96-qmtpub-write-payload-bytes'), page.url());
    });
  },

  async 'several firmwares stand side by side where they differ'(browser) {
    await open(browser, 'firmwares', {}, async (page) => {
      const table = page.locator('.by-device');
      assert.deepEqual(await table.locator('thead th').allTextContents(),
        ['Case', 'BG96 R01', 'BG96 R02', 'BG96 R03']);
      assert.equal(await table.locator('tbody tr').count(), 2);
      const row = table.locator('tr', {hasText: 'qmtopen/write/success'});
      assert.deepEqual((await row.locator('.badge').allTextContents()).map((t) => t.slice(2)),
        ['pass', 'fail', 'pass']);
      await row.locator('a').nth(1).click();
      const target = page.locator('details.case[open]', {hasText: 'R02'})
        .locator('summary', {hasText: 'Open a network connection'});
      assert.ok(await target.first().isVisible());
      await page.locator('#filter-device').selectOption('BG96 R02');
      assert.equal(await shown(page), 11);
    });
  },

  async 'a chart shows who spoke to whom, and page.js draws the same'(browser) {
    await open(browser, 'talk', {}, async (page) => {
      await shoot(page, 'talk');
      const chart = page.locator('details.case.fail svg.chart');
      assert.deepEqual(await chart.locator('.lane').allTextContents(), ['Host', 'Modem', 'Broker']);
      const arrows = (look) => chart.locator(`path.${look}`).count();
      assert.deepEqual([await arrows('host'), await arrows('data'), await arrows('prompt'),
        await arrows('urc'), await arrows('broker'), await arrows('wanted')], [4, 1, 1, 1, 4, 1]);
      const words = (await chart.locator('text').allTextContents()).map((text) => text.trim());
      for (const part of ['prompt >', 'data: hello \\x01 <&\u00E4"\'>\\x1A',
        'bench: network.off: exit status 0', '\u2260 +QMTSUB: 0,1,1',
        '\u2717 not seen: +QMTSTAT: 0,1', '59.0 s later', '60.000', '0.410']) {
        assert.ok(words.includes(part), `${part} in ${words.join(' | ')}`);
      }
      const pages = await page.evaluate(() => {
        const before = [...document.querySelectorAll('svg.chart')].map((svg) => svg.outerHTML);
        for (const svg of document.querySelectorAll('svg.chart')) svg.remove();
        for (const log of document.querySelectorAll('.log')) log.classList.remove('dressed');
        for (const one of document.querySelectorAll('details.case')) one.open = false;
        return before;
      });
      assert.ok(pages.length >= 3);
      await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
      await openAll(page);
      for (const one of await page.locator('details.case').all()) await one.scrollIntoViewIfNeeded();
      await page.waitForFunction((count) => document.querySelectorAll('svg.chart').length === count,
        pages.length);
      const drawn = await page.evaluate(() =>
        [...document.querySelectorAll('svg.chart')].map((svg) => svg.outerHTML));
      assert.deepEqual(drawn, pages);
    });
  },

  async 'the byte view marks what differs, and says what was wanted'(browser) {
    await open(browser, 'talk', {}, async (page) => {
      const log = page.locator('details.case.fail .log');
      await log.scrollIntoViewIfNeeded();
      const got = log.locator('.urc.differs');
      assert.equal((await got.innerText()).trimEnd(),
        '\u2260   0.410 urc    \\r\\n+QMTSUB: 0,1,1\\r\\n');
      assert.deepEqual(await got.locator('mark').allTextContents(), ['1']);
      assert.equal(await log.locator('.wanted mark').first().textContent(), '0,2');
    });
  },

  async 'all of it goes by keyboard'(browser) {
    await open(browser, 'sample', {}, async (page) => {
      const focused = () => page.evaluate(() => document.activeElement.id ||
        document.activeElement.textContent.trim());
      await page.keyboard.press('Tab');
      assert.equal(await focused(), 'Skip to the cases');
      await page.keyboard.press('/');
      assert.equal(await focused(), 'filter-q');
      await page.keyboard.type('payload');
      await settled(page);
      assert.equal(await shown(page), 1);
      await page.keyboard.press('Escape');
      assert.equal(await shown(page), 11);
      await page.keyboard.press('Tab');
      assert.equal(await focused(), 'filter-verdict');
      // What can be focused shows that it is.
      const width = await page.evaluate(() =>
        parseFloat(getComputedStyle(document.activeElement).outlineWidth));
      assert.ok(width >= 2, `${width}`);
      const cell = page.locator('.matrix a').first();
      await cell.focus();
      await page.keyboard.press('Enter');
      assert.equal(await focused(), 'filter-q', 'a cell leads to the filter');
      const summary = page.locator('details.case:visible > summary').first();
      const details = page.locator('details.case:visible').first();
      const was = await details.evaluate((e) => e.open);
      await summary.focus();
      await page.keyboard.press('Enter');
      assert.equal(await details.evaluate((e) => e.open), !was);
    });
  },

  async 'axe finds no serious fault'(browser) {
    for (const name of ['sample', 'talk', 'firmwares', 'hostile', 'empty', 'spec']) {
      for (const [viewport, colorScheme] of [[kWide, 'light'], [kNarrow, 'dark']]) {
        if (viewport === kNarrow && name !== 'sample' && name !== 'talk') continue;
        await open(browser, name, {viewport, colorScheme, bypassCSP: true}, async (page) => {
          await openAll(page);
          await settled(page);
          assert.deepEqual(await axeFinds(page, name !== 'hostile'), [], `${name}, ${colorScheme}`);
        });
      }
    }
  },

  async 'ten thousand cases are quick'(browser) {
    const start = Date.now();
    await open(browser, 'large', {}, async (page) => {
      const loaded = Date.now() - start;
      const answer = (act) => page.evaluate(async (what) => {
        const from = performance.now();
        const field = document.getElementById(what.id);
        field.value = what.value;
        field.dispatchEvent(new Event(what.id === 'filter-q' ? 'input' : 'change'));
        if (what.id === 'filter-q') await new Promise((done) => setTimeout(done, 120));
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        return performance.now() - from;
      }, act);
      const took = {loaded};
      took.search = await answer({id: 'filter-q', value: 'success-9999'});
      assert.equal(await shown(page), 1);
      took.again = await answer({id: 'filter-q', value: 'broker.example 0.410'});
      assert.equal(await page.textContent('#filter-count'), '10001 of 10001 cases');
      took.verdict = await answer({id: 'filter-verdict', value: 'fail'});
      assert.equal(await shown(page), 1);
      took.all = await answer({id: 'filter-verdict', value: ''});
      took.clause = await answer({id: 'filter-clause', value: '3.2.4'});
      console.log(Object.entries(took).map(([what, ms]) => `${what} ${Math.round(ms)} ms`).join(', '));
      for (const [what, ms] of Object.entries(took)) {
        assert.ok(ms < (what === 'loaded' ? 20000 : 5000), `${what} took ${ms} ms`);
      }
    });
  },
};
