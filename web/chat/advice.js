// What to tell the reader about an error: what happened is the error's own message; this is what to
// do.

/** @import { ErrorCode, SpikeError } from '../shared/errors.js' */

/** @type {Readonly<Record<ErrorCode, {title: string, advice: string}>>} */
const ADVICE = Object.freeze({
  unsupported_browser: {
    title: 'This browser cannot run the engine',
    advice:
      'A current Firefox, Chrome, Edge or Safari can. ' +
      'Where this is one, the server holds a damaged file.',
  },
  offline: {
    title: 'The network is away',
    advice: 'What was downloaded is kept. Try again when you are online.',
  },
  http_status: {
    title: 'The server refused a file',
    advice: 'What was downloaded is kept. Try again in a while.',
  },
  wrong_content_type: {
    title: 'The server sent a page instead of a file',
    advice: 'The site seems to be set up wrongly: a file of the model is missing.',
  },
  shard_truncated: {
    title: 'A part of the model came incomplete',
    advice: 'What was downloaded is kept. Try again.',
  },
  shard_corrupt: {
    title: 'A part of the model is damaged',
    advice: 'It was not used. Try again; if it stays so, the server holds a damaged file.',
  },
  manifest_invalid: {
    title: 'The model’s description is not valid',
    advice: 'The site seems to hold a damaged or foreign model.',
  },
  model_invalid: {
    title: 'The model is not valid',
    advice: 'The site seems to hold a damaged or foreign model.',
  },
  version_mismatch: {
    title: 'Page and model do not fit together',
    advice: 'Reload the page to get the newer one.',
  },
  quota_exceeded: {
    title: 'The browser has no room left',
    advice: 'The chat works, but the model is downloaded again next time.',
  },
  out_of_memory: {
    title: 'Not enough memory',
    advice: 'What was downloaded is kept. Close other tabs and try again.',
  },
  timeout: { title: 'Nothing came for too long', advice: 'Try again.' },
  aborted: { title: 'Cancelled', advice: 'What was downloaded is kept.' },
  context_full: {
    title: 'This chat is full',
    advice: 'The model can look at no more text than this. Start a new chat.',
  },
  bad_request: { title: 'The engine refused the request', advice: 'Check the settings.' },
  engine_crashed: {
    title: 'The engine stopped',
    advice: 'Your chat is kept. Start the engine again: the model need not be downloaded again.',
  },
  blocked_by_policy: {
    title: 'A policy of this page is against the engine',
    advice: 'Whoever runs this page can change that; trying again cannot.',
  },
  busy: {
    title: 'The engine is busy',
    advice: 'Another answer is being given. Try again when it is done.',
  },
});

/**
 * @param {ErrorCode} code
 * @returns {{title: string, advice: string}}
 */
export const adviceFor = (code) => ADVICE[code];

/**
 * What to tell about an error of loading.
 * @param {SpikeError} error
 * @param {string} address of the model's manifest
 * @returns {{title: string, advice: string}}
 */
export function adviceForLoading({ code, status, url }, address) {
  if ((status !== 404 && status !== 410) || url !== address) return adviceFor(code);
  return {
    title: 'There is no model of this name',
    advice: `Nothing is at ${address}: check how it is spelled.`,
  };
}
