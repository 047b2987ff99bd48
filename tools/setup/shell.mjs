// shell.mjs DIST: puts the hashes of the page's files, and of those that pack a file, into
// DIST/sw.js, the service worker that keeps them for when there is no network. Of a tree whose
// engine is not built yet the worker keeps none.

import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const dist = process.argv[2];
// What a page of ours asks for. Scripts for the pages of others, types, texts and models are not.
const FOLDERS = [
  'api', 'chat', 'compare', 'delivery', 'embed', 'heatmap', 'markdown', 'neurons', 'record',
  'recording', 'shared', 'shelf', 'tour', 'vendor', 'words', 'worker',
];
const FILES = [
  'index.html', 'page.css', 'page.js', 'spike-chat.js', 'spike-heatmap.js', 'wasm_exec.js',
  'spikechat-relaxed.wasm', 'spikechat-simd.wasm', 'spikechat.wasm',
];

/** @param {string[]} folders @returns {string[]} the files in them */
const filesIn = (...folders) => folders.flatMap((folder) =>
  fs.readdirSync(path.join(dist, folder), { encoding: 'utf8', recursive: true })
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
    .filter((name) => /\.(js|css|html|json|wasm)$/.test(name)));
/** Fetched for a file of the reader's alone. @param {string} name */
const packs = (name) => /^(packing\/|vendor\/(mini)?jinja)/.test(name);
/**
 * Static hosts lead index.html to its folder.
 * @param {string} name
 * @returns {string} its address
 */
const addressOf = (name) => `./${name.replace(/(^|\/)index\.html$/, '$1')}`;
/** @param {string} name @returns {string} */
const sha256 = (name) =>
  crypto.createHash('sha256').update(fs.readFileSync(path.join(dist, name))).digest('base64');

/** @param {string[]} names */
const listOf = (names) => JSON.stringify(Object.fromEntries(names
  .filter((name) => fs.existsSync(path.join(dist, name)))
  .sort().map((name) => [addressOf(name), sha256(name)])));

const file = path.join(dist, 'sw.js');
/** @type {Record<string, string>} */
const lists = {
  // The browser keeps what a service worker imports itself.
  FILES: listOf([...FILES, ...filesIn(...FOLDERS)
    .filter((name) => !packs(name) && !/^vendor.workbox/.test(name))]),
  PACKER: listOf(filesIn('packing', 'vendor').filter(packs)),
};
let code = fs.readFileSync(file, 'utf8');
for (const [name, list] of Object.entries(lists)) {
  const filled = code.replace(`const ${name} = {};`, () => `const ${name} = ${list};`);
  if (filled === code) throw new Error(`${file} has no place for the list ${name}`);
  code = filled;
}
fs.writeFileSync(file, code);
