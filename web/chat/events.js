// What <spike-chat> tells, by the name of the event: what is in its `detail`. There is no code.

/** @import { EngineInfo } from '../api/types.js' */
/** @import { SpikeError } from '../shared/errors.js' */
/** @import { Message, Progress } from '../shared/protocol.js' */
/** @import { Spikes } from '../shared/spikes.js' */

/**
 * @typedef {object} SpikeChatEvents
 * @property {Readonly<EngineInfo>} ready the model is loaded
 * @property {Progress} progress of loading
 * @property {{text: string, spike: Spikes | null}} token what it made complete, and its counts;
 *   null where nothing is counted
 * @property {Message} message a whole answer
 * @property {Message[]} conversation all messages, whenever they are others
 * @property {SpikeError} error of loading, or of an answer
 */

export {};
