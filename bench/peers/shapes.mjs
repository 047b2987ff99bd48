// The engine beside wllama on the same files: random weights in the shapes of models that people
// have, in turns, one thread each:
//   node bench/peers/shapes.mjs [--shapes 360m,0.6b,1b] [--types q4_0,q4_1,q8_0] [--rounds 3]
//     [--peers wllama2] [--tries 2] [--append] [--remove] [--publish]
// Every run has a browser of its own that no driver watches, loads the model from this machine, is
// warmed up, and then decodes 64 tokens after a prompt of 32, so that its context is 64 on average.
// Random weights defeat the search for the largest logit, so ours is asked for logprobs, which need
// all logits; wllama computes all always. Models are made in build/shapes where they are missing;
// --remove removes each when it is measured. --append adds to the rounds of calls before, which
// build/shapes.jsonl has; --publish writes the tables of BENCHMARKS.md.

import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BLANK, serve } from '../../web/test/server.mjs';
import { launchBare } from '../bare.mjs';
import { printHeader, printLine } from '../go-format.mjs';
import { answer, forget, load } from '../in-page.mjs';
import { rendererMemory, undisturbed, watchMemory } from '../processes.mjs';
import { question } from '../prompt.mjs';
import { OURS } from './results.mjs';
import { ROOT, checked } from './session.mjs';
import { SHAPES, TYPES, make, remove } from './shapes/models.mjs';
import { publish, tables } from './shapes/results.mjs';
import * as wllama from './wllama.mjs';

/** @import { Answer } from '../in-page.mjs' */
/** @import { Page } from '../bare.mjs' */
/** @import { Model } from './shapes/models.mjs' */
/** @import { Figures, Round } from './shapes/results.mjs' */

const ROUNDS = path.join(ROOT, 'build/shapes.jsonl');
const STEPS = 4, PROMPT = 32, WARM = 20, DECODED = 64, CONTEXT = 128;
/** How often a question is asked anew whose answer ended too early. */
const TRIES = 5;

const { values: options } = parseArgs({
  options: {
    shapes: { type: 'string', default: Object.keys(SHAPES).join() },
    types: { type: 'string', default: TYPES.join() },
    peers: { type: 'string', default: 'wllama2' },
    rounds: { type: 'string', default: '3' },
    tries: { type: 'string', default: '2' },
    append: { type: 'boolean', default: false },
    remove: { type: 'boolean', default: false },
    publish: { type: 'boolean', default: false },
  },
});

/**
 * @typedef {object} Loaded
 * @property {string} about
 * @property {number} ms that loading took
 * @property {(tokens: number, unique: number) => Promise<Answer>} ask
 */

/** @typedef {(page: Page, shape: string, model: Model) => Promise<Loaded>} Load */

/** @type {Load} */
async function loadOurs(page, shape, { manifest }) {
  const { frame } = SHAPES[shape];
  const ms = await load(page, {
    model: `/${manifest}`, kernel: 'auto', threads: 1, context: CONTEXT, useCache: false,
  }, '/dist/engine.js');
  /** @type {string} */
  const build = await page.evaluate(() => /** @type {any} */ (window).engine.info.build);
  return {
    about: `${build} build, T=${STEPS}, kernel auto`, ms,
    async ask(tokens, unique) {
      for (let i = 0; i < TRIES; i++) {
        await forget(page, STEPS, frame);
        const result = await answer(page, {
          steps: STEPS, prompt: PROMPT, tokens, unique: unique + 1000 * i, frame, logprobs: true,
        });
        if (result.decoded === tokens - 1) return result;
      }
      throw new Error(`no answer of ${TRIES} was ${tokens} tokens long`);
    },
  };
}

/** @param {wllama.Name} name @returns {Load} */
function loadWllama(name) {
  return async (page, shape, { gguf }) => {
    const { frame, text } = SHAPES[shape];
    const { version, ms } = await wllama.load(page,
      { name, file: `/${gguf}`, context: CONTEXT, threads: 1 });
    return {
      about: `llama.cpp ${version}`, ms,
      async ask(tokens, unique) {
        const prompt = text(question(unique, PROMPT, frame));
        return checked({ prompt: PROMPT, tokens, unique },
          await wllama.complete(page, name, prompt, tokens, []));
      },
    };
  };
}

