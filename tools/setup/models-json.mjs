// models-json.mjs DIST [MORE FILE]: writes DIST/models.json, the list of the models in DIST/models;
// or FILE, with those in the folder MORE behind them that DIST has none of the name of. Of each it
// has its name, the bytes of its shards, its licence, where its manifest is, and the manifest's
// SHA-256, which names every bit of the model. /api/models answers with it, and the page's shelf
// reads it.
//
// Folders may come from anywhere. What the page or the engine would refuse for its name, licence or
// sizes is left out with a sentence, and the rest is listed.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Bounds of core/planes/limits.go. */
const MAX_MANIFEST_BYTES = 4 << 20;
const MAX_SHARD_BYTES = 2 << 20;
const MAX_SHARDS = 4096;
const MAX_NAME_BYTES = 128;
/** Most bytes of the list: what the native server reads of it, mostModels of worker. */
const MAX_LIST_BYTES = 1 << 20;

/** Control characters, line and paragraph separators, Bidi_Control: as in core/planes/line.go. */
const NOT_PLAIN =
  /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\p{Surrogate}]/u;

/** Whether a text is one plain line that is not too long. @param {unknown} text */
function isLine(text) {
  return typeof text === 'string' && !NOT_PLAIN.test(text) &&
    Buffer.byteLength(text) <= MAX_NAME_BYTES;
}

/**
 * A folder's entry in the list. Throws what is wrong with it.
 * @param {string} folder that it is in
 * @param {string} name
 */
function entry(folder, name) {
  // The rule of web/shared/own-model.js: what the page would not open is no model's name.
  if (!/^\w[\w.-]{0,127}$/.test(name)) throw new Error('its name is none that the page opens');
  const file = path.join(folder, name, 'manifest.json');
  const info = fs.statSync(file);
  if (!info.isFile()) throw new Error('its manifest is no file');
  if (info.size > MAX_MANIFEST_BYTES) throw new Error('its manifest is too long');
  const bytes = fs.readFileSync(file);
  const manifest = parse(bytes);
  if (manifest?.format !== 'spikechat-planes' || ![1, 2, 3, 4, 5].includes(manifest.version)) {
    throw new Error('its manifest is of another format or version');
  }
  const { license = '', shards } = manifest;
  if (!isLine(manifest.name) || manifest.name === '' || !isLine(license)) {
    throw new Error(
      `name and licence in its manifest are not one plain line of at most ${MAX_NAME_BYTES} bytes`);
  }
  if (!Array.isArray(shards) || shards.length > MAX_SHARDS || !shards.every(isShard)) {
    throw new Error('its manifest has no sound list of shards');
  }
  return {
    name,
    bytes: shards.reduce((sum, shard) => sum + shard.bytes, 0),
    license,
    manifest: `models/${name}/manifest.json`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** @param {Buffer} bytes @returns {any} */
function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new Error('its manifest is not JSON'); // the parser's words would quote it
  }
}

/** @param {any} shard */
function isShard(shard) {
  return Number.isSafeInteger(shard?.bytes) && shard.bytes > 0 && shard.bytes <= MAX_SHARD_BYTES;
}

/** A name as it may be shown. @param {string} name */
function quoted(name) {
  return JSON.stringify(name.slice(0, MAX_NAME_BYTES)).replace(/[^ -~]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** @param {unknown[]} models */
const listOf = (models) => `${JSON.stringify({ models }, null, 1)}\n`;

const [, , dist, more, file = path.join(dist, 'models.json')] = process.argv;
const folders = [path.join(dist, 'models'), ...(more ? [more] : [])];
/** @type {{name: string, folder: string}[]} */
const found = [];
for (const folder of folders) {
  for (const name of fs.readdirSync(folder).sort()) {
    if (!found.some((one) => one.name === name)) found.push({ name, folder });
  }
}
const models = [];
let room = MAX_LIST_BYTES - Buffer.byteLength(listOf([]));

for (const { name, folder } of found) {
  if (name.startsWith('.') || !fs.existsSync(path.join(folder, name, 'manifest.json'))) continue;
  try {
    const model = entry(folder, name);
    // At most what the entry adds: the first one's line breaks are longer than another's comma.
    const size = Buffer.byteLength(listOf([model])) - Buffer.byteLength(listOf([]));
    if (size > room) throw new Error('the list is full');
    room -= size;
    models.push(model);
  } catch (error) {
    // The system's own errors have a code; their words hold the path as it is.
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    console.error(`models-json.mjs: models/${quoted(name)} is left out: ${code ?? message}`);
  }
}

fs.writeFileSync(`${file}.new`, listOf(models));
fs.renameSync(`${file}.new`, file);
