// The process of llama.mjs. The first message loads a model, each later one asks; each gets one
// message back.

import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// More CPU time than this many times the time means more threads; sampling and JavaScript may
// overlap a little.
const OVERLAP = 0.15;

let threads = 1;
/** @type {any} */
let model;
/** @type {any} */
let sequence;

/** @param {{packages: string, model: string, context: number, threads: number}} options */
async function load(options) {
  const module = path.join(options.packages, 'node-llama-cpp/dist/index.js');
  const { getLlama } = await import(pathToFileURL(module).href);
  const llama = await getLlama({
    gpu: false, build: 'never', skipDownload: true, maxThreads: 0, logLevel: 'error',
  });
  model = await llama.loadModel({ modelPath: options.model });
  const context = await model.createContext({
    contextSize: options.context, threads: options.threads, sequences: 1,
  });
  sequence = context.getSequence();
  threads = options.threads;
  if (context.currentThreads !== threads) {
    throw new Error(`llama.cpp runs on ${context.currentThreads} threads`);
  }
  return { kernels: /libggml-cpu[\w-]*/.exec(fs.readFileSync('/proc/self/maps', 'latin1'))?.[0] };
}

/** @param {{prompt: string, tokens: number}} question */
async function ask({ prompt, tokens }) {
  const input = model.tokenize(prompt, true);
  await sequence.clearHistory();
  const cpu = process.cpuUsage(), started = performance.now();
  let first = 0, last = 0, decoded = -1;
  for await (const _ of sequence.evaluate(input, { temperature: 0, yieldEogTokens: true })) {
    last = performance.now();
    first ||= last;
    if (++decoded === tokens - 1) break;
  }
  const { user, system } = process.cpuUsage(cpu);
  const used = (user + system) / 1e3 / (performance.now() - started);
  if (used > threads + OVERLAP) throw new Error(`llama.cpp used ${used.toFixed(2)} threads`);
  return { first: first - started, decode: last - first, decoded, used: input.length };
}

process.on('message', async (/** @type {any} */ message) => {
  try {
    process.send?.({ result: await ('model' in message ? load(message) : ask(message)) });
  } catch (error) {
    process.send?.({ error: String(error instanceof Error ? error.message : error) });
  }
});
