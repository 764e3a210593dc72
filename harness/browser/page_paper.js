// What a PDF of the page holds: everything.
'use strict';

const assert = require('node:assert/strict');
const {execFileSync} = require('node:child_process');
const {kept, open} = require('./browser.js');

// Paper breaks lines where it likes.
const bare = (text) => text.replace(/\s+/g, '');

function textOf(pdf) {
  const arguments_ = ['-raw', '-enc', 'UTF-8', pdf, '-'];
  return bare(execFileSync('pdftotext', arguments_, {maxBuffer: 1 << 28}).toString());
}

// Of each case: its id, its reason, its findings, and what was said.
async function wantedOf(page) {
  return page.evaluate(() => {
    const texts = [];
    for (const one of document.querySelectorAll('details.case')) {
      for (const part of ['.id', '.title', '.reason', '.message', '.sides pre', '.repro', '.kind']) {
        for (const element of one.querySelectorAll(part)) texts.push(element.textContent);
      }
      for (const log of one.querySelectorAll('.log')) texts.push(...log.textContent.split('\n'));
    }
    for (const cell of document.querySelectorAll('section td, section th, section dd, section p')) {
      if (!cell.closest('details.case') && !cell.querySelector('*')) texts.push(cell.textContent);
    }
    for (const id of document.querySelectorAll('.ids li')) texts.push(id.textContent);
    return texts;
  });
}

async function losesNothing(browser, name, options, before = async () => {}) {
  await open(browser, name, options, async (page) => {
    const wanted = (await wantedOf(page)).map(bare).filter((text) => text !== '');
    assert.ok(wanted.length > 20, `${wanted.length}`);
    await before(page);
    const pdf = kept(`${name}.pdf`);
    await page.pdf({path: pdf, format: 'A4', margin: {top: '1.5cm', bottom: '1.5cm', left: '1.5cm',
      right: '1.5cm'}});
    const text = textOf(pdf);
    const lost = wanted.filter((part) => !text.includes(part));
    assert.deepEqual(lost.slice(0, 5), [], `${lost.length} of ${wanted.length} lost`);
  });
}

module.exports = {
  async 'paper shows everything, whatever is closed or filtered'(browser) {
    await losesNothing(browser, 'sample', {}, async (page) => {
      const closed = () => page.locator('details:not([open])').count();
      assert.ok(await closed() > 0);
      await page.locator('#filter-verdict').selectOption('fail');
      await page.evaluate(() => addEventListener('beforeprint', () => {
        document.body.dataset.closed = document.querySelectorAll('details:not([open])').length;
      }));
      const before = await closed();
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      assert.equal(await page.evaluate(() => document.body.dataset.closed), '0');
      await page.evaluate(() => dispatchEvent(new Event('afterprint')));
      assert.equal(await closed(), before, 'closed again afterwards');
    });
    await losesNothing(browser, 'talk', {});
    await losesNothing(browser, 'firmwares', {});
  },

  async 'paper shows everything of many cases, and without scripts'(browser) {
    await losesNothing(browser, 'many', {});
    await losesNothing(browser, 'many', {javaScriptEnabled: false});
  },
};
