// Where the worker's time goes, by Go function, from Chromium's sampling profiler:
//   node bench/profile.mjs [--part step|prefill] [--prompt 32] [--tokens 128] [--steps 4]
//     [--kernel lookup] [--top 25]
// The shipped builds carry no names, so `make bench-profile` builds the same engine with them into
// build/profile/, and that one is served here in place of the shipped one.

import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from '../web/test/browser.mjs';
import { serve, BLANK } from '../web/test/server.mjs';
import { answer, forget, load } from './in-page.mjs';

const root = path.resolve(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    part: { type: 'string', default: 'step' },
    prompt: { type: 'string', default: '32' },
    tokens: { type: 'string', default: '128' },
    steps: { type: 'string', default: '4' },
    kernel: { type: 'string', default: 'lookup' },
    top: { type: 'string', default: '25' },
    dist: { type: 'string', default: path.join(root, 'dist') },
    engine: { type: 'string', default: path.join(root, 'build/profile/spikechat-relaxed.wasm') },
    save: { type: 'string' }, // a file for the raw profile, which the browser's own tools open
  },
});

/**
 * The parts of a profile in use here; times in microseconds.
 * @typedef {object} Profile
 * @property {ProfileNode[]} nodes
 * @property {number[]} samples ids of nodes
 * @property {number[]} timeDeltas before each sample
 */

/**
 * @typedef {object} ProfileNode
 * @property {number} id
 * @property {{functionName: string, url: string}} callFrame
 * @property {number[]} [children] ids of nodes
 */

/**
 * Talks to the page's worker over the old form of the protocol, in which a message names its
 * session: the driver keeps the sessions of the new form to itself.
 * @param {import('playwright-core').Page} page before it has a worker
 * @returns {Promise<(method: string, params?: object) => Promise<any>>}
 */
async function connectWorker(page) {
  const cdp = await page.context().newCDPSession(page);
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  const waiting = new Map();
  /** @type {string | undefined} */
  let sessionId;
  let last = 0;
  cdp.on('Target.attachedToTarget', (event) => {
    if (event.targetInfo.type === 'worker') ({ sessionId } = event);
  });
  cdp.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result, error } = JSON.parse(message);
    if (error) waiting.get(id)?.reject(new Error(error.message));
    else waiting.get(id)?.resolve(result);
    waiting.delete(id);
  });
  await cdp.send('Target.setAutoAttach', {
    autoAttach: true, waitForDebuggerOnStart: false, flatten: false,
  });
  return (method, params = {}) => new Promise((resolve, reject) => {
    const id = ++last;
    waiting.set(id, { resolve, reject });
    const message = JSON.stringify({ id, method, params });
    cdp.send('Target.sendMessageToTarget', { sessionId, message }).catch(reject);
  });
}

/**
 * Sums a profile by function.
 * @param {Profile} profile
 * @param {string} part the method of wasm-engine.js below which samples count
 * @returns {{part: number, all: number, functions: [string, number][]}} milliseconds of the part,
 *   of all that the worker did, and self time in the part by function, most first
 */
function sum({ nodes, samples, timeDeltas }, part) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  /** @type {Set<number>} */
  const inside = new Set();
  /** @param {ProfileNode} node */
  const mark = (node) => {
    inside.add(node.id);
    for (const child of node.children ?? []) mark(/** @type {ProfileNode} */ (byId.get(child)));
  };
  for (const node of nodes) {
    const { functionName, url } = node.callFrame;
    if (functionName === part && url.endsWith('/wasm-engine.js')) mark(node);
  }
  let partTime = 0, all = 0;
  /** @type {Map<string, number>} */
  const functions = new Map();
  samples.forEach((id, i) => {
    const { functionName } = /** @type {ProfileNode} */ (byId.get(id)).callFrame;
    if (functionName === '(idle)') return;
    // A sample stands for the time up to the next one.
    const ms = (timeDeltas[i + 1] ?? 0) / 1e3;
    all += ms;
    if (!inside.has(id)) return;
    partTime += ms;
    const name = goName(functionName);
    functions.set(name, (functions.get(name) ?? 0) + ms);
  });
  return { part: partTime, all, functions: [...functions].sort((a, b) => b[1] - a[1]) };
}

/**
 * A function's name as Go writes it: its linker puts _ for all that is no letter, digit or dot.
 * @param {string} name
 */
function goName(name) {
  return name.replace('github.com_spikechat_spikechat_', '')
    .replace('core_simd', 'core/simd')
    .replace(/\.__(\w+)_\./, '.(*$1).');
}

if (!fs.existsSync(options.engine)) {
  throw new Error(`${options.engine} is missing: run make bench-profile`);
}
if (options.part !== 'step' && options.part !== 'prefill') {
  throw new Error(`--part is step or prefill, not ${options.part}`);
}
const site = await serve(options.dist);
site.fault = ({ path: name }) =>
  name === '/spikechat-relaxed.wasm' ? { body: fs.readFileSync(options.engine) } : null;
const browser = await launch();
try {
  const page = await browser.newPage();
  const worker = await connectWorker(page);
  await page.goto(site.url + BLANK);
  await load(page, { kernel: options.kernel });
  const question = {
    steps: Number(options.steps), prompt: Number(options.prompt), tokens: Number(options.tokens),
  };
  await answer(page, { ...question, unique: 0 }); // the profile shall show optimised code alone
  await forget(page, question.steps);
  await worker('Profiler.enable');
  await worker('Profiler.setSamplingInterval', { interval: 500 });
  await worker('Profiler.start');
  const { first, decode, decoded } = await answer(page, { ...question, unique: 1 });
  const { profile } = await worker('Profiler.stop');
  if (options.save) fs.writeFileSync(options.save, JSON.stringify(profile));
  const { part, all, functions } = sum(profile, options.part);
  const tokens = options.part === 'step' ? decoded + 1 : question.prompt;
  console.log(`while profiled: first token ${first.toFixed(0)} ms, ` +
    `decode ${(decoded / decode * 1e3).toFixed(1)} tokens/s`);
  console.log(`${options.part}: ${(part / tokens).toFixed(3)} ms a token over ${tokens} tokens; ` +
    `everything of the worker: ${all.toFixed(0)} ms`);
  console.log('   ms/token  share  self time in');
  for (const [name, ms] of functions.slice(0, Number(options.top))) {
    const perToken = (ms / tokens).toFixed(3), share = (100 * ms / part).toFixed(1);
    console.log(`${perToken.padStart(11)} ${share.padStart(5)}%  ${name}`);
  }
} finally {
  await browser.close();
  await site.close();
}
