// From the figures of all rounds to ratios, a table and a file.

/** Tokens a second, each. */
export const FIGURES = /** @type {const} */ (['decode', 'prompt256', 'prompt32']);
export const OURS = 'ours';

/**
 * Disturbed are the figures during which others were busy.
 * @typedef {Record<typeof FIGURES[number], number> & {about: string, disturbed: string[]}} Run
 */
/** @typedef {Record<string, Run>} Round by runtime, in the order in which they ran */

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

/** @param {number[]} values @returns {number} */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @param {Round[]} rounds
 * @returns {Record<string, Record<string, Comparison>>} by peer and figure
 */
export function compare(rounds) {
  const peers = [...new Set(rounds.flatMap(Object.keys))].filter((name) => name !== OURS);
  return Object.fromEntries(peers.map((peer) => {
    const both = rounds.filter((round) => round[OURS] && round[peer]);
    /** @param {Round} round @param {string} figure */
    const isDisturbed = (round, figure) =>
      [OURS, peer].some((name) => round[name].disturbed.includes(figure));
    return [peer, Object.fromEntries(FIGURES.map((figure) => {
      const ratios = both.map((round) => round[OURS][figure] / round[peer][figure]);
      return [figure, {
        ours: median(both.map((round) => round[OURS][figure])),
        theirs: median(both.map((round) => round[peer][figure])),
        ratio: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios), n: both.length,
        disturbed: both.filter((round) => isDisturbed(round, figure)).length,
      }];
    }))];
  }));
}

/** @param {ReturnType<typeof compare>} comparisons @returns {string} a table in Markdown */
export function table(comparisons) {
  const lines = [
    '| peer | figure, tokens/s | ours | theirs | ours/theirs (min to max) | rounds | disturbed |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const [peer, figures] of Object.entries(comparisons)) {
    for (const [figure, comparison] of Object.entries(figures)) {
      const { ours, theirs, ratio, min, max, n, disturbed } = comparison;
      const spread = `**${ratio.toFixed(2)}** (${min.toFixed(2)} to ${max.toFixed(2)})`;
      const cells = [peer, figure, ours.toFixed(1), theirs.toFixed(1), spread, n, disturbed];
      lines.push(`| ${cells.join(' | ')} |`);
    }
  }
  return lines.join('\n');
}
