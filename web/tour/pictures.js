// Pictures of the tour that nobody else has: one number for each group of neurons, and lengths to
// compare.

/** @import { PopulationSpikes } from '../shared/inspection.js' */
/** @import { Picture } from '../neurons/plot.js' */

const LINE_PX = 18;
const BAR_PX = 12;
const MOST_STEPS = 4;

/** A picture that cannot be moved in. @type {Pick<Picture, 'items' | 'stride' | 'itemAt'>} */
const STILL = { items: 0, stride: () => 1, itemAt: () => -1 };

/**
 * One population of 32 neurons, or fewer: the group of a neuron alone.
 * @param {PopulationSpikes} all
 * @param {number} neuron
 * @returns {PopulationSpikes}
 */
export function groupOf(all, neuron) {
  const { group_size: size } = all;
  const group = Math.floor(neuron / size);
  const of = (/** @type {number[]} */ list) => list.slice(group * size, (group + 1) * size);
  return {
    ...all, codes: of(all.codes), spikes: all.spikes.map(of),
    thresholds: [all.thresholds[group]], rest: [all.rest[group]], steps: [all.steps[group]],
  };
}

/**
 * @param {Picture} picture without text
 * @param {number} by
 * @returns {Picture} the same, so many times as large
 */
export function enlarged(picture, by) {
  return {
    ...STILL,
    size: (room) => {
      const { width, height } = picture.size(room / by);
      return { width: width * by, height: height * by };
    },
    draw: ({ context, width, height, color }) => {
      context.scale(by, by);
      picture.draw({ context, width: width / by, height: height / by, color }, null);
    },
  };
}

/**
 * A bar for each group.
 * @param {readonly number[]} values
 * @param {number} marked group
 * @returns {Picture}
 */
export function barsOf(values, marked) {
  const most = Math.max(...values);
  return {
    ...STILL,
    size: (width) => ({ width, height: 96 }),
    draw: ({ context, width, height, color }) => {
      const bar = width / values.length;
      values.forEach((value, i) => {
        const tall = (height - 2) * value / most;
        context.fillStyle = color(i === marked ? 'above' : 'quiet');
        context.fillRect(i * bar, height - tall - 1, Math.max(1, bar - (bar > 4 ? 2 : 0)), tall);
      });
      context.fillStyle = color('line');
      context.fillRect(0, height - 1, width, 1);
    },
  };
}

/**
 * Groups of all populations, each as high as it has time steps.
 * @param {readonly {name: string, steps: readonly number[]}[]} populations
 * @returns {Picture}
 */
export function stepsOf(populations) {
  const row = LINE_PX + MOST_STEPS * 4 + 6;
  return {
    ...STILL,
    size: (width) => ({ width, height: populations.length * row }),
    draw: ({ context, width, color }) => {
      const groups = Math.max(...populations.map(({ steps }) => steps.length));
      const cell = Math.min(12, width / groups);
      context.textBaseline = 'top';
      populations.forEach(({ name, steps }, i) => {
        context.fillStyle = color('quiet');
        context.fillText(name, 0, i * row);
        const ground = (i + 1) * row - 6;
        steps.forEach((n, group) => {
          for (let step = 0; step < MOST_STEPS; step++) {
            context.fillStyle = color(step < n ? 'above' : 'line');
            context.fillRect(group * cell, ground - (step + 1) * 4, Math.max(1, cell - 1), 3);
          }
        });
      });
    },
  };
}

/**
 * Lengths, one under the other.
 * @param {readonly {name: string, value: number}[]} rows
 * @param {number} [whole] what the full width is worth; the largest
 * @returns {Picture}
 */
export function lengthsOf(rows, whole = Math.max(...rows.map(({ value }) => value))) {
  const row = LINE_PX + BAR_PX + 8;
  return {
    ...STILL,
    size: (width) => ({ width, height: rows.length * row }),
    draw: ({ context, width, color }) => {
      context.textBaseline = 'top';
      rows.forEach(({ name, value }, i) => {
        context.fillStyle = color('ink');
        context.fillText(name, 0, i * row);
        context.fillStyle = color('line');
        context.fillRect(0, i * row + LINE_PX, width, BAR_PX);
        context.fillStyle = color(i === 0 ? 'above' : 'quiet');
        context.fillRect(0, i * row + LINE_PX, width * value / whole, BAR_PX);
      });
    },
  };
}
