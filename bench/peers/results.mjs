// From the figures of all rounds to ratios.

/** Tokens a second, each. */
export const FIGURES = /** @type {const} */ (['decode', 'prompt256', 'prompt32']);
export const OURS = 'ours';

/**
 * Disturbed are the figures during which others were busy.
 * @typedef {Record<typeof FIGURES[number], number> & {about: string, disturbed: string[]}} Run
 */
/** @typedef {Record<string, Run>} Round by runtime and threads (nameOf), in order */

/**
 * @typedef {object} Comparison
 * @property {number} ours median, tokens a second
 * @property {number} theirs median, tokens a second
 * @property {number} ratio median of ours/theirs, each taken within one round
 * @property {number} min smallest of these ratios
 * @property {number} max largest
 * @property {number} n rounds
 * @property {number} disturbed rounds in which others were busy during either figure
 */
/** @typedef {Record<typeof FIGURES[number], Comparison>} Figures */

const SEVERAL = ' threads=';

/** @param {string} runtime @param {number} threads */
export function nameOf(runtime, threads) {
  return threads === 1 ? runtime : `${runtime}${SEVERAL}${threads}`;
}

/**
 * Ours on as many threads; ours on several is compared with ours on one.
 * @param {string} name
 */
function against(name) {
  const [runtime, threads = '1'] = name.split(SEVERAL);
  return runtime === OURS ? OURS : nameOf(OURS, Number(threads));
}

/** @param {number[]} values @returns {number} */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @param {Round[]} rounds
 * @returns {Record<string, Figures>} by peer
 */
export function compare(rounds) {
  /** @type {Record<string, Figures>} */
  const all = {};
  for (const peer of new Set(rounds.flatMap(Object.keys))) {
    const ours = against(peer);
    const both = rounds.filter((round) => round[ours] && round[peer]);
    if (peer === OURS || both.length === 0) continue;
    /** @param {Round} round @param {string} figure */
    const isDisturbed = (round, figure) =>
      [ours, peer].some((name) => round[name].disturbed.includes(figure));
    all[peer] = /** @type {Figures} */ (Object.fromEntries(FIGURES.map((figure) => {
      const ratios = both.map((round) => round[ours][figure] / round[peer][figure]);
      return [figure, {
        ours: median(both.map((round) => round[ours][figure])),
        theirs: median(both.map((round) => round[peer][figure])),
        ratio: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios), n: both.length,
        disturbed: both.filter((round) => isDisturbed(round, figure)).length,
      }];
    })));
  }
  return all;
}
