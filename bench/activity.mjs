// What it costs to show what the neurons do: answers in the whole page, in turns with the activity
// on and off, in Go's benchmark format:
//   node bench/activity.mjs [--rounds 6] [--tokens 60]
// One line is one answer: ns/op is a token's time, main-ns/op the time of the page's own thread.

import path from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from '../web/test/browser.mjs';
import { serve } from '../web/test/server.mjs';
import { printHeader, printLine } from './go-format.mjs';

/** @import { SpikeChat } from '../web/chat/element.js' */

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    tokens: { type: 'string', default: '60' },
    dist: { type: 'string', default: path.resolve(import.meta.dirname, '../dist') },
  },
});

const site = await serve(options.dist);
const browser = await launch();
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(site.url);
  await page.evaluate(async (maxTokens) => {
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    Object.assign(chat, { maxTokens, seed: 1, temperature: 0 });
    await chat.start();
  }, Number(options.tokens));

  const mainSeconds = async () => (await cdp.send('Performance.getMetrics')).metrics
    .find(({ name }) => name === 'TaskDuration')?.value ?? 0;

  /** @param {boolean} shown whether the activity is */
  const answer = async (shown) => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Show what the neurons do').setChecked(shown);
    await page.keyboard.press('Escape');
    await page.evaluate(() =>
      /** @type {SpikeChat} */ (document.querySelector('spike-chat')).clear());
    const before = await mainSeconds();
    const { tokens, ms } = await page.evaluate(async () => {
      const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
      /** @type {number[]} */
      const times = [];
      const note = () => times.push(performance.now());
      chat.addEventListener('token', note);
      await chat.send('Write a long story about a dog.');
      chat.removeEventListener('token', note);
      return { tokens: times.length, ms: times[times.length - 1] - times[0] };
    });
    return { tokens, ms, main: await mainSeconds() - before };
  };

  await answer(true); // code is compiled, and the prompt is known from here on
  printHeader();
  for (let round = 0; round < Number(options.rounds); round++) {
    const first = round % 2 === 0;
    for (const shown of [first, !first]) {
      const { tokens, ms, main } = await answer(shown);
      printLine(`Activity/shown=${shown}`, tokens, {
        'ns/op': ms * 1e6 / (tokens - 1),
        'tokens/s': (tokens - 1) / ms * 1e3,
        'main-ns/op': main * 1e9 / tokens,
      });
    }
  }
} finally {
  await browser.close();
  await site.close();
}
