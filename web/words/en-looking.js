// The words of the page in English that come with looking into neurons and with the tour: the first
// screen has no use for them. Those of other languages come all at once.

import { formatCount, formatDecimal, formatList, plural } from '../shared/format.js';
import en from './en.js';

const looking = {
  neurons: {
    ...en.neurons,
    back: 'Back',
    close: 'Close',
    cancel: 'Cancel',
    again: 'Read again',
    start: 'Start the model',
    title: 'Inside one word',
    reading: 'The model reads this once more.',
    readingAll: 'The model reads the whole chat once more.',
    progress: 'Tokens read',
    gone: 'This part of the chat is not in the model’s memory any more: ask again, and look then.',
    unloaded: 'The model is not running. Start it and ask: then you can look inside.',
    answering: 'The model is answering. What you picked comes when it is done.',
    busy: 'The model is busy with something else.',
    stopped: 'Stopped.',
    dead: 'The engine has stopped. Start it and ask again.',
    /** @param {string} detail */
    failed: (detail) => `It could not be read: ${detail}.`,
    previous: 'Previous word',
    next: 'Next word',
    /** @param {string} read @param {string | null} next */
    at: (read, next) =>
      (next === null ? `While it read ${read}` : `While it read ${read} and chose ${next}`),
    /** @param {string} word */
    quoted: (word) => `“${word}”`,
    noText: 'a token without text',
    marks: {
      '<|im_start|>': 'the start of a message', '<|im_end|>': 'the end of a message',
    },
    tabs: 'What to look at',
    neurons: 'Neurons',
    others: 'Other words',
    layer: 'Layer',
    population: 'Part of the layer',
    neuron: 'Neuron',
    /** @param {number} neuron */
    neuronTitle: (neuron) => `Neuron ${neuron}`,
    /** @param {string} neurons @param {string} active @param {string} spikes */
    summary: (neurons, active, spikes) =>
      `Of ${neurons} neurons ${active} left rest, with ${spikes} binary spikes.`,
    raster: 'Spikes of every neuron',
    /** @param {number} steps @param {boolean} all whether every neuron has so many */
    rasterSays: (steps, all) => (steps === 1
      ? 'One column is a neuron, in its one time step. '
      : `One column is a neuron, in ${all ? '' : 'up to '}${steps} time steps from top to bottom. `)
      + 'The larger a dot, the stronger the spike.',
    above: 'above rest',
    below: 'below rest',
    strong: 'strongest words',
    pick: 'Pick a neuron: point at it, or use the arrow keys and Enter.',
    /** @param {number} neuron @param {string} code @param {string} spikes */
    one: (neuron, code, spikes) =>
      `Neuron ${neuron}: ${code} from rest, spikes ${spikes}`,
    membrane: 'Its membrane potential over the time steps',
    threshold: 'threshold',
    rest: 'rest',
    /** @param {number} spike */
    fires: (spike) => `fires ${spike}`,
    /** @param {number} step */
    step: (step) => `step ${step}`,
    columns: { step: 'Step', potential: 'Potential', fires: 'Fires', left: 'Left' },
    /** @param {number} code @param {number} rest */
    fired: (code, rest) => {
      const far = code - rest;
      const said = far === 0 ? 'just that: it says nothing'
        : `${code}: ${Math.abs(far)} ${far > 0 ? 'more' : 'less'}`;
      return `A neuron at rest here fires ${rest}. This one fired ${said}.`;
    },
    /** @param {number} least */
    resets: (least) => 'In each step it fires as much of its potential as it '
      + `can, at most ${least}, and is reset by that.`,
    excites: 'What excites this neuron?',
    exact: 'In exact terms',
    terms: {
      activation: 'activation x', code: 'code q', rest: 'rest level z', from: 'from rest k = q − z',
      steps: 'time steps T', threshold: 'threshold θ', value: 'value θ (q − z)',
    },
    exactSays: 'A generalised integrate-and-fire (GIF) neuron. Potentials and spikes are in '
      + 'thresholds. The 32 neurons of a group share threshold and rest level.',
    histogram: 'How far the neurons are from rest',
    /** @param {string} code @param {string} count */
    bar: (code, count) =>
      `${code} from rest: ${count} neurons`,
    table: 'As a table',
    rows: { neuron: 'Neuron', code: 'Code', rest: 'Rest', from: 'From rest', spikes: 'Spikes' },
    counts: { from: 'From rest', neurons: 'Neurons' },
    choices: 'What the model might have said here',
    /** @param {string} read */
    choicesSay: (read) =>
      `After ${read} the model gave each word a chance. The marked one came.`,
    chance: { word: 'Word', chance: 'Chance', chosen: 'came' },
    allOthers: 'all others together',
    choicesExact: 'Shares are of the whole vocabulary, as the model gives them: creativity and '
      + 'top-p, which come after, are not in them. They were computed again from what is kept '
      + 'of the words before.',
    /** @param {number} neuron */
    history: (neuron) => `What excites neuron ${neuron}`,
    /** @param {number} neuron @param {number} layer @param {string} population */
    historyOf: (neuron, layer, population) =>
      `Neuron ${neuron} of layer ${layer}, ${population}, at each token of this chat.`,
    over: 'Its code from rest, token by token',
    strongest: 'The words that excited it most',
    nothing: 'No word of this chat excited it.',
    elsewhere: 'What the model read last is not the chat that is shown, so no words are marked.',
    inChat: 'See them in the chat',
    /** @param {string} word @param {string} code */
    token: (word, code) => `${word}: ${code} from rest`,
    tokenRows: { number: 'Token', word: 'Word', from: 'From rest' },
    marksToo: 'Marks between messages are in the chart and not in the list.',
  },

  tour: {
    ...en.tour,
    back: 'Back',
    next: 'Next',
    done: 'Done',
    close: 'Close',
    /** @param {number} step @param {number} all */
    progress: (step, all) => `${step} of ${all}`,
    reading: 'The model reads one word of your answer once more.',
    gone: 'The figures of your answer cannot be read now: ask again, and take the tour then.',
    neuron: {
      title: 'A neuron collects, and fires',
      text: [
        'A number comes into a neuron as its potential. In each time step it fires as much of it '
          + 'as it can, at most 15, and is reset by that. What is left waits for the next step.',
      ],
      /**
       * @param {number} neuron @param {number} layer @param {string} word with quotation marks
       * @param {number} potential @param {number} steps
       */
      says: (neuron, layer, word, potential, steps) => `This is neuron ${neuron} of layer ${layer} `
        + `as it worked towards ${word} in your answer: a potential of ${potential}, fired in `
        + `${plural(steps, 'step')}.`,
    },
    spikes: {
      title: 'Spikes have sizes',
      text: [
        'A spike here is not just there or not: it has a size, from 1 to 15. Several time steps '
          + 'carry more than one, so a neuron can say its number more finely.',
      ],
      /**
       * @param {number} neurons @param {number} steps @param {readonly number[]} spikes
       * @param {number} from from rest
       */
      says: (neurons, steps, spikes, from) => `A column is one of ${neurons} neighbours, a row one `
        + `of ${plural(steps, 'time step')}, a larger dot a larger spike. The framed neuron fired `
        + `${formatList(spikes.map(String))} more than at rest, ${from} together.`,
    },
    thresholds: {
      title: 'Each group has its own threshold',
      text: [
        'The threshold says what one unit of a spike is worth. 32 neighbours share one, fitted to '
          + 'the numbers that came: with a single one for all, a few large numbers would drown '
          + 'the small ones.',
      ],
      /**
       * @param {number} groups @param {number} layer @param {string} population
       * @param {number} times
       */
      says: (groups, layer, population, times) => `The thresholds of ${plural(groups, 'group')} in `
        + `layer ${layer} (${population}). The highest is ${formatDecimal(times)} times the `
        + 'lowest.',
    },
    choice: {
      title: 'Who gets more time steps',
      text: [
        'More steps are finer, and cost more spikes. Optimal Brain Spiking has ranked all groups '
          + 'once, by how much they matter for what comes out; a setting gives the foremost more.',
      ],
      /** @param {number} groups @param {number} layer @param {number} steps */
      alike: (groups, layer, steps) => `In this answer all ${formatCount(groups)} groups of layer `
        + `${layer} had ${plural(steps, 'step')}. Choose “balanced” in the settings, ask again, `
        + 'and they differ.',
      /** @param {number} layer @param {readonly {steps: number, groups: number}[]} kinds */
      differ: (layer, kinds) => `In layer ${layer} of this answer `
        + `${formatList(kinds.map(({ steps, groups }) =>
          `${plural(groups, 'group')} had ${plural(steps, 'step')}`))}.`,
    },
    additions: {
      title: 'Products become additions',
      text: [
        'A layer multiplies each number by weights. With spikes it only adds: every bit of a spike '
          + 'adds the weights of all synapses that it reaches.',
      ],
      /**
       * @param {number} neuron @param {number} spike @param {readonly number[]} bits
       * @param {number} synapses
       */
      says: (neuron, spike, bits, synapses) => `Neuron ${neuron} fired ${spike} in one step`
        + `${bits.length > 1 ? `, which is ${bits.join(' + ')}` : ''}: `
        + `${formatCount(bits.length)} × ${formatCount(synapses)} synapses.`,
      /** @param {string} operations @param {string} dense */
      sum: (operations, dense) => `In all layers this word took ${operations} additions, and would `
        + `take ${dense} multiplications without spikes. The two do not cost the same.`,
      bars: {
        /** @param {string} count */
        operations: (count) => `Additions with spikes: ${count}`,
        /** @param {string} count */
        dense: (count) => `Multiplications without: ${count}`,
      },
    },
    honesty: {
      title: 'What spikes here, and what does not',
      text: [
        'Spiking: what comes into every linear layer and the output, and the keys and values that '
          + 'are remembered. Their sums are those of spiking neurons, to the last bit.',
        'Not spiking: norms, softmax, activation functions, queries, and the stream that runs '
          + 'through all layers. No neuron keeps a state from one word to the next.',
        'Your processor adds all time steps at once. A silent neuron saves it nothing, and nobody '
          + 'claims that energy is saved.',
      ],
      /** @param {string} share */
      silent: (share) => `Neurons that were silent for this word: ${share}`,
    },
  },
};

export default Object.assign(en, looking);
