// Firefox, by WebDriver BiDi: the browser speaks it itself, so that no other driver is needed.

import fs from 'node:fs';
import path from 'node:path';
import { WebSocket } from 'ws';
import { Group } from './group.mjs';
import { clickActions, keyActions } from './keys.mjs';
import { EVALUATE_MS, START_MS, VIEWPORT, inTime } from './limits.mjs';

/** Quiet, and offline but for our own server. */
const PREFERENCES = {
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'remote.active-protocols': 1, // WebDriver BiDi alone
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
};

/**
 * @param {string} [folder] of its profile, which stays at the end
 * @returns {Promise<import('./driver.mjs').Driver>}
 */
export async function launchFirefox(folder) {
  const group = new Group(process.env.FIREFOX || 'firefox-esr', (folder) => {
    const lines = Object.entries(PREFERENCES)
      .map((entry) => `user_pref(${entry.map((part) => JSON.stringify(part)).join(', ')});\n`);
    fs.writeFileSync(path.join(folder, 'user.js'), lines.join(''));
    return ['--headless', '--no-remote', '--profile', folder, '--remote-debugging-port', '0',
      'about:blank'];
  }, { folder });
  try {
    const [, url] = await group.line(/WebDriver BiDi listening on (ws:\S+)/);
    const bidi = new Connection(`${url}/session`);
    await group.whileRunning(bidi.opened);
    return await drive(bidi, group);
  } catch (error) {
    await group.end();
    throw error;
  }
}

/**
 * @param {Connection} bidi
 * @param {Group} group
 * @returns {Promise<import('./driver.mjs').Driver>}
 */
async function drive(bidi, group) {
  const { capabilities } = await bidi.send('session.new', { capabilities: {} });
  const { contexts: [{ context }] } = await bidi.send('browsingContext.getTree', {});
  await bidi.send('browsingContext.setViewport', { context, viewport: VIEWPORT });
  /** @param {object[]} actions */
  const perform = async (actions) => {
    await bidi.send('input.performActions', { context, actions });
  };
  return {
    version: `Firefox ${capabilities.browserVersion}`,
    async open(url) {
      await bidi.send('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    async evaluate(run, given) {
      const { result, exceptionDetails } = await bidi.send('script.callFunction', {
        functionDeclaration:
          `async (given) => JSON.stringify(await (${run})(given && JSON.parse(given)))`,
        arguments: [given === undefined
          ? { type: 'undefined' }
          : { type: 'string', value: JSON.stringify(given) }],
        target: { context }, awaitPromise: true,
      }, EVALUATE_MS);
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return result.type === 'undefined' ? undefined : JSON.parse(result.value);
    },
    type: (keys) => perform(keyActions(keys)),
    click: (x, y) => perform(clickActions(x, y)),
    async screenshot(file) {
      const { data } = await bidi.send('browsingContext.captureScreenshot', { context });
      fs.writeFileSync(file, Buffer.from(data, 'base64'));
    },
    async close() {
      bidi.close();
      await group.end();
    },
  };
}

/** Commands and their answers, over one socket. */
class Connection {
  #socket;
  #last = 0;
  /** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();
  /** @type {Promise<void>} */
  opened;

  /** @param {string} url */
  constructor(url) {
    this.#socket = new WebSocket(url, { maxPayload: 256 << 20 });
    this.opened = new Promise((resolve, reject) => {
      this.#socket.once('open', () => resolve());
      this.#socket.on('error', reject);
    });
    this.#socket.on('message', (data) => this.#receive(JSON.parse(data.toString())));
    this.#socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the browser has ended'));
      this.#waiting.clear();
    });
  }

  /**
   * @param {string} method
   * @param {object} params
   * @param {number} [ms] how long it may take
   * @returns {Promise<any>}
   */
  send(method, params, ms = START_MS) {
    const id = ++this.#last;
    const answer = new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }), (error) => {
        if (error) reject(error);
      });
    });
    return inTime(method, ms, answer);
  }

  close() {
    this.#socket.terminate();
  }

  /**
   * @param {{id?: number, type: string, result: object, error: string, message: string}} answer
   */
  #receive({ id, type, result, error, message }) {
    if (id === undefined) return; // an event
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (type === 'error') waiting?.reject(new Error(`${error}: ${message}`));
    else waiting?.resolve(result);
  }
}
