// Five ready-made lesions, those of docs/experiments.md. Each has its measured sentence in the
// words of the page (lesions.experiments).

/** @import { Lesions, Silence } from '../shared/lesions.js' */

/** Where all figures are. */
export const FIGURES =
  'https://github.com/spikechat/spikechat/blob/main/docs/experiments.md';

/** Of each layer, the heads that matter most, a twentieth of all. */
const HEADS = /** @type {const} */ (
  [[0, [6, 7, 8]], [1, [0, 2, 3, 4, 5]], [2, [1]], [3, [2]], [24, [6, 7, 8]]]);

/** @type {Silence[]} */
const heads = HEADS.flatMap(([layer, all]) => all.map((head) => ({ layer, head })));

/**
 * @typedef {'anaesthesia' | 'hidden' | 'layer' | 'planes' | 'heads'} ExperimentName
 * @type {Readonly<Record<ExperimentName, Lesions>>}
 */
export const EXPERIMENTS = {
  anaesthesia: { thresholds: [{ factor: 8 }] },
  hidden: { thresholds: [{ factor: 4, population: 'down' }] },
  layer: { silenced: [{ layer: 11, part: 'feed_forward' }] },
  planes: { dropped_planes: 1 },
  heads: { silenced: heads },
};
