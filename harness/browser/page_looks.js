// How the pages look and read: at any width, light and dark, with and without scripts.
'use strict';

const assert = require('node:assert/strict');
const {kNarrow, kWide, kept, open, openAll, shoot} = require('./browser.js');

async function fitsItsWidth(page) {
  const root = await page.evaluate(() => {
    const {scrollWidth, clientWidth} = document.documentElement;
    // Names what sticks out, since a number alone does not help to mend it.
    const wide = [...document.querySelectorAll('body *')]
      .filter((e) => !e.closest('.skip, svg') && e.getBoundingClientRect().right > clientWidth + 0.5)
      .map((e) => `${e.tagName}.${e.className}`);
    return {scrollWidth, clientWidth, wide: wide.slice(0, 5)};
  });
  assert.ok(root.scrollWidth <= root.clientWidth,
    `${root.scrollWidth} wide in ${root.clientWidth}: ${root.wide}`);
}

module.exports = {
  async 'the verdict stands in the title and in the heading'(browser) {
    await open(browser, 'sample', {}, async (page) => {
      const words = 'Error: the harness or the bench broke in 1 of 11 cases';
      assert.ok((await page.title()).startsWith(words), await page.title());
      assert.equal(await page.textContent('h1'), words);
      assert.ok(await page.isVisible('h1'));
    });
    await open(browser, 'passed', {}, async (page) => {
      assert.equal(await page.textContent('h1'), 'Pass: all 6 cases');
    });
    await open(browser, 'empty', {}, async (page) => {
      assert.equal(await page.textContent('h1'), 'Error: nothing was run');
    });
  },

  async 'a case opens by click and by key'(browser) {
    await open(browser, 'sample', {}, async (page) => {
      const failure = page.locator('details.case', {hasText: 'already in use'});
      const expected = failure.locator('.sides pre').nth(0);
      const got = failure.locator('.sides pre').nth(1);
      const summary = failure.locator('> summary');
      assert.ok(await expected.isVisible(), 'the first failures are open');
      await summary.click();
      assert.ok(!await expected.isVisible());
      await summary.focus();
      await page.keyboard.press('Enter');
      assert.ok(await expected.isVisible());
      assert.equal(await expected.textContent(), '+QMTOPEN: 0,2');
      assert.equal(await got.textContent(), '+QMTOPEN: 0,0');
      const boxes = [await expected.boundingBox(), await got.boundingBox()];
      assert.equal(boxes[0].y, boxes[1].y, 'expected and got stand side by side');
    });
  },

  async 'a link opens its case'(browser) {
    for (const javaScriptEnabled of [true, false]) {
      await open(browser, 'sample', {javaScriptEnabled}, async (page) => {
        const link = page.locator('.deviations a').first();
        const target = page.locator(`[id="${(await link.getAttribute('href')).slice(1)}"]`);
        assert.ok(!await target.isVisible());
        await link.click();
        await target.locator('.finding').waitFor({state: 'visible'});
      });
    }
  },

  async 'nothing sticks out, narrow or wide, light or dark'(browser) {
    for (const name of ['sample', 'hostile', 'passed', 'empty', 'talk', 'firmwares', 'spec']) {
      await open(browser, name, {}, async (page) => {
        for (const viewport of [kWide, kNarrow, {width: 320, height: 640}]) {
          await page.setViewportSize(viewport);
          await fitsItsWidth(page);
          for (const colorScheme of ['light', 'dark']) {
            const once = (viewport === kWide) === (colorScheme === 'light');
            const shown = name === 'sample' || (['firmwares', 'spec'].includes(name) && once);
            if (!shown || viewport === kNarrow) continue;
            await page.emulateMedia({colorScheme});
            await shoot(page, `${name}-${viewport.width}-${colorScheme}`);
          }
        }
        await openAll(page);
        for (const viewport of [{width: 320, height: 640}, kNarrow, kWide]) {
          await page.setViewportSize(viewport);
          await fitsItsWidth(page);
          if (name === 'hostile') await page.screenshot({path: kept(`hostile-${viewport.width}.png`)});
        }
      });
    }
  },

  async 'without scripts everything can be read'(browser) {
    await open(browser, 'sample', {javaScriptEnabled: false, viewport: kNarrow}, async (page) => {
      assert.ok(await page.isVisible('h1'));
      assert.ok(!await page.isVisible('#filter'), 'no filter that does nothing');
      const passed = page.locator('details.case.pass').first();
      await passed.locator('summary').first().click();
      assert.ok(await passed.locator('.finding').first().isVisible());
    });
  },

  async 'a device cannot run anything on the page'(browser) {
    await open(browser, 'hostile', {}, async (page) => {
      await openAll(page);
      assert.ok((await page.title()).startsWith('Interrupted: 19 of 26 cases ran, 6 failed '), await page.title());
      assert.equal(await page.locator('img').count(), 0);
      assert.equal(await page.locator('script').count(), 2);
      const text = await page.evaluate(() => document.body.innerText);
      assert.ok(text.includes('<img src=x onerror='), 'markup is shown as text');
      assert.ok(text.includes('\\x1B'), 'controls are made visible');
    });
  },

  async 'the result stands in the page as JSON'(browser) {
    for (const name of ['sample', 'hostile']) {
      await open(browser, name, {}, async (page) => {
        const result = JSON.parse(await page.textContent('script#result'));
        assert.equal(result.schema, 'assay.report.v1');
        assert.ok(result.outcomes.length > 0);
      });
    }
  },

  async 'the links of a spec lead somewhere, and paper shows its examples'(browser) {
    await open(browser, 'spec', {viewport: kNarrow}, async (page) => {
      await page.locator('.syntax a', {hasText: '<port>'}).first().click();
      assert.ok(await page.locator('tr:target', {hasText: '65535'}).isVisible());
      const example = page.locator('details.example pre');
      assert.ok(!await example.isVisible());
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      assert.ok(await example.isVisible());
    });
  },

  async 'headings are in order and columns have names'(browser) {
    const names = ['sample', 'talk', 'firmwares', 'spec'];
    for (const name of names) await open(browser, name, {}, async (page) => {
      await openAll(page);
      const found = await page.evaluate(() => ({
        levels: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => +h.tagName[1]),
        nameless: [...document.querySelectorAll('table')].filter((t) => !t.querySelector('th[scope]'))
          .length,
        ids: [...document.querySelectorAll('[id]')].map((e) => e.id),
        dead: [...document.querySelectorAll('a[href^="#"]')]
          .filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => a.hash),
      }));
      assert.deepEqual(found.levels.filter((l) => l === 1), [1]);
      found.levels.forEach((level, i) => assert.ok(i === 0 ? level === 1
        : level <= found.levels[i - 1] + 1, `h${level} after h${found.levels[i - 1]}`));
      assert.equal(found.nameless, 0);
      assert.equal(new Set(found.ids).size, found.ids.length, 'an id is used twice');
      assert.deepEqual(found.dead, [], 'links to nothing');
    });
  },

  // WCAG 2.1, 1.4.3: 4.5 to 1 for text.
  async 'text stands out from its ground'(browser) {
    for (const [name, colorScheme] of [['sample', 'light'], ['sample', 'dark'],
      ['spec', 'light'], ['spec', 'dark']]) {
      await open(browser, name, {colorScheme}, async (page) => {
        await openAll(page);
        const weak = await page.evaluate(() => {
          const luminance = (color) => {
            const [r, g, b] = color.match(/[\d.]+/g).map((c) => c / 255)
              .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ground = (e) => {
            for (; e; e = e.parentElement) {
              const {backgroundColor} = getComputedStyle(e);
              if (backgroundColor !== 'rgba(0, 0, 0, 0)') return backgroundColor;
            }
            return 'rgb(255, 255, 255)';
          };
          return [...document.querySelectorAll('body *:not(script)')]
            .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
            .map((e) => {
              const [a, b] = [luminance(getComputedStyle(e).color), luminance(ground(e))];
              return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.outerHTML.slice(0, 80)];
            })
            .filter(([contrast]) => contrast < 4.5);
        });
        assert.deepEqual(weak, []);
      });
    }
  },
};
