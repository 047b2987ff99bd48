// The page beside other runtimes on the same work, in turns within one session:
//   node bench/peers/main.mjs [--rounds 5] [--append] [--tries 3] [--threads 1,2] [--publish]
//     [--peers firefox,webkit,wllama2,wllama3,ort,native,native-q4_0]
// Prints the processor, how fast it reads memory, Go's benchmark format, and then ratios; writes
// build/bench-peers.json. One round runs ours and then each peer, every one in a browser or process
// of its own: loaded, warmed up, then measured; on one thread, and then on two. Firefox and WebKit
// run ours. --append adds to the rounds that build/peers/rounds.jsonl has from calls before.
// --publish keeps the results in bench/results, by processor, and writes the tables of
// BENCHMARKS.md. `make bench-peers` installs what this needs.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { printHeader, printLine } from '../go-format.mjs';
import { undisturbed } from '../processes.mjs';
import * as llama from './llama.mjs';
import { fileName, machine } from './machine.mjs';
import * as onnxruntime from './onnxruntime.mjs';
import { OURS, compare, nameOf } from './results.mjs';
import { BUILD, ROOT } from './session.mjs';
import * as spikechat from './spikechat.mjs';
import { RESULTS, tables, writeTables } from './tables.mjs';
import * as wllama from './wllama.mjs';

/**
 * @typedef {object} Runtime
 * @property {string[]} needs files in build/peers
 * @property {number} [most] threads that it can use; any number where not given
 * @property {(threads: number) => Promise<import('./session.mjs').Session>} open
 */

const NATIVE = ['node_modules/node-llama-cpp', 'pin_threads.so'];

/** @type {Record<string, Runtime>} */
const RUNTIMES = {
  [OURS]: { needs: [], open: (threads) => spikechat.open('chromium', threads) },
  firefox: { needs: [], open: (threads) => spikechat.open('firefox', threads) },
  // WebKitGTK has no SharedArrayBuffer.
  webkit: { needs: [], most: 1, open: (threads) => spikechat.open('webkit', threads) },
  wllama2: {
    needs: ['q4_1.gguf', 'node_modules/wllama2'],
    open: (threads) => wllama.open('wllama2', threads),
  },
  wllama3: {
    needs: ['q4_1.gguf', 'node_modules/wllama3'],
    open: (threads) => wllama.open('wllama3', threads),
  },
  ort: { needs: ['int8.onnx', 'node_modules/onnxruntime-web'], open: onnxruntime.open },
  native: { needs: ['q4_1.gguf', ...NATIVE], open: (threads) => llama.open('q4_1.gguf', threads) },
  'native-q4_0': {
    needs: ['q4_0.gguf', ...NATIVE],
    open: (threads) => llama.open('q4_0.gguf', threads),
  },
};
const ALL_PEERS = Object.keys(RUNTIMES).filter((name) => name !== OURS);
const ROUNDS = path.join(BUILD, 'rounds.jsonl');
const DECODED = 64, SHORT = 32, LONG = 256;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    append: { type: 'boolean', default: false },
    publish: { type: 'boolean', default: false },
    peers: { type: 'string', default: ALL_PEERS.join(',') },
    threads: { type: 'string', default: '1,2' },
    tries: { type: 'string', default: '3' },
  },
});

/**
 * @param {string} name of a runtime
 * @param {number} threads
 * @param {number} round
 * @returns {Promise<import('./results.mjs').Run>}
 */
async function run(name, threads, round) {
  const session = await RUNTIMES[name].open(threads);
  try {
    const tries = Number(options.tries);
    let last = 20 * round;
    const askShort = () => session.ask({ prompt: SHORT, tokens: DECODED, unique: last++ });
    const askLong = () => session.ask({ prompt: LONG, tokens: 2, unique: last++ });
    await askShort();
    await askLong();
    const { result: short, disturbed: shortDisturbed } = await undisturbed(askShort, tries);
    const { result: long, disturbed: longDisturbed } = await undisturbed(askLong, tries);
    return {
      about: session.about,
      decode: short.decoded / short.decode * 1e3,
      prompt32: SHORT / short.first * 1e3,
      prompt256: LONG / long.first * 1e3,
      disturbed: [
        ...shortDisturbed ? ['decode', 'prompt32'] : [], ...longDisturbed ? ['prompt256'] : [],
      ],
    };
  } finally {
    await session.close();
  }
}

