// WebKit, Safari's engine, as GTK has it, by W3C WebDriver. Its browser knows no headless mode: it
// gets a screen in memory.

import fs from 'node:fs';
import net from 'node:net';
import { Group } from './group.mjs';
import { clickActions, keyActions } from './keys.mjs';
import { EVALUATE_MS, START_MS, VIEWPORT, inTime } from './limits.mjs';

const BROWSERS = [
  '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64', '/usr/libexec', '/usr/lib',
].map((folder) => `${folder}/webkit2gtk-4.1/MiniBrowser`);

/** @returns {Promise<import('./driver.mjs').Driver>} */
export async function launchWebKit() {
  const binary = process.env.WEBKIT || BROWSERS.find((file) => fs.existsSync(file));
  if (!binary) {
    const places = BROWSERS.join(', ');
    throw new Error(`no MiniBrowser of WebKitGTK: set WEBKIT to its path; looked at ${places}`);
  }
  const port = await freePort();
  const group = new Group('xvfb-run', () => [
    '-a', '-s', '-screen 0 1400x1000x24',
    'dbus-run-session', '--', 'WebKitWebDriver', `--port=${port}`,
  ], {
    environment: {
      // Tests run as root in containers, and open only our own page.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
    },
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    await group.whileRunning(answering(url));
    return await drive(url, binary, group);
  } catch (error) {
    await group.end();
    throw error;
  }
}

/**
 * @param {string} url of the driver
 * @param {string} binary
 * @param {Group} group
 * @returns {Promise<import('./driver.mjs').Driver>}
 */
async function drive(url, binary, group) {
  const { sessionId, capabilities } = await send('POST', `${url}/session`, {
    capabilities: { alwaysMatch: {
      'webkitgtk:browserOptions': { binary, args: ['--automation'] },
      timeouts: { script: EVALUATE_MS, pageLoad: START_MS },
    } },
  });
  const session = `${url}/session/${sessionId}`;
  /** @type {import('./driver.mjs').Driver['evaluate']} */
  const evaluate = async (run, given) => {
    const { value, error } = await send('POST', `${session}/execute/async`, {
      script: `const [given, done] = arguments;
        (async () => (${run})(given ?? undefined))()
          .then((value) => done({ value }), (error) => done({ error: String(error) }));`,
      args: [given ?? null],
    }, EVALUATE_MS);
    if (error) throw new Error(error);
    return value;
  };
  // The window is larger than the page by what lies around it.
  await send('POST', `${session}/window/rect`, { ...VIEWPORT });
  const inner = await evaluate(() => ({ width: innerWidth, height: innerHeight }));
  await send('POST', `${session}/window/rect`,
    { width: 2 * VIEWPORT.width - inner.width, height: 2 * VIEWPORT.height - inner.height });
  /** @param {object[]} actions */
  const perform = async (actions) => { await send('POST', `${session}/actions`, { actions }); };
  return {
    version: `WebKit of ${capabilities.browserName} ${capabilities.browserVersion}`,
    async open(address) {
      await send('POST', `${session}/url`, { url: address });
      // This driver does not wait for modules.
      await evaluate(async () => {
        while (document.readyState !== 'complete') {
          await new Promise((resolve) => { setTimeout(resolve, 20); });
        }
      });
    },
    evaluate,
    type: (keys) => perform(keyActions(keys)),
    click: (x, y) => perform(clickActions(x, y)),
    async screenshot(file) {
      fs.writeFileSync(file, Buffer.from(await send('GET', `${session}/screenshot`), 'base64'));
    },
    async close() {
      await send('DELETE', session).catch(() => {});
      await group.end();
    },
  };
}

/**
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} url
 * @param {object} [body]
 * @param {number} [ms] how long it may take
 * @returns {Promise<any>} the answer's value
 */
async function send(method, url, body, ms = START_MS) {
  const response = await inTime(`${method} ${new URL(url).pathname}`, ms,
    fetch(url, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(ms) }));
  const { value } = /** @type {{value: any}} */ (await response.json());
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** @param {string} url of the driver */
async function answering(url) {
  for (const until = Date.now() + START_MS; Date.now() < until;) {
    if (await send('GET', `${url}/status`).catch(() => null)) return;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
