// docs/api.md has every name that the code has, and no other.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { toChunk, toCompletion, toUsage } from '../../../api/completion.js';
import { Engine } from '../../../api/engine.js';
import {
  ENGINE_OPTIONS, REQUEST, checkEngineOptions, checkRequest,
} from '../../../api/request.js';
import { SpikeChat } from '../../../chat/element.js';
import { REFLECTED, ReflectingElement } from '../../../chat/reflecting-element.js';
import * as exported from '../../../engine.js';
import { SpikeHeatmap } from '../../../heatmap/element.js';
import { CODES, SpikeError } from '../../../shared/errors.js';
import { toSpikes } from '../../../shared/spikes.js';
import { TABLES, entries, namesBehind } from '../../reference.mjs';

const WEB = path.resolve(import.meta.dirname, '../../..');
/** @param {string} file */
const read = (file) => fs.readFileSync(path.join(WEB, file), 'utf8');
const sources = ['chat', 'heatmap', 'markdown', 'embed']
  .flatMap((folder) => fs.readdirSync(path.join(WEB, folder), { recursive: true })
    .map((file) => `${folder}/${file}`))
  .filter((file) => /\.(js|css)$/.test(file)).map(read).join('\n');
const all = `${sources}\n${read('embed.js')}`;

/** @param {string} heading @param {Iterable<string>} names that the code has */
function same(heading, names) {
  const described = entries(heading).map(({ name }) => name);
  assert.equal(new Set(described).size, described.length, `${heading}: a name twice`);
  assert.deepEqual(described.toSorted(), [...new Set(names)].sort(), heading);
  checked.add(heading);
}
/** @type {Set<string>} */
const checked = new Set();

/** @param {string} text @param {RegExp} pattern with one group */
const found = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name);
/** @param {object} prototype of a class @param {RegExp} [but] */
const members = (prototype, but = /^$/) => Object.getOwnPropertyNames(prototype)
  .filter((name) => name !== 'constructor' && !but.test(name));

/**
 * Fields of plain data, those inside objects by their path.
 * @param {any} value
 * @param {string[]} [stop] paths to go no further at
 * @param {string} [prefix]
 * @returns {string[]}
 */
function paths(value, stop = [], prefix = '') {
  return Object.entries(value).flatMap(([key, field]) => {
    const name = prefix + key;
    if (stop.includes(name) || typeof field !== 'object' || field === null) return [name];
    if (!Array.isArray(field)) return paths(field, stop, `${name}.`);
    return typeof field[0] === 'object' ? paths(field[0], stop, `${name}[].`) : [name];
  });
}

const LIFE = /Callback$/;
const info = { layers: 1, populations: [{ name: 'qkv', neurons: 1, fan_out: 1 }], cache: [] };
const spikes = toSpikes(new Uint32Array(8), info, 0);
const logprob = { token: 'x', logprob: 0, bytes: [120] };
const common = { id: '', created: 0, model: '' };

