// What the comparison needs of the chat, and what its parts hand to each other. There is no code.

/** @import { Engine } from '../api/engine.js' */
/** @import { AnswerSettings, Run } from '../record/types.js' */
/** @import { ErrorCode, SpikeError } from '../shared/errors.js' */
/** @import { Lesions } from '../shared/lesions.js' */
/** @import { FinishReason, Message } from '../shared/protocol.js' */
/** @import { Spikes } from '../shared/spikes.js' */

/**
 * How one answer of a comparison is asked for: fields of a request.
 * @typedef {AnswerSettings & {spike: {aside: true, date?: string, lesions?: Lesions}}} Settings
 */

/**
 * What is known of an answer while it comes.
 * @typedef {Pick<Run, 'tokens' | 'spikes' | 'first_token_ms' | 'ms'> & {text: string,
 *   reason: FinishReason | null}} Progressing
 */

/** @typedef {{write: (text: string, column: number) => void, end: () => void}} Sink */

/**
 * @typedef {object} SinkHost
 * @property {(code: HTMLElement, button: HTMLButtonElement) => void} oncopy
 * @property {(token: number, span: HTMLElement) => void} onspan where a token's text begins
 */

/**
 * @typedef {object} Host
 * @property {() => Engine | null} engine
 * @property {() => Promise<void>} load
 * @property {() => void} lost the engine is gone
 * @property {(asked: {messages: Message[], settings: Settings, signal: AbortSignal},
 *   ontoken: (piece: string, counts: Spikes | null, so: Progressing) => void,
 * ) => Promise<Progressing>} give answers
 * @property {(root: HTMLElement, host: SinkHost) => Sink} sink shows an answer's text
 * @property {(code: ErrorCode) => {title: string, advice: string}} advice
 * @property {(button: HTMLButtonElement, text: string) => Promise<unknown>} copy
 * @property {(status: string) => void} say
 * @property {(running: boolean) => void} onrunning
 * @property {() => void} onclose
 */

/**
 * The question whose answers are compared.
 * @typedef {object} Asked
 * @property {string} question
 * @property {Message[]} messages it, and what was said before
 * @property {AnswerSettings} settings of its answer in the chat, or those that it would have
 * @property {Run | null} run of its answer in the chat
 */

/**
 * One answer to give.
 * @typedef {{title: string, settings: Settings}} Plan
 */

/** @typedef {{code: ErrorCode, error: SpikeError}} Failure */
