// What passes between the page (api/model-file.js) and the worker that packs (packing/worker.js).

/** @import { ErrorRecord } from '../shared/errors.js' */

/** @typedef {'start' | 'read' | 'template' | 'pack' | 'load' | 'measure' | 'rank'} PackingPhase */

/**
 * @typedef {{type: 'pack', files: readonly File[], work: string}
 *   | {type: 'rank', name: string}} ToPacker
 *   files: one, or the parts of one; work: a word that no other piece of work of any tab has
 *
 * @typedef {object} PackingProgress
 * @property {PackingPhase} phase `start`: the packer is being fetched; `read`: the file is read
 *   once, for its hash; `template`: its chat template is executed; `pack`: it becomes shards;
 *   `load`: a packed model is read; `measure`: how long ranking will take is being found out;
 *   `rank`: the model is run over a text
 * @property {number} done of total; 0 of 0 where nothing can be said
 * @property {number} total
 * @property {number} [seconds] that ranking will take in all, an estimate from a few tokens
 *
 * @typedef {{type: 'progress'} & PackingProgress
 *   | {type: 'rendering', on: boolean}
 *   | {type: 'note', text: string}
 *   | {type: 'done', name: string}
 *   | {type: 'failed', error: ErrorRecord}} FromPacker
 *   rendering: whether an engine is executing the template: it may never end; name: what the model
 *   is kept under
 */

export {};
