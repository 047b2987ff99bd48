// How many spikes each layer of a model usually fires: read from the file that is packed beside its
// manifest (FORMAT.md, Activity). Whatever is wrong with it, the heatmap learns from the chat.

import { toAddress } from '../api/address.js';
import { fetchBytes } from '../delivery/fetch.js';
import { ownName } from '../shared/own-model.js';

/** @import { CodingFields, EngineInfo } from '../api/types.js' */

/**
 * Mean binary spikes of one token. A chunk's `spike` has its counts in the same places.
 * @typedef {object} Levels
 * @property {number[]} spikes by layer and population
 * @property {{spikes: number[]}} cache keys and values of each layer in turn
 */

const FILE = 'activity.json';
const FORMAT = 'spikechat-activity';
const VERSION = 1;
/** Bounds of core/planes/limits.go and activity.go. */
const MOST = { bytes: 1 << 20, tokens: 1 << 20, codings: 16, neurons: 1 << 16, spikes: 16 };

/** @typedef {Pick<EngineInfo, 'sha256' | 'layers' | 'populations' | 'presets'>} Model */
/** @typedef {{preset?: string, steps?: number, levels: Levels}} Coded */

/** The levels of the model in use. */
export class UsualLevels {
  #sha256 = '';
  /** @type {Promise<Coded[]>} */
  #codings = Promise.resolve([]);

  /**
   * Never rejects. The file is fetched once for a model, when it is first asked for.
   * @param {Model} model
   * @param {string} manifest its address
   * @param {CodingFields} coding of an answer
   * @returns {Promise<Levels | null>} null where nobody has measured that
   */
  async of(model, manifest, { preset, steps }) {
    if (this.#sha256 !== model.sha256) {
      this.#sha256 = model.sha256;
      this.#codings = readCodings(model, manifest).catch(() => []);
    }
    const codings = await this.#codings;
    const coded = codings.find((one) => one.preset === preset && one.steps === steps);
    return coded?.levels ?? null;
  }
}

/** Those of the page: a recording and the answers after it ask for one file. */
export const usualLevels = new UsualLevels();

/** @param {Model} model @param {string} manifest @returns {Promise<Coded[]>} */
async function readCodings(model, manifest) {
  const address = toAddress(manifest);
  // Neurons are ranked and counted in one run: who has no ranking has no such file either.
  if (!address || ownName(address) || !isInFolder(address) || model.presets.length < 2) return [];
  const bytes = await fetchBytes(
    new URL(FILE, address).href, { limit: MOST.bytes, revalidate: true });
  return codingsIn(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), model);
}

/** Whether a manifest has files beside it that are named otherwise than by hash. */
const isInFolder = (/** @type {string} */ address) =>
  new URL(address).pathname.endsWith('/manifest.json');

/**
 * @param {any} file
 * @param {Model} model
 * @returns {Coded[]}
 * @throws {TypeError} where it is not of this model, or not what the format says
 */
function codingsIn(file, { sha256, layers, populations }) {
  const { format, version, manifest_sha256, tokens, codings } = file;
  check(format === FORMAT && version === VERSION && manifest_sha256 === sha256);
  check(file.layers === layers && isWhole(tokens, MOST.tokens) && tokens > 0);
  check(Array.isArray(codings) && codings.length <= MOST.codings);
  /** @param {unknown} counts @param {number[]} neurons of a layer's places */
  const means = (counts, neurons) => {
    check(Array.isArray(counts) && counts.length === layers * neurons.length);
    const list = /** @type {unknown[]} */ (counts);
    return list.map((count, i) => {
      const most = tokens * neurons[i % neurons.length] * MOST.spikes;
      check(isWhole(count, most));
      return /** @type {number} */ (count) / tokens;
    });
  };
  return codings.map((/** @type {any} */ { preset, steps, inputs, cache }) => ({
    preset,
    steps,
    levels: {
      spikes: means(inputs, populations.map(({ neurons }) => neurons)),
      cache: { spikes: means(cache, [MOST.neurons, MOST.neurons]) },
    },
  }));
}

/** @param {unknown} n @param {number} most */
const isWhole = (n, most) => Number.isSafeInteger(n) && Number(n) >= 0 && Number(n) <= most;

/** @param {boolean} right */
function check(right) {
  if (!right) throw new TypeError('no activity of this model');
}
