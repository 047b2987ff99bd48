// Files of the reader's own, which become models that this browser keeps.

import { askToPersist } from '../delivery/keeping.js';
import { removeUnfinished } from '../delivery/own-models.js';
import { open } from '../delivery/shard-cache.js';
import { SpikeError, fromRecord } from '../shared/errors.js';
import { MODEL_NAME } from '../shared/own-model.js';
import { isAborted, onAbort } from './signal.js';
import { packerRefused, startPacker } from './start-worker.js';

/** @import { FromPacker, PackingProgress, ToPacker } from '../packing/messages.js' */

/**
 * The store, held open from the first file on: a private window of WebKit's forgets what is in it
 * when nobody holds it any more, as when the worker that packs has ended.
 * @type {Promise<Cache | null> | null}
 */
let store = null;

/**
 * Most seconds that all executions of a chat template may take together, far above what the longest
 * published one does on a slow phone.
 */
const RENDERING_SECONDS = 20;

/**
 * @typedef {object} PackingOptions
 * @property {AbortSignal} [signal] ends it with `aborted`; nothing of it stays
 * @property {(progress: PackingProgress) => void} [onprogress]
 * @property {(text: string) => void} [onnote] hears what is otherwise in the packed model than in
 *   the file, a sentence in English
 */

/**
 * Packs a GGUF file into what this browser keeps: in a worker, without upload. What packs comes
 * over the network when it is first wanted; our own page has the browser keep it then. The model is
 * `own:NAME` from then on, for createEngine and in the attribute `model`.
 * @param {File | readonly File[]} file one file, or all parts of one, in any order
 * @param {PackingOptions} [options]
 * @returns {Promise<string>} `own:NAME`
 * @throws {SpikeError} model_unsupported, model_invalid or file_unreadable, whose message says what
 *   of the file; quota_exceeded where the browser keeps nothing; aborted; offline, timeout or
 *   http_status where what packs does not come
 */
export async function openModelFile(file, options = {}) {
  const files = file instanceof File ? [file] : [...file];
  if (files.length === 0 || !files.every((one) => one instanceof File))
    throw new SpikeError('bad_request', 'file must be a File, or a list of them');
  askToPersist();
  // Where there are locks, which tell tabs apart by it, there are such words as well.
  const work = globalThis.crypto?.randomUUID?.() ?? '';
  return `own:${await done({ type: 'pack', files, work }, options)}`;
}

/**
 * Ranks the neurons of a model that a file was made to, so that it has all presets: runs it over a
 * short text, in a worker of its own, for some minutes. An engine that has the model goes on
 * without.
 * @param {string} model `own:NAME`
 * @param {PackingOptions} [options] of its progress, `seconds` is an estimate of what it will take
 *   in all
 * @returns {Promise<void>}
 * @throws {SpikeError} bad_request where it is no such model; what packing throws
 */
export async function rankModel(model, options = {}) {
  const name = /^own:(.*)$/.exec(model)?.[1];
  if (!name || !MODEL_NAME.test(name))
    throw new SpikeError('bad_request', 'model must be the name of a model of your own');
  await done({ type: 'rank', name }, options);
}

/**
 * @param {ToPacker} message
 * @param {PackingOptions} options
 * @returns {Promise<string>} the name of the model
 */
async function done(message, { signal, onprogress, onnote }) {
  if (isAborted(signal)) throw aborted();
  await (store ??= open());
  const worker = startPacker();
  let stopListening = () => {};
  let rendering = false;
  let seconds = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let watching;
  try {
    return await new Promise((resolve, reject) => {
      stopListening = onAbort(signal, () => reject(aborted()));
      // The worker cannot: it is executing the template. Seconds in which the page itself is busy
      // are not counted.
      watching = setInterval(() => {
        if (rendering && ++seconds > RENDERING_SECONDS) reject(endless());
      }, 1000);
      worker.onmessage = (/** @type {MessageEvent<FromPacker>} */ { data }) => {
        if (data.type === 'progress') onprogress?.(data);
        if (data.type === 'rendering') rendering = data.on;
        if (data.type === 'note') onnote?.(data.text);
        if (data.type === 'done') resolve(data.name);
        if (data.type === 'failed') reject(fromRecord(data.error));
      };
      worker.onerror = async ({ message }) => reject(await packerRefused(message));
      worker.postMessage(message);
    });
  } catch (error) {
    worker.terminate();
    await removeUnfinished(message.type === 'pack' ? message.work : null);
    throw error;
  } finally {
    stopListening();
    clearInterval(watching);
    worker.terminate();
  }
}

const aborted = () => new SpikeError('aborted', 'it was cancelled');

const endless = () => new SpikeError('model_unsupported', 'tokenizer.chat_template: executing it '
  + `takes more than ${RENDERING_SECONDS} s, so it may never end; take a file with another one`);
