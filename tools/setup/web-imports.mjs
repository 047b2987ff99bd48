// web-imports.mjs: the import rules of web/. Prints each breach and fails:
//   a folder imports from those that RULES names for it alone, the types in comments included;
//   there is no circle of files;
//   each page preloads every module that its own come to import, and no other.
//   engine.js and worker/worker.js, which nobody can preload, name every module that they load, so
//   that it is fetched at once and not when the one before has come.
// With --loaded it prints instead which modules of web/ a visitor's page and worker load, with
// --later FILE which ones FILE brings when it is imported later.

import fs from 'node:fs';
import path from 'node:path';

const WEB = path.resolve(import.meta.dirname, '../../web');

/**
 * What each folder may import from besides itself. '' holds the public addresses.
 * @type {Record<string, string[]>}
 */
const RULES = {
  '': ['chat', 'heatmap', 'api', 'delivery', 'words', 'shared'],
  package: ['', 'api'],
  chat: [
    'compare', 'tour', 'neurons', 'recording', 'shelf', 'heatmap', 'markdown', 'record', 'api',
    'delivery', 'words', 'shared',
  ],
  compare: ['heatmap', 'record', 'api', 'words', 'shared'],
  tour: ['neurons', 'heatmap', 'record', 'api', 'words', 'shared'],
  recording: ['heatmap', 'record', 'api', 'words', 'shared'],
  neurons: ['heatmap', 'api', 'words', 'shared'],
  markdown: ['words', 'shared'],
  record: ['api', 'words', 'shared'],
  heatmap: ['words', 'shared'],
  api: ['packing', 'delivery', 'shared'],
  worker: ['delivery', 'shared'],
  packing: ['worker', 'delivery', 'shared'],
  shelf: ['packing', 'api', 'delivery', 'words/shelf', 'words', 'shared'],
  delivery: ['shared'],
  words: ['words/shelf', 'shared'],
  'words/shelf': ['shared'],
  shared: [],
  embed: ['', 'chat', 'api', 'delivery', 'words', 'shared'],
};
/** @type {Record<string, string[]>} the pages, and what their script elements load */
const PAGES = {
  'index.html': ['page.js'],
  'embed/index.html': ['embed/hello.js', 'embed/chat-frame.js'],
  'embed/engine/index.html': ['embed/hello.js', 'embed/engine-frame.js'],
};
// make copies these into dist/: from Go, and from the packages that package.json names.
const GENERATED = [
  'wasm_exec.js', 'vendor/streaming-markdown.js', 'vendor/jinja.js', 'vendor/minijinja.js',
];

/** @type {string[]} */
const breaches = [];

/** @param {string} file @returns {string} the folder that it is in */
const folderOf = (file) => file.split('/').slice(0, -1).join('/');

/**
 * Files of web/ that one imports: as modules, later (by import() when they are needed), and for
 * types alone.
 * @typedef {{imports: string[], later: string[], types: string[]}} Imports
 */

/**
 * @param {string} file of web/
 * @returns {Imports}
 */
