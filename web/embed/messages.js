// What passes between a page's embed.js and our frames, each listed once, and the checks of what
// comes from that page, which may be anybody's.
//
// A frame says hello to the window around it, whoever that is. The answer, from that window alone,
// brings a port, and all the rest goes over it. Messages are plain objects told apart by `type`;
// they come as structured clones, so that nothing in them is a getter.

/** @import { ErrorRecord } from '../shared/errors.js' */
/** @import { Message } from '../shared/protocol.js' */

/** Of the two messages between windows, which other software of the page has as well. */
export const VERSION = 1;

/** @typedef {{spikechat: 1, type: 'hello'}} Hello */
/**
 * @typedef {object} Open
 * @property {1} spikechat
 * @property {'open'} type
 * @property {Record<string, string>} attributes of the element, whatever they are
 * @property {Record<string, unknown>} values what the frame before this one told with `values`
 */

// Page to frame.

/**
 * @typedef {object} CallMessage
 * @property {'call'} type
 * @property {number} id
 * @property {string[]} path of the method: ['send'], ['engine', 'chat', 'completions', 'create']
 * @property {unknown[]} values without the signals that were in them
 * @property {boolean} aborted one of these signals had fired
 */
/** @typedef {{type: 'attribute', name: string, value: string | null}} AttributeMessage */
/** @typedef {{type: 'stop', id: number}} StopMessage a signal of this call has fired */
/** @typedef {{type: 'leave', id: number}} LeaveMessage nobody reads this stream any more */
/** @typedef {{type: 'focus'}} FocusMessage the reader has opened the panel */
/**
 * @typedef {CallMessage | AttributeMessage | StopMessage | LeaveMessage | FocusMessage} ToFrame
 */

// Frame to page.

/**
 * @typedef {object} SurfaceMessage what the element has
 * @property {'surface'} type
 * @property {{methods: string[], properties: Record<string, unknown>}} values properties that are
 *   attributes, and their value where there is none
 */
/**
 * @typedef {object} ValuesMessage what has changed of the state that the page keeps for the frame
 * @property {'values'} type
 * @property {{messages?: Message[], engine?: {info: object} | null, started?: boolean}} values
 */
/** @typedef {{type: 'event', name: string, detail?: unknown, error?: ErrorRecord}} EventMessage */
/** @typedef {{type: 'stream', id: number}} StreamMessage this call gives a stream of chunks */
/** @typedef {{type: 'chunk', id: number, value: unknown}} ChunkMessage */
/** @typedef {{type: 'end', id: number, value?: unknown, error?: ErrorRecord}} EndMessage */
/** @typedef {{type: 'close'}} CloseMessage the reader wants the panel closed */
/**
 * @typedef {SurfaceMessage | ValuesMessage | EventMessage | StreamMessage | ChunkMessage |
 *   EndMessage | CloseMessage} FromFrame
 */

// The deepest path of a call, and the most values.
const MOST = 8;

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @type {(value: unknown) => value is string} */
const isText = (value) => typeof value === 'string';

/** @param {unknown} value @returns {value is unknown[]} */
const isShort = (value) => Array.isArray(value) && value.length <= MOST;

/**
 * Whether an event is the answer to our hello.
 * @param {Pick<MessageEvent, 'source' | 'data' | 'ports'>} event
 * @param {unknown} around the window around the frame
 */
export function isOpen({ source, data, ports }, around) {
  return source === around && isRecord(data) && data.spikechat === VERSION && data.type === 'open'
    && isRecord(data.attributes) && Object.values(data.attributes).every(isText)
    && isRecord(data.values) && ports.length === 1;
}

/** @param {unknown} data @returns {data is ToFrame} whether it is one of the messages to a frame */
export function isToFrame(data) {
  if (!isRecord(data)) return false;
  const { type, id, name, value, path, values, aborted } = data;
  switch (type) {
    case 'attribute':
      return isText(name) && (value === null || isText(value));
    case 'call':
      return Number.isSafeInteger(id) && isShort(path) && path.every(isText) && isShort(values)
        && typeof aborted === 'boolean';
    case 'stop':
    case 'leave':
      return Number.isSafeInteger(id);
    default:
      return type === 'focus';
  }
}

/** @param {unknown} value @returns {value is Message[]} whether it can be shown as a conversation */
export const isConversation = (value) => Array.isArray(value) && value.every((one) =>
  isRecord(one) && (one.role === 'user' || one.role === 'assistant') && isText(one.content));
