// shell.mjs DIST: puts the hashes of the page's files into DIST/sw.js, the service worker that
// keeps them for when there is no network. Of a tree whose engine is not built yet the worker
// keeps none.

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

const inFolders = FOLDERS.flatMap((folder) =>
  fs.readdirSync(path.join(dist, folder), { encoding: 'utf8', recursive: true })
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
    // The browser keeps what a service worker imports itself; what packs files is fetched for that
    // alone.
    .filter((name) => /\.(js|css|html|json)$/.test(name) &&
      !/^vendor.(workbox|jinja|minijinja)/.test(name)));
/**
 * Static hosts lead index.html to its folder.
 * @param {string} name
 * @returns {string} its address
 */
const addressOf = (name) => `./${name.replace(/(^|\/)index\.html$/, '$1')}`;
/** @param {string} name @returns {string} */
const sha256 = (name) =>
  crypto.createHash('sha256').update(fs.readFileSync(path.join(dist, name))).digest('base64');

const names = [...FILES, ...inFolders].filter((name) => fs.existsSync(path.join(dist, name)));
const list = JSON.stringify(
  Object.fromEntries(names.sort().map((name) => [addressOf(name), sha256(name)])));
const file = path.join(dist, 'sw.js');
const code = fs.readFileSync(file, 'utf8');
const filled = code.replace(/const FILES = \{\};/, () => `const FILES = ${list};`);
if (filled === code) throw new Error(`${file} has no place for the list`);
fs.writeFileSync(file, filled);
