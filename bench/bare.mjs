// A browser that is watched as little as a visitor's. A driver has the browser report what it
// loads, and for that a renderer keeps every response in base64: 116 MB for the model that the
// benchmark would take for the page's own.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ARGS, findChromium } from '../web/test/browser.mjs';

/** @typedef {import('node:stream').Readable} Readable */
/** @typedef {import('node:stream').Writable} Writable */
/**
 * @typedef {object} Watched
 * @property {(method: string, params?: object) => Promise<any>} send a command of the DevTools
 *   protocol to the page
 */
/** @typedef {import('playwright-core').Page & Watched} Page */

const POLL_MS = 20;
/** How long a page may take to be there, and the browser to end. */
const PATIENCE_MS = 30_000;

/**
 * Starts it, with a profile of its own.
 * @param {string[]} [more] arguments for the browser
 * @returns {Promise<{newPage: () => Promise<Page>, close: () => Promise<void>}>} pages share a
 *   store that is gone at the end; of a page there is only what the benchmark uses
 */
export async function launchBare(more = []) {
  const browser = findChromium();
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-bench-'));
  const child = spawn(browser, [
    '--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`, ...ARGS, ...more,
    'about:blank',
  ], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , , input, output] = /** @type {[null, null, null, Writable, Readable]} */ (
    /** @type {unknown} */ (child.stdio));
  /** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void}>} */
  const waiting = new Map();
  let last = 0, text = '';
  /** @type {Error | null} why nothing is answered any more */
  let gone = null;
  /** @param {Error} error */
  const lose = (error) => {
    gone ??= error;
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  const ended = new Promise((resolve) => {
    child.once('exit', () => { lose(new Error('the browser has ended')); resolve(null); });
    // One that could not be started does not exit either.
    child.on('error', (error) => { lose(error); resolve(null); });
  });
  for (const pipe of [input, output]) {
    pipe.on('error', (error) => {
      lose(new Error('the browser cannot be reached', { cause: error }));
    });
  }
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
  /** @type {(method: string, params?: object, sessionId?: string) => Promise<any>} */
  const send = (method, params = {}, sessionId) => new Promise((resolve, reject) => {
    if (gone) { reject(gone); return; }
    waiting.set(++last, { resolve, reject });
    input.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
  });
  const close = async () => {
    send('Browser.close').catch(() => {});
    const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    await ended;
    clearTimeout(late);
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  // Like a driver's context: nothing of it goes to the disk.
  const create = () => send('Target.createBrowserContext');
  const { browserContextId } = await inTime('the browser', create).catch(async (error) => {
    await close();
    throw error;
  });
  return {
    async newPage() {
      const { targetId } = await send('Target.createTarget', {
        url: 'about:blank', browserContextId,
      });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      /** @type {(run: Function, given?: unknown) => Promise<any>} */
      const evaluate = async (run, given) => {
        const { result, exceptionDetails } = await send('Runtime.evaluate', {
          expression: `(${run})(${JSON.stringify(given)})`, awaitPromise: true, returnByValue: true,
        }, sessionId);
        if (exceptionDetails) {
          throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        }
        return result.value;
      };
      const page = {
        evaluate,
        /** @param {string} url */
        async goto(url) {
          // An evaluation that the navigation overtakes fails.
          const place = () => evaluate(() => `${location.href} ${document.readyState}`)
            .catch((error) => {
              if (gone) throw error;
              return '';
            });
          await inTime(url, async (late) => {
            const { errorText } = await send('Page.navigate', { url }, sessionId);
            if (errorText) throw new Error(`${url}: ${errorText}`);
            while (!late.aborted && await place() !== `${url} complete`) await pause(POLL_MS);
          });
        },
        /** @param {string} method @param {object} [params] */
        send: (method, params) => send(method, params, sessionId),
        close: () => send('Target.closeTarget', { targetId }),
        waitForTimeout: pause,
      };
      return /** @type {Page} */ (/** @type {unknown} */ (page));
    },
    close,
  };
}

/**
 * @template T
 * @param {string} what
 * @param {(late: AbortSignal) => Promise<T>} wait
 * @returns {Promise<T>} rejects where that takes too long
 */
function inTime(what, wait) {
  const late = AbortSignal.timeout(PATIENCE_MS);
  const never = new Promise((_, reject) => {
    late.addEventListener('abort', () => {
      reject(new Error(`${what} is not there after ${PATIENCE_MS / 1000} s`));
    });
  });
  return Promise.race([wait(late), never]);
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