/** @type {Readonly<Record<string, {policy?: string, load: Load}>>} */
const RUNTIMES = {
  [OURS]: { load: loadOurs },
  wllama2: { policy: '', load: loadWllama('wllama2') },
  wllama3: { policy: '', load: loadWllama('wllama3') },
};

/**
 * @param {string} runtime
 * @param {string} shape
 * @param {Model} model
 * @param {number} round
 * @returns {Promise<Figures>}
 */
async function run(runtime, shape, model, round) {
  const site = await serve(ROOT, RUNTIMES[runtime].policy);
  const browser = await launchBare();
  try {
    const page = await browser.newPage();
    await page.goto(site.url + BLANK);
    // Looking at memory takes time, so nobody looks during answers.
    const held = watchMemory();
    const { about, ms, ask } = await RUNTIMES[runtime].load(page, shape, model);
    const whileLoading = held();
    let unique = 20 * round;
    await ask(WARM, unique++);
    const { result, disturbed } =
      await undisturbed(() => ask(DECODED, unique++), Number(options.tries));
    return {
      about, decode: result.decoded / result.decode * 1e3, prompt: PROMPT / result.first * 1e3,
      load: ms, renderer: rendererMemory().peak, browser: Math.max(whileLoading, watchMemory()()),
      disturbed,
    };
  } finally {
    await browser.close();
    await site.close();
  }
}

/**
 * @param {string} shape
 * @param {string} type
 * @param {Model} model
 * @param {number} number of the round
 * @returns {Promise<Round>}
 */
async function measureRound(shape, type, model, number) {
  /** @type {Round['runs']} */
  const runs = {};
  for (const runtime of [OURS, ...options.peers.split(',').filter(Boolean)]) {
    const figures = await run(runtime, shape, model, number);
    runs[runtime] = figures;
    console.error(`${shape}, ${type}, round ${number + 1}, ${runtime}: ${figures.about}` +
      `${figures.disturbed ? '; others were busy' : ''}`);
    const { decode, prompt, load, renderer, browser } = figures;
    const label = `shape=${shape}/type=${type}/runtime=${runtime}`;
    printLine(`Decode/${label}`, DECODED - 1, { 'ns/op': 1e9 / decode, 'tokens/s': decode });
    printLine(`First/${label}`, 1, { 'ns/op': PROMPT * 1e9 / prompt, 'tokens/s': prompt });
    printLine(`Load/${label}`, 1,
      { 'ns/op': load * 1e6, 'peak-bytes': renderer, 'browser-bytes': browser });
  }
  const { bytes, packed } = model;
  return { shape, type, bytes, packed, runs };
}

/** @returns {Round[]} */
function readRounds() {
  if (!fs.existsSync(ROUNDS)) return [];
  return fs.readFileSync(ROUNDS, 'utf8').trim().split('\n').filter(Boolean)
    .map((line) => JSON.parse(line));
}

/**
 * @param {string} option
 * @param {string} given names with commas between them
 * @param {string[]} known
 * @returns {string[]}
 */
function namesOf(option, given, known) {
  const names = given.split(',').filter(Boolean);
  const strange = names.find((name) => !known.includes(name));
  if (strange) throw new Error(`--${option}: ${strange} is none of ${known.join(', ')}`);
  return names;
}

async function main() {
  const shapes = namesOf('shapes', options.shapes, Object.keys(SHAPES));
  const types = namesOf('types', options.types, TYPES);
  namesOf('peers', options.peers, Object.keys(RUNTIMES).filter((name) => name !== OURS));
  if (!options.append) fs.rmSync(ROUNDS, { force: true });
  printHeader();
  for (const shape of shapes) {
    for (const type of types) {
      const model = make(shape, type);
      const before = readRounds().filter((one) => one.shape === shape && one.type === type).length;
      for (let i = 0; i < Number(options.rounds); i++) {
        const round = await measureRound(shape, type, model, before + i);
        fs.appendFileSync(ROUNDS, `${JSON.stringify(round)}\n`);
      }
      if (options.remove) remove(model);
    }
  }
  console.log(`\n${tables(readRounds())}`);
  if (options.publish) publish(readRounds());
}

main().catch((error) => {
  console.error(`bench-shapes: ${error.message}`);
  process.exitCode = 1;
});