function importsOf(file) {
  const text = fs.readFileSync(path.join(WEB, file), 'utf8');
  const code = text.replace(/\/\*\*[^]*?\*\//g, '');
  /** @param {RegExp} pattern @param {string} [of] */
  const all = (pattern, of = text) =>
    [...of.matchAll(pattern)].map(([, name, other]) => name ?? other);
  /** @param {string[]} names */
  const inside = (names) => names.flatMap((name) => {
    if (!name.startsWith('.')) breaches.push(`${file} imports ${name}: the page has no packages`);
    const found = path.posix.join(folderOf(file), name);
    if (GENERATED.includes(found)) return [];
    // Types by hand: there is nothing to load.
    if (fs.existsSync(path.join(WEB, found.replace(/\.js$/, '.d.ts')))) return [];
    if (!fs.existsSync(path.join(WEB, found)))
      breaches.push(`${file} imports ${name}, which is not there`);
    return [found];
  });
  const later = inside(all(/\bimport\(['"]([^'"]+)['"]\)/g, code));
  const types = inside(
    all(/\bimport\(['"]([^'"]+)['"]\)|@import\s*\{[^}]*\}\s*from\s*'([^']+)'/g));
  return {
    later,
    // What comes later may know us: that is no circle.
    types: types.filter((name) => !later.includes(name)),
    imports: inside(all(/^(?:import|export)\s(?:[^;'"]*\sfrom\s)?['"]([^'"]+)['"];/gm)),
  };
}

/** @type {Map<string, Imports>} */
const graph = new Map(fs.readdirSync(WEB, { encoding: 'utf8', recursive: true })
  .map((name) => name.replaceAll(path.sep, '/'))
  .filter((name) => name.endsWith('.js') && !/^(test|examples)\//.test(name))
  .map((name) => [name, importsOf(name)]));

for (const [file, { imports, later, types }] of graph) {
  const folder = folderOf(file);
  if (!Object.hasOwn(RULES, folder))
    breaches.push(`${file}: RULES of web-imports.mjs do not name its folder`);
  for (const other of [...imports, ...later, ...types].map(folderOf)) {
    if (other !== folder && !RULES[folder]?.includes(other)) {
      breaches.push(
        `${file} imports from ${other || 'a public address'}: ${folder || 'web'}/ imports from ` +
          `${RULES[folder]?.join(', ') || 'no folder'} alone`,
      );
    }
  }
}

/** @type {Set<string>} files from which no circle comes back */
const good = new Set();

/**
 * Finds a circle, depth first.
 * @param {string} file
 * @param {string[]} way the files that lead to it
 */
function walk(file, way) {
  if (good.has(file)) return;
  if (way.includes(file)) {
    breaches.push(`a circle of imports: ${[...way.slice(way.indexOf(file)), file].join(' -> ')}`);
    return;
  }
  const { imports, types } = graph.get(file) ?? { imports: [], types: [] };
  for (const other of [...imports, ...types]) walk(other, [...way, file]);
  good.add(file);
}
for (const file of graph.keys()) walk(file, []);

/** @param {string} entry @returns {Set<string>} the modules that it loads, itself among them */
function loadedBy(entry) {
  const loaded = new Set([entry]);
  for (const file of loaded) for (const other of graph.get(file)?.imports ?? []) loaded.add(other);
  return loaded;
}

const first = new Set([...loadedBy('page.js'), ...loadedBy('worker/worker.js')]);
const [, , option, part] = process.argv;
if (option === '--loaded') console.log([...first].join('\n'));
if (option === '--later') {
  console.log([...loadedBy(part)].filter((file) => !first.has(file)).join('\n'));
}

for (const [page, scripts] of Object.entries(PAGES)) {
  const html = fs.readFileSync(path.join(WEB, page), 'utf8');
  /** @param {RegExp} pattern @returns {string[]} files of web/ */
  const named = (pattern) => [...html.matchAll(pattern)].map(
    ([, href]) => path.posix.join(folderOf(page), href));
  const started = named(/<script type="module" src="([^"]+)">/g);
  if (started.join() !== scripts.join())
    breaches.push(`${page} starts ${started}, and PAGES of web-imports.mjs says ${scripts}`);
  const needed = new Set(scripts.flatMap((script) => [...loadedBy(script)]));
  for (const script of scripts) needed.delete(script);
  const preloaded = named(/<link rel="modulepreload" href="([^"]+)">/g);
  for (const file of needed) {
    if (!preloaded.includes(file))
      breaches.push(`${page} does not preload ${file}, which it imports`);
  }
  for (const file of preloaded) {
    if (!needed.has(file))
      breaches.push(`${page} preloads ${file}, which it does not import`);
  }
}

for (const entry of ['engine.js', 'worker/worker.js']) {
  const named = graph.get(entry)?.imports ?? [];
  for (const file of loadedBy(entry)) {
    if (file !== entry && !named.includes(file)) {
      breaches.push(`${entry} does not import ${file}, which it loads`);
    }
  }
}

for (const breach of new Set(breaches)) console.error(`web: ${breach}`);
process.exitCode = breaches.length > 0 ? 1 : 0;
