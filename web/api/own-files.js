// Where the engine's other files lie: beside its modules, as a server has them, or where a bundler
// has put them (web/package/).

// Not within new URL(…): there a bundler would take a copy of each file, without what it imports.
const HERE = import.meta.url;

const MODEL = 'models/smollm2-135m-instruct/manifest.json';

/** The manifest of the model that the page brings along. */
export let DEFAULT_MODEL = new URL(`../${MODEL}`, HERE).href;

/** The address of the worker's script, but in a bundle. */
export const WORKER = new URL('../worker/worker.js', HERE).href;

/** The address of the script of the worker that packs the reader's own files. */
export const PACKER = new URL('../packing/worker.js', HERE).href;

/** @type {(() => Worker) | null} what starts the worker in a bundle, which alone has its address */
export let bundledWorker = null;

/** @type {(() => Worker) | null} the same of the one that packs */
export let bundledPacker = null;

/**
 * For the entries of a bundle. Models are not bundled: the standard one is looked for in the folder
 * `models` beside the page.
 * @param {() => Worker} makeWorker
 * @param {() => Worker} makePacker
 */
export function placeInBundle(makeWorker, makePacker) {
  bundledWorker = makeWorker;
  bundledPacker = makePacker;
  // On a server there is no page, and nobody asks for the model.
  if (globalThis.document) DEFAULT_MODEL = new URL(MODEL, document.baseURI).href;
}
