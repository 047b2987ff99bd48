// The words of the shelf of models, in English.

import { formatCount, formatDecimal, formatMegabytes } from '../../shared/format.js';

const en = {
  intro: 'The models of this site, and those of files that you open. GGUF is the file format that '
    + 'most small language models can be downloaded in. A file becomes a model in this browser: it '
    + 'is not sent anywhere.',
  noLicense: 'no licence named',
  /** @param {number} bytes @param {string} license */
  about: (bytes, license) => `${formatMegabytes(bytes)} · ${license}`,
  /** Of a model of the reader's own. */
  own: 'from your file',
  /** @param {number} rate tokens a second */
  speed: (rate) => `About ${formatDecimal(rate, 0)} tokens/s here: an estimate from its size and `
    + 'the speed of your last answers.',
  noSpeed: 'Its speed here can be estimated after an answer.',
  /** @param {number} bytes */
  memory: (bytes) => `Needs about ${formatMegabytes(bytes)} of memory.`,
  /** @param {number} bytes @param {number} gigabytes that the browser tells of the device */
  tight: (bytes, gigabytes) => `Needs about ${formatMegabytes(bytes)} of memory, and the browser `
    + `says that this device has ${formatCount(gigabytes)} GB: it may not fit.`,
  tooLarge: 'Too large: a page can have 4 GB of memory.',
  use: 'Use',
  /** @param {string} name */
  useNamed: (name) => `Use ${name}`,
  inUse: 'in use',
  /** Of the model that would be loaded. */
  chosen: 'chosen, not loaded',
  /** Of the model of that name, which the site brings along. */
  tiny: 'For tests: its weights are random, and its answers mean nothing.',
  delete: 'Delete',
  /** @param {string} name */
  deleteNamed: (name) => `Delete ${name}`,
  sure: 'Really delete?',
  /** @param {string} name */
  deleted: (name) => `${name} is deleted from this browser.`,
  /** @param {number | null} minutes that it will take; null: not known */
  rank: (minutes) => (minutes === null ? 'Rank neurons'
    : `Rank neurons (about ${formatDecimal(minutes, minutes < 10 ? 1 : 0)} min)`),
  rankHint: 'Without a ranking this model has the best quality alone. Ranking runs it over a short '
    + 'text on your processor, for some minutes.',
  list: 'Models',
  none: 'The list of this site’s models did not come.',

  /** While a file becomes a model. @param {string} name of the file */
  opening: (name) => `Opening ${name}`,
  /** @param {string} name of the model */
  ranking: (name) => `Ranking the neurons of ${name}`,
  phases: {
    start: 'Fetching what packs it',
    read: 'Reading the file',
    template: 'Reading its chat template',
    pack: 'Turning its weights into bit planes',
    load: 'Reading the model',
    measure: 'Measuring how long it will take',
    rank: 'Running it over a text',
  },
  /** @param {number} minutes in all */
  minutes: (minutes) => `about ${formatDecimal(minutes, minutes < 10 ? 1 : 0)} min in all`,
  cancel: 'Cancel',
  cancelled: 'Cancelled: nothing of it is kept.',
  close: 'Close',
  another: 'Choose another file',
  /** Of a network that is away, or a server that has it not. */
  packerAway: 'What makes a model of a file comes over the network once, and is kept then. The '
    + 'file itself is not sent. Choose it again when you are online.',
  /** @param {string} name */
  opened: (name) => `${name} is here now, and stays in this browser.`,
  /** @param {string} name */
  ranked: (name) => `The neurons of ${name} are ranked: all qualities can be chosen.`,
  /** The packer's own sentence follows. */
  note: 'Note:',
};

/** @typedef {typeof en} ShelfWords */

export default en;