/**
 * @param {string[]} peers
 * @throws {Error} for a name that is not there, or a file that is missing
 */
function checkPeers(peers) {
  for (const name of peers) {
    if (!Object.hasOwn(RUNTIMES, name) || name === OURS) {
      throw new Error(`--peers: ${name} is none of ${ALL_PEERS.join(', ')}`);
    }
    for (const file of RUNTIMES[name].needs) {
      if (!fs.existsSync(path.join(BUILD, file))) {
        throw new Error(`build/peers/${file} is missing: run make bench-peers`);
      }
    }
  }
}

/** @returns {import('./results.mjs').Round[]} */
function readRounds() {
  if (!fs.existsSync(ROUNDS)) return [];
  return fs.readFileSync(ROUNDS, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
}

/**
 * One round: ours and the peers in turn, for each number of threads.
 * @param {string[]} peers
 * @param {number} number
 * @returns {Promise<import('./results.mjs').Round>}
 */
async function measureRound(peers, number) {
  /** @type {import('./results.mjs').Round} */
  const runs = {};
  for (const threads of options.threads.split(',').map(Number)) {
    for (const runtime of [OURS, ...peers]) {
      if (threads > (RUNTIMES[runtime].most ?? threads)) continue;
      const name = nameOf(runtime, threads);
      try {
        runs[name] = await run(runtime, threads, number);
      } catch (cause) {
        throw new Error(`${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
      }
      const { about, decode, prompt32, prompt256 } = runs[name];
      console.error(`round ${number + 1}, ${name}: ${about}`);
      const label = `runtime=${runtime}/threads=${threads}`;
      printLine(`Decode/${label}`, DECODED - 1, { 'ns/op': 1e9 / decode, 'tokens/s': decode });
      printLine(`First/${label}/prompt=${SHORT}`, 1,
        { 'ns/op': SHORT * 1e9 / prompt32, 'tokens/s': prompt32 });
      printLine(`First/${label}/prompt=${LONG}`, 1,
        { 'ns/op': LONG * 1e9 / prompt256, 'tokens/s': prompt256 });
    }
  }
  return runs;
}

/** @returns {string} the commit that is measured, marked where files differ from it */
function commit() {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  return git('describe', '--always', '--dirty', '--exclude', '*');
}

async function main() {
  const peers = options.peers.split(',').filter(Boolean);
  checkPeers(peers);
  if (!options.append) fs.rmSync(ROUNDS, { force: true });
  printHeader();
  const here = machine();
  console.log(`processor: ${here.processor}`);
  const before = readRounds().length;
  for (let round = before; round < before + Number(options.rounds); round++) {
    fs.appendFileSync(ROUNDS, JSON.stringify(await measureRound(peers, round)) + '\n');
  }
  const rounds = readRounds();
  const about = Object.fromEntries(rounds.flatMap((round) =>
    Object.entries(round).map(([name, run]) => [name, run.about])));
  const result = {
    machine: here, date: new Date().toISOString().slice(0, 10), commit: commit(), about,
    comparisons: compare(rounds),
  };
  const text = JSON.stringify(result, null, 2) + '\n';
  fs.writeFileSync(path.join(ROOT, 'build/bench-peers.json'), text);
  console.log('\n' + tables([result]));
  if (!options.publish) return;
  fs.writeFileSync(path.join(RESULTS, fileName(here.processor)), text);
  writeTables();
}

main().catch((error) => {
  console.error(`bench-peers: ${error.message}`);
  process.exitCode = 1;
});
