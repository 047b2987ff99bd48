// What the parts of the chat hand to each other. There is no code.

/** @import { Engine } from '../api/engine.js' */
/** @import { AnswerSettings, RecordedConversation } from '../record/types.js' */
/** @import { ActivityPanel } from './activity-panel.js' */
/** @import { Composer } from './composer.js' */
/** @import { SpikeChatEvents } from './events.js' */
/** @import { StatusLine } from './status-line.js' */
/** @import { Transcript } from './transcript.js' */

/** @typedef {Omit<AnswerSettings, 'seed'> & {seed: number | null}} Asking seed null: any */

/**
 * @typedef {<Name extends keyof SpikeChatEvents>(
 *   name: Name, detail: SpikeChatEvents[Name],
 * ) => void} Tell dispatches an event
 */

/**
 * @typedef {object} Host what a conversation needs around it
 * @property {Transcript} transcript
 * @property {ActivityPanel} activity
 * @property {StatusLine} line
 * @property {Composer} composer
 * @property {HTMLElement} guardPlace for the warning that the context is nearly full
 * @property {() => Engine | null} engine
 * @property {() => string} model the address of its manifest
 * @property {() => Asking} settings
 * @property {() => boolean} plain whether answers are shown as the model wrote them
 * @property {(text: string) => boolean} send asks as if it were typed
 * @property {() => Promise<void>} load
 * @property {() => void} lost the engine is gone
 * @property {() => void} clear
 * @property {() => void} tour shows how the last answer has come about
 * @property {() => void} removes turns are about to be removed, at the reader's wish
 * @property {(turn: number) => void} compare opens a comparison of answers to a turn
 * @property {(answering: boolean) => void} busy an answer begins or ends
 * @property {(record: RecordedConversation) => void} changed something was said
 * @property {Tell} tell
 */

/**
 * How a turn is answered, where it is not as the settings say.
 * @typedef {object} How
 * @property {Asking} [settings]
 * @property {number} [first] index of the first turn that the model reads
 * @property {boolean} [goOn] with the answer that is there
 */
