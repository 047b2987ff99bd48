// The raster of a population at one token: neurons across, time steps down, in as many bands as
// their number needs. A dot is a graded spike from rest: its area is the size, its colour the sign.

/** @import { PopulationSpikes } from '../shared/inspection.js' */
/** @import { Picture } from './plot.js' */

const STEP_PX = 5;
const GAP_PX = 4;
const LEAST_PX = 4.5;
const FULL = 15;

/**
 * @param {number} width
 * @param {number} neurons
 * @param {number} group neurons that share a threshold: a band holds whole groups
 * @param {number} steps
 */
export function bandsOf(width, neurons, group, steps) {
  const groups = Math.max(1, Math.floor(width / LEAST_PX / group));
  const across = Math.min(neurons, group * groups);
  const bandHeight = steps * STEP_PX + GAP_PX;
  const bands = Math.ceil(neurons / across);
  return { across, cell: width / across, bandHeight, bands, height: bands * bandHeight };
}

/**
 * @param {PopulationSpikes} all
 * @param {() => number} chosen neuron that is framed
 * @returns {Picture}
 */
export function rasterOf({ spikes, codes, group_size: group }, chosen) {
  const neurons = codes.length;
  let bands = bandsOf(1, neurons, group, spikes.length);
  return {
    items: neurons,
    size: (width) => {
      bands = bandsOf(width, neurons, group, spikes.length);
      return { width, height: bands.height };
    },
    stride: () => bands.across,
    itemAt: (x, y) => {
      const column = Math.floor(x / bands.cell);
      const band = Math.floor(y / bands.bandHeight);
      return column < 0 || column >= bands.across || band < 0 ? -1 : band * bands.across + column;
    },
    draw: ({ context, width, color }, at) => {
      const { across, cell, bandHeight } = bands;
      const [above, below] = [color('above'), color('below')];
      context.fillStyle = color('line');
      for (let band = 0; band < bands.bands; band++)
        context.fillRect(0, (band + 1) * bandHeight - GAP_PX / 2 - 0.5, width, 1);
      const largest = Math.min(cell, STEP_PX) / 2;
      spikes.forEach((fired, step) => fired.forEach((spike, neuron) => {
        if (spike === 0) return;
        const radius = Math.max(0.6, largest * Math.sqrt(Math.abs(spike) / FULL));
        context.fillStyle = spike > 0 ? above : below;
        context.beginPath();
        const y = Math.floor(neuron / across) * bandHeight + (step + 0.5) * STEP_PX;
        context.arc((neuron % across + 0.5) * cell, y, radius, 0, 2 * Math.PI);
        context.fill();
      }));
      for (const [neuron, ink] of /** @type {const} */ ([[chosen(), 'ink'], [at, 'quiet']])) {
        if (neuron === null) continue;
        context.strokeStyle = color(ink);
        context.strokeRect((neuron % across) * cell - 0.5,
          Math.floor(neuron / across) * bandHeight + 0.5, cell + 1, bandHeight - GAP_PX - 1);
      }
    },
  };
}
