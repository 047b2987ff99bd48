// What passes between a page's embed.js and our frames, each listed once, and the checks of what
// comes from that page, which may be anybody's.
//
// A frame says hello to the window around it, whoever that is. The answer, from that window alone,
// brings a port, and all the rest goes over it. Messages are plain objects told apart by `type`;
// they come as structured clones, so that nothing in them is a getter.

/** @import { ErrorRecord } from '../shared/errors.js' */
/** @import { Message, ToWorker } from '../shared/protocol.js' */
/** @import { LeaveMessage as LeaveWorkerMessage } from './port-worker.js' */

/** @typedef {{spikechat: 'hello'}} Hello */
/**
 * @typedef {object} Open
 * @property {'open'} spikechat
 * @property {[string, string][]} [attributes] of the element, whatever they are
 * @property {string} [scheme] the element's computed color-scheme
 * @property {string} [lang] language of what is around the element
 * @property {Partial<Values>} [values] what the frame before this one told last
 */

/**
 * What the page keeps for the frame.
 * @typedef {object} Values
 * @property {Message[]} messages
 * @property {object} [record] all that is known of the conversation
 * @property {{info: object} | null} engine
 * @property {boolean} started the download has been consented to
 */

// Page to frame.

/**
 * @typedef {object} CallMessage
 * @property {'call'} type
 * @property {number} id
 * @property {string[]} path of the method: ['send'], ['engine', 'chat', 'completions', 'create'];
 *   ['next'] and ['return'] are those of the stream that the call named in `values` gave
 * @property {unknown[]} values without the signals that were in them
 * @property {boolean} aborted one of these signals had fired
 */
/** @typedef {{type: 'attribute', name: string, value: string | null}} AttributeMessage */
/** @typedef {{type: 'stop', id: number}} StopMessage a signal of this call has fired */
/** @typedef {{type: 'focus'}} FocusMessage the reader has opened the panel */
/** @typedef {CallMessage | AttributeMessage | StopMessage | FocusMessage} ToFrame */

// Frame to page.

/**
 * @typedef {object} SurfaceMessage what the element has
 * @property {'surface'} type
 * @property {{methods: string[], properties: Record<string, unknown>}} value properties that are
 *   attributes, and their value where there is none
 */
/** @typedef {{type: 'values', value: Values}} ValuesMessage */
/** @typedef {{type: 'event', name: string, detail?: unknown, error?: ErrorRecord}} EventMessage */
/** @typedef {{type: 'stream', id: number}} StreamMessage this call gives a stream */
/** @typedef {{type: 'end', id: number, value?: unknown, error?: ErrorRecord}} EndMessage */
/** @typedef {{type: 'close'}} CloseMessage the reader wants the panel closed */
/**
 * @typedef {{type: 'engine'}} EngineMessage brings a port that is for the engines' frame; over it
 *   goes what a worker is told, and what it tells
 */
/**
 * @typedef {SurfaceMessage | ValuesMessage | EventMessage | StreamMessage | EndMessage |
 *   CloseMessage | EngineMessage} FromFrame
 */

// Page to the engines' frame.

/** @typedef {{type: 'client', element: number}} ClientMessage brings the port of a frame */
/** @typedef {{type: 'gone', element: number}} GoneMessage all ports of this element are closed */
/** @typedef {ClientMessage | GoneMessage} ToEngines */

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
  if (source !== around || !isRecord(data) || data.spikechat !== 'open') return false;
  const { attributes = [], values = {}, scheme = '', lang = '' } = data;
  return ports.length === 1 && isRecord(values) && [scheme, lang].every(isText)
    && Array.isArray(attributes)
    && attributes.every((pair) => isShort(pair) && pair.length === 2 && pair.every(isText));
}

/** @param {unknown} data @returns {data is {id: number}} whether it wants an answer */
export const isCall = (data) =>
  isRecord(data) && data.type === 'call' && Number.isSafeInteger(data.id);

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
      return Number.isSafeInteger(id);
    default:
      return type === 'focus';
  }
}

/** @param {unknown} data @returns {data is ToEngines} */
export const isToEngines = (data) => isRecord(data) && Number.isSafeInteger(data.element)
  && (data.type === 'client' || data.type === 'gone');

/**
 * Whether data has the form of a message to a worker; the engine checks the rest.
 * @param {unknown} data
 * @returns {data is ToWorker | LeaveWorkerMessage}
 */
export function isForWorker(data) {
  if (!isRecord(data)) return false;
  const { type, id, request, query } = data;
  if (type === 'load' || type === 'leave') return true;
  return Number.isSafeInteger(id)
    && (type === 'stop' || type === 'stats' || (type === 'ask' && isRecord(request))
      || (type === 'inspect' && isRecord(query)));
}

/**
 * Whether it can be shown as a conversation.
 * @param {unknown} value
 * @returns {value is Message[]}
 */
export const isConversation = (value) => Array.isArray(value) && value.every((one) =>
  isRecord(one) && (one.role === 'user' || one.role === 'assistant') && isText(one.content));