test('the engine', () => {
  same('What engine.js exports', Object.keys(exported));
  same('Options of createEngine', Object.keys(ENGINE_OPTIONS));
  same('A request', Object.keys(REQUEST));
  const engine = new Engine(/** @type {any} */ (null), /** @type {any} */ ({}), {});
  same('An engine', [...Object.keys(engine), ...members(Engine.prototype)]);
  assert.deepEqual(Object.keys(engine.chat), ['completions']);
  assert.deepEqual(Object.keys(engine.chat.completions), ['create']);
  // That these are those of an engine, the test in a browser says.
  const types = found(read('api/types.js'), /@typedef \{object\} EngineInfo\n(.*?)\*\//gs)[0];
  same('info', found(types, /@property \{.*\} (\w+)/g));
});

test('the answers', () => {
  const told = [{ ...logprob, top_logprobs: [logprob] }];
  const spike = { seed: 1, date: '', precision: { planes: 4, of: 8 }, tokens: [] };
  const whole = toCompletion(common, '', 'stop', toUsage(0, 0, 0), spike);
  same('A whole answer', paths(whole, ['spike.precision']));
  const first = toChunk(common, { role: 'assistant', content: '' }, null, spikes, true);
  same('A chunk', paths(first, ['spike']));
  same('Logprobs', paths(toCompletion(common, '', 'stop', toUsage(0, 0, 0), spike, told)
    .choices[0].logprobs, ['content[].top_logprobs']));
  same('The spikes of a token', paths(spikes, ['populations', 'look_back']));
  const [progress] = found(
    read('shared/protocol.js'), /@typedef \{object\} Progress\n(.*?)\*\//gs);
  same('Progress', found(progress, /@property \{.*\} (\w+)/g));
});

test('errors', () => {
  const { name: _, cause: __, stack: ___, ...fields } = new SpikeError('busy', '', { cause: 1 });
  same('Errors', [...Object.keys(fields), 'message']);
  same('Codes', CODES);
});

test('the element', () => {
  const kebab = (/** @type {string} */ name) =>
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  same('Attributes', REFLECTED.map(kebab));
  assert.deepEqual(members(ReflectingElement.prototype).sort(), [...REFLECTED].sort());
  same('Properties and methods', members(SpikeChat.prototype, LIFE));
  same('Events', [
    ...found(read('chat/events.js'), /@property \{.*\} (\w+)/g),
    ...found(all, /\btell\('([\w-]+)'/g),
  ]);
  same('Parts', [
    ...found(sources, /\bpart: '([\w -]+)'/g),
    ...found(sources, /'part', this\.#answering \? '(\w+)'/g),
  ]);
  assert.equal(found(sources, /('part'),/g).length, 1, 'a part is set that this test does not see');
  same('Variables', found(all, /(--spike-[a-z-]+)/g));
});

test('the heatmap and embed.js', () => {
  same('Of the heatmap', members(SpikeHeatmap.prototype, /Callback$|^layout$/));
  same('Events of the heatmap', found(read('heatmap/element.js'), /new CustomEvent\('([\w-]+)'/g));
  const embed = read('embed.js');
  const [, methods = '', properties = ''] =
    /const SURFACE = \{\s*methods: \[(.*?)\],\s*properties: [^\n]*\{\n(.*?)\}/s.exec(embed) ?? [];
  const surface = [...found(methods, /'(\w+)'/g), ...found(properties, /(\w+):/g)];
  const own = surface.filter((name) => !(name in SpikeChat.prototype));
  const more = found(embed, /^ {2}(open|close)\(\) \{$/gm);
  assert.deepEqual(more, ['open', 'close']);
  assert.match(embed, /#tell\(open \? 'open' : 'close'\)/);
  assert.match(embed, /\[data-auto\]/);
  same('embed.js', [...own, ...more]);
  const frame = read('embed/chat-frame.js');
  assert.deepEqual(
    namesBehind('Of the engine it has').map((name) => name.replace(/^info$/, 'info:')).sort(),
    [...found(frame, /'engine\.([\w.]+)': \{/g), ...found(frame, /engine && \{ (\w+:)/g)].sort());
  const missing = [...members(SpikeChat.prototype, LIFE), ...REFLECTED]
    .filter((name) => !surface.includes(name));
  // The class has properties itself, and the frame brings methods of its own and all attributes.
  const later = [...found(frame, /^ {2}(\w+): \{ call: /gm), ...REFLECTED];
  const [early, never] = ['What comes no sooner than the frame:', 'What is not there:']
    .map(namesBehind);
  assert.deepEqual(missing.filter((name) => later.includes(name)).sort(), early.sort());
  assert.deepEqual(
    missing.filter((name) => !later.includes(name)).sort(),
    ['engine', 'messages', ...never].sort());
});

test('every table is compared', () => {
  assert.deepEqual([...TABLES.keys()].filter((heading) => !checked.has(heading)), []);
});

test('examples of options and fields are taken', () => {
  const given = (/** @type {string} */ fields) =>
    new Function('engine', 'messages', `return {${fields}}`)(
      { info: { name: 'm' } }, [{ role: 'user', content: 'x' }]);
  const place = { href: 'http://localhost/', protocol: 'http:' };
  globalThis.location ??= /** @type {any} */ (place);
  for (const { name, example } of entries('Options of createEngine')) {
    assert.ok(name in checkEngineOptions(given(example)), example);
  }
  for (const { name, example } of entries('A request')) {
    const messages = name === 'messages' ? '' : ', messages';
    const { request } = checkRequest(given(example + messages), {}, 'm');
    assert.ok(name in request, example);
  }
  for (const { name, example } of entries('Codes')) assert.equal(example, `case '${name}':`);
});
