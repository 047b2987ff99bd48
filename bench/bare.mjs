// A browser that is watched as little as a visitor's. A driver has the browser report what it loads, and for that a renderer
// keeps every response in base64: 116 MB for the model that the benchmark would take for the page's own.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ARGS, findChromium } from '../web/test/browser.mjs';

const POLL_MS = 20;

/**
 * Starts it, with a profile of its own.
 * @returns {Promise<{newPage: () => Promise<import('playwright-core').Page>, close: () => Promise<void>}>} pages share a
 *   store that is gone at the end; of a page there is only what the benchmark uses
 */
export async function launchBare() {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-bench-'));
  const child = spawn(findChromium(), ['--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`, ...ARGS, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  const [, , , input, output] = /** @type {[null, null, null, import('node:stream').Writable, import('node:stream').Readable]} */ (
    /** @type {unknown} */ (child.stdio));
  /** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void}>} */
  const waiting = new Map();
  let last = 0, text = '';
  // Messages end with a zero byte.
  output.setEncoding('utf8').on('data', (more) => {
    const messages = (text + more).split('\0');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const { id, result, error } = JSON.parse(message);
      if (error) waiting.get(id)?.reject(new Error(error.message));
      else waiting.get(id)?.resolve(result);
      waiting.delete(id);
    }
  });
  ended.then(() => { for (const { reject } of waiting.values()) reject(new Error('the browser has ended')); });
  /** @type {(method: string, params?: object, sessionId?: string) => Promise<any>} */
  const send = (method, params = {}, sessionId) => new Promise((resolve, reject) => {
    waiting.set(++last, { resolve, reject });
    input.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  });
  // Like a driver's context: nothing of it goes to the disk.
  const { browserContextId } = await send('Target.createBrowserContext');
  return {
    async newPage() {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank', browserContextId });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      /** @type {(run: Function, given?: unknown) => Promise<any>} */
      const evaluate = async (run, given) => {
        const { result, exceptionDetails } = await send('Runtime.evaluate',
          { expression: `(${run})(${JSON.stringify(given)})`, awaitPromise: true, returnByValue: true }, sessionId);
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
      };
      const page = {
        evaluate,
        /** @param {string} url */
        async goto(url) {
          await send('Page.navigate', { url }, sessionId);
          // An evaluation that the navigation overtakes fails.
          while (await evaluate(() => `${location.href} ${document.readyState}`).catch(() => '') !== `${url} complete`) await pause(POLL_MS);
        },
        close: () => send('Target.closeTarget', { targetId }),
        waitForTimeout: pause,
      };
      return /** @type {import('playwright-core').Page} */ (/** @type {unknown} */ (page));
    },
    async close() {
      send('Browser.close').catch(() => {});
      await ended;
      fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
