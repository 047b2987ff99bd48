// The page beside other runtimes on the same work, one thread each, in turns within one session:
//   node bench/peers/main.mjs [--rounds 5] [--append] [--tries 3]
//     [--peers wllama2,wllama3,ort,native,native-q4_0]
// Prints Go's benchmark format and then ratios; writes build/bench-peers.json. One round runs ours
// and then each peer, every one in a browser or process of its own: loaded, warmed up, then
// measured. --append adds to the rounds that build/peers/rounds.jsonl has from calls before. `make
// bench-peers` installs what this needs.

import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { printHeader, printLine } from '../go-format.mjs';
import { undisturbed } from '../processes.mjs';
import * as llama from './llama.mjs';
import * as onnxruntime from './onnxruntime.mjs';
import { OURS, compare, table } from './results.mjs';
import { BUILD, ROOT } from './session.mjs';
import * as spikechat from './spikechat.mjs';
import * as wllama from './wllama.mjs';

/**
 * @typedef {object} Runtime
 * @property {string[]} needs files in build/peers
 * @property {() => Promise<import('./session.mjs').Session>} open
 */

const NATIVE = 'node_modules/node-llama-cpp';

/** @type {Record<string, Runtime>} */
const RUNTIMES = {
  [OURS]: { needs: [], open: spikechat.open },
  wllama2: { needs: ['q4_1.gguf', 'node_modules/wllama2'], open: () => wllama.open('wllama2') },
  wllama3: { needs: ['q4_1.gguf', 'node_modules/wllama3'], open: () => wllama.open('wllama3') },
  ort: { needs: ['int8.onnx', 'node_modules/onnxruntime-web'], open: onnxruntime.open },
  native: { needs: ['q4_1.gguf', NATIVE], open: () => llama.open('q4_1.gguf') },
  'native-q4_0': { needs: ['q4_0.gguf', NATIVE], open: () => llama.open('q4_0.gguf') },
};
const ALL_PEERS = Object.keys(RUNTIMES).filter((name) => name !== OURS);
const ROUNDS = path.join(BUILD, 'rounds.jsonl');
const DECODED = 64, SHORT = 32, LONG = 256;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    append: { type: 'boolean', default: false },
    peers: { type: 'string', default: ALL_PEERS.join(',') },
    tries: { type: 'string', default: '3' },
  },
});

/** @param {string} name @param {number} round @returns {Promise<import('./results.mjs').Run>} */
async function run(name, round) {
  const session = await RUNTIMES[name].open();
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

async function main() {
  const peers = options.peers.split(',');
  checkPeers(peers);
  if (!options.append) fs.rmSync(ROUNDS, { force: true });
  printHeader();
  const before = readRounds().length;
  for (let round = before; round < before + Number(options.rounds); round++) {
    /** @type {import('./results.mjs').Round} */
    const runs = {};
    for (const name of [OURS, ...peers]) {
      try {
        runs[name] = await run(name, round);
      } catch (cause) {
        throw new Error(`${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
      }
      const { about, decode, prompt32, prompt256 } = runs[name];
      console.error(`round ${round + 1}, ${name}: ${about}`);
      printLine(`Decode/runtime=${name}`, DECODED - 1,
        { 'ns/op': 1e9 / decode, 'tokens/s': decode });
      printLine(`First/runtime=${name}/prompt=${SHORT}`, 1,
        { 'ns/op': SHORT * 1e9 / prompt32, 'tokens/s': prompt32 });
      printLine(`First/runtime=${name}/prompt=${LONG}`, 1,
        { 'ns/op': LONG * 1e9 / prompt256, 'tokens/s': prompt256 });
    }
    fs.appendFileSync(ROUNDS, JSON.stringify(runs) + '\n');
  }
  const comparisons = compare(readRounds());
  const file = path.join(ROOT, 'build/bench-peers.json');
  fs.writeFileSync(file, JSON.stringify(comparisons, null, 2) + '\n');
  console.log('\n' + table(comparisons));
}

main().catch((error) => {
  console.error(`bench-peers: ${error.message}`);
  process.exitCode = 1;
});
