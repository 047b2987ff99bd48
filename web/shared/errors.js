// The one error type of the page. Its codes are stable: callers switch on them, never on the text.

/** All codes: those that the engine gives, and the page's own. */
export const CODES = Object.freeze(/** @type {const} */ ([
  'unsupported_browser', 'offline', 'http_status', 'wrong_content_type', 'shard_truncated',
  'shard_corrupt', 'manifest_invalid', 'model_invalid', 'version_mismatch', 'quota_exceeded',
  'out_of_memory', 'timeout', 'aborted', 'context_full', 'bad_request', 'engine_crashed', 'busy',
  'blocked_by_policy', 'model_unsupported', 'file_unreadable',
]));

/** @typedef {typeof CODES[number]} ErrorCode */

/**
 * An error as it crosses from the worker or from Go, where classes do not survive.
 * @typedef {{code: ErrorCode, message: string, retryable: boolean, url?: string, status?: number}}
 *   ErrorRecord
 */

/** Every failure that the engine reports. */
export class SpikeError extends Error {
  /**
   * @param {ErrorCode} code the stable name of the cause
   * @param {string} message what happened, in lower case, without a full stop
   * @param {{retryable?: boolean, url?: string, status?: number, cause?: unknown}} [more]
   *   retryable: the same call may succeed later
   */
  constructor(code, message, more) {
    const { retryable = false, url, status, cause } = plain(more);
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SpikeError';
    /** @type {ErrorCode} */
    this.code = code;
    this.retryable = retryable;
    /** @type {string | undefined} what was being fetched, if anything */
    this.url = url;
    /** @type {number | undefined} of HTTP, where the server answered with one that is no success */
    this.status = status;
  }
}

/**
 * An object without what a page may have put on Object.prototype.
 * @template {object} T
 * @param {T | undefined} object
 * @returns {T}
 */
const plain = (object) => Object.assign(Object.create(null), object);

/**
 * What an error says. It may be anything that a page throws, also what cannot be read.
 * @param {unknown} error
 * @returns {string}
 */
export function messageOf(error) {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'an error that cannot be read';
  }
}

// Of a stranger's text in a message, in UTF-16 units.
const MAX_SHOWN = 120;
/** What is not seen, or changes the text around it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A text that is not ours, as an error's message may hold it: short, and with nothing in it that
 * is not seen as what it is.
 * @param {string} text
 * @returns {string} the text itself where it is short and plain
 */
export function shown(text) {
  const start = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return start.replace(UNSEEN, (unseen) => `\\u{${unseen.codePointAt(0)?.toString(16)}}`);
}

/**
 * Any error as one of ours.
 * @param {unknown} error
 * @returns {SpikeError}
 */
export function asSpikeError(error) {
  if (error instanceof SpikeError) return error;
  return new SpikeError('engine_crashed', messageOf(error), { cause: error });
}

/**
 * The plain form for a message.
 * @param {unknown} error
 * @param {ErrorCode} [otherwise] the code of an error that is not ours
 * @returns {ErrorRecord}
 */
export function toRecord(error, otherwise = 'engine_crashed') {
  if (error instanceof SpikeError) {
    const { code, message, retryable, url, status } = error;
    return {
      code, message, retryable,
      ...(url === undefined ? {} : { url }),
      ...(status === undefined ? {} : { status }),
    };
  }
  return { code: otherwise, message: messageOf(error), retryable: false };
}

/**
 * Go's errors begin with what they wrap, which the code says as well.
 * @param {string} message
 * @param {ErrorCode} code
 */
function withoutCode(message, code) {
  const words = `${code.replaceAll('_', ' ')}: `;
  return message.startsWith(words) ? message.slice(words.length) : message;
}

/**
 * The error of a plain record. A code this page does not know becomes `engine_crashed`, so that a
 * switch over the codes stays complete even beside a newer engine.
 * @param {Partial<ErrorRecord>} record
 * @returns {SpikeError}
 */
export function fromRecord(record) {
  const {
    code = 'engine_crashed', message = 'unknown error', retryable = false, url, status,
  } = plain(record);
  return CODES.includes(code)
    ? new SpikeError(code, withoutCode(message, code), { retryable, url, status })
    : new SpikeError('engine_crashed', `${message} (${code})`, { retryable, url, status });
}
