// The other pictures: how many neurons have which code, one membrane's potential, and one neuron's
// code over the tokens of a chat.

/** @import { NeuronTrace } from '../shared/inspection.js' */
/** @import { Picture } from './plot.js' */

const TEXT_PX = 15;
/** Pixels of a bar. */
const BAR = { least: 3, most: 10 };
const MAX_WIDTH = 8000;

/**
 * @param {{first: number, counts: number[]}} histogram
 * @returns {Picture}
 */
export function histogramOf({ first, counts }) {
  const most = Math.max(...counts, 1);
  let bar = 1;
  return {
    items: counts.length,
    size: (width) => {
      bar = width / counts.length;
      return { width, height: 90 };
    },
    stride: () => 1,
    itemAt: (x) => Math.floor(x / bar),
    draw: ({ context, width, height, color }, at) => {
      const ground = height - TEXT_PX;
      counts.forEach((count, i) => {
        const code = first + i;
        const tall = count === 0 ? 0 : Math.max(1, (ground - 2) * count / most);
        const ink = code === 0 ? 'quiet' : code > 0 ? 'above' : 'below';
        context.fillStyle = color(i === at ? 'ink' : ink);
        context.fillRect(i * bar, ground - tall, Math.max(1, bar - (bar > 3 ? 1 : 0)), tall);
      });
      context.fillStyle = color('line');
      context.fillRect(0, ground, width, 1);
      context.fillStyle = color('quiet');
      context.textBaseline = 'bottom';
      const last = first + counts.length - 1;
      for (const code of new Set([first, 0, last])) {
        const x = (code - first + 0.5) * bar;
        // The numbers at the ends stay, and 0 where it is clear of them.
        if (code === 0 && first !== 0 && last !== 0 && (x < 30 || x > width - 30)) continue;
        context.textAlign = x < 20 ? 'left' : x > width - 20 ? 'right' : 'center';
        context.fillText(signed(code), x < 20 ? 0 : x > width - 20 ? width : x, height);
      }
    },
  };
}

/**
 * The potential before each time step, and the drop by what is fired at its end.
 * @param {NeuronTrace} trace
 * @param {{threshold: string, rest: string, fires: (spike: number) => string,
 *   step: (step: number) => string}} says
 * @returns {Picture}
 */
export function membraneOf({ potentials, fired, rest }, says) {
  const top = Math.max(...potentials, rest, 4) * 1.12;
  return {
    items: 0,
    size: (width) => ({ width, height: 170 }),
    stride: () => 1,
    itemAt: () => -1,
    draw: ({ context, width, height, color }) => {
      const [left, ground] = [28, height - TEXT_PX];
      const y = (/** @type {number} */ v) => ground - (ground - 10) * v / top;
      const x = (/** @type {number} */ step) => left + (width - left) * step / fired.length;
      // Lines go behind words.
      const write = (/** @type {string} */ text, /** @type {number} */ at,
        /** @type {number} */ down) => {
        context.lineWidth = 3;
        context.strokeStyle = color('ground');
        context.strokeText(text, at, down);
        context.lineWidth = 1;
        context.fillText(text, at, down);
      };
      const line = (/** @type {number} */ v, /** @type {string} */ name,
        /** @type {string} */ ink, /** @type {number[]} */ dash, /** @type {number} */ at) => {
        context.strokeStyle = context.fillStyle = color(ink);
        context.setLineDash(dash);
        context.beginPath();
        context.moveTo(left, y(v));
        context.lineTo(width, y(v));
        context.stroke();
        context.setLineDash([]);
        context.textAlign = 'left';
        context.textBaseline = 'bottom';
        write(name, at, y(v) - 2);
        return at + context.measureText(name).width + 12;
      };
      // One name beside the other: the lines may be close together.
      line(1, says.threshold, 'below', [6, 3], line(rest, says.rest, 'quiet', [2, 3], left + 4));
      context.strokeStyle = color('above');
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(x(0), y(potentials[0]));
      fired.forEach((_, step) => {
        context.lineTo(x(step + 0.72), y(potentials[step]));
        context.lineTo(x(step + 0.72), y(potentials[step + 1]));
        context.lineTo(x(step + 1), y(potentials[step + 1]));
      });
      context.stroke();
      context.lineWidth = 1;
      context.fillStyle = color('ink');
      fired.forEach((spike, step) => {
        context.textAlign = 'center';
        context.textBaseline = 'bottom';
        context.fillText(says.step(step + 1), x(step + 0.5), height);
        if (spike === 0) return;
        const [from, to] = [y(potentials[step]), y(potentials[step + 1])];
        context.textAlign = 'right';
        context.textBaseline = 'middle';
        write(says.fires(spike), x(step + 0.72) - 5, Math.min((from + to) / 2 + 3, ground - 8));
      });
      context.fillStyle = color('quiet');
      context.textAlign = 'right';
      context.textBaseline = 'middle';
      for (const v of new Set([0, potentials[0]])) context.fillText(String(v), left - 6, y(v));
      context.fillStyle = color('line');
      context.fillRect(left, ground, width - left, 1);
    },
  };
}

/**
 * @param {readonly number[]} codes from rest, by token
 * @param {ReadonlySet<number>} strong tokens whose bars are marked
 * @returns {Picture}
 */
export function historyOf(codes, strong) {
  const [low, high] = [Math.min(0, ...codes), Math.max(1, ...codes)];
  let bar = 1;
  return {
    items: codes.length,
    size: (room) => {
      bar = Math.max(BAR.least, Math.min(BAR.most, room / codes.length));
      bar = Math.min(bar, MAX_WIDTH / codes.length);
      return { width: Math.max(1, Math.ceil(bar * codes.length)), height: 120 };
    },
    stride: () => 10,
    itemAt: (x) => Math.floor(x / bar),
    draw: ({ context, width, height, color }, at) => {
      const unit = (height - 4) / (high - low);
      const ground = 2 + high * unit;
      codes.forEach((code, i) => {
        const x = i * bar;
        if (i === at) {
          context.fillStyle = color('sunken');
          context.fillRect(x, 0, bar, height);
        }
        context.fillStyle = color(code < 0 ? 'below' : strong.has(i) ? 'strong' : 'above');
        const tall = code * unit;
        context.fillRect(x, Math.min(ground, ground - tall), Math.max(0.5, bar - (bar > 3 ? 1 : 0)),
          Math.abs(tall));
        if (i === at) {
          context.strokeStyle = color('ink');
          context.strokeRect(x + 0.5, 0.5, Math.max(1, bar - 1), height - 1);
        }
      });
      context.fillStyle = color('quiet');
      context.fillRect(0, ground, width, 1);
    },
  };
}

/** A number with its sign, as it is written. @param {number} n */
export const signed = (n) => (n > 0 ? `+${n}` : String(n).replace('-', '−'));
