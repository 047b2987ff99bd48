// Starts the engine's worker, or says what of the page's policies is against it.

import { SpikeError, asSpikeError } from '../shared/errors.js';
import { blockedByPolicy, policyAgainst } from '../shared/policy.js';
import { PACKER, WORKER, bundledPacker, bundledWorker } from './own-files.js';

/** What a page under Trusted Types must allow. */
const POLICY = 'spikechat';

/** @typedef {{createScriptURL(text: string): string}} Policy */
/**
 * @typedef {object} Scope
 * @property {{createPolicy(name: string, rules: Policy): Policy}} [trustedTypes]
 */

/** @type {Policy | undefined} made once: a page may allow a name, but not two of it */
let policy;

/**
 * @param {string} address of the script
 * @returns {string} it, as the browser wants it
 */
function script(address) {
  const { trustedTypes } = /** @type {Scope} */ (/** @type {unknown} */ (globalThis));
  if (!trustedTypes) return address;
  try {
    policy ??= trustedTypes.createPolicy(POLICY, {
      createScriptURL: (text) => {
        if (text !== WORKER && text !== PACKER) {
          throw new TypeError('not the address of a worker of ours');
        }
        return text;
      },
    });
  } catch {
    // Where the types are not required, or a default policy makes them, a string will do.
    return address;
  }
  return policy.createScriptURL(address);
}

/**
 * @returns {Worker}
 * @throws {SpikeError} blocked_by_policy; unsupported_browser where there are no workers
 */
export const startWorker = () => start(bundledWorker, WORKER, 'spikechat');

/**
 * The worker that packs.
 * @returns {Worker}
 * @throws {SpikeError} as startWorker's
 */
export const startPacker = () => start(bundledPacker, PACKER, 'spikechat-packer');

/**
 * @param {(() => Worker) | null} bundled what starts it in a bundle
 * @param {string} address of its script elsewhere
 * @param {string} name
 */
function start(bundled, address, name) {
  if (typeof Worker === 'undefined')
    throw new SpikeError('unsupported_browser', 'workers cannot be started here');
  try {
    return bundled ? bundled() : new Worker(script(address), { type: 'module', name });
  } catch (cause) {
    throw blockedByPolicy(reasonOf(cause), { cause });
  }
}

/**
 * What a page's owner has to change where the browser refuses a worker at once.
 * @param {unknown} cause
 */
function reasonOf(cause) {
  const trusted = bundledWorker ? 'a policy named default: a bundle has none of its own' : POLICY;
  if (cause instanceof TypeError)
    return `Trusted Types are required: the trusted-types directive must allow ${trusted}`;
  if (globalThis.origin === 'null')
    return 'a sandbox keeps the engine from its worker: it must have allow-same-origin';
  if (bundledWorker)
    return 'the bundle\'s worker must lie on the page\'s own origin, and worker-src allow it';
  const { origin } = new URL(WORKER);
  if (globalThis.origin !== origin)
    return `workers come from the page's own origin alone: put the files of ${origin} there`;
  return 'the content security policy refuses the engine\'s worker: worker-src must allow \'self\'';
}

// Of the script of a worker: far above what it has.
const MOST_BYTES = 1 << 20;

/**
 * Why the worker that packs, which is fetched when it is wanted first, did not start.
 * @param {string} [message] of the browser's, where it told one
 * @returns {Promise<SpikeError>}
 */
export async function packerRefused(message) {
  const refused = await refusedWorker(PACKER);
  if (refused) return refused;
  try {
    // Only a bundle knows where it has put its own.
    if (!message && bundledPacker && !navigator.onLine)
      throw new SpikeError('offline', 'the connection failed', { retryable: true });
    // Nobody else of those who start workers has use for it.
    const { fetchBytes } = await import('../delivery/fetch.js');
    if (!message && !bundledPacker)
      await fetchBytes(PACKER, { limit: MOST_BYTES, hurry: true, revalidate: true });
  } catch (error) {
    const { code, message: reason, retryable, url, status } = asSpikeError(error);
    return new SpikeError(
      code, `what packs files did not come: ${reason}`, { retryable, url, status, cause: error });
  }
  return new SpikeError('engine_crashed', message || 'the worker that packs did not start');
}

/** Why a worker that was made did not start, where a policy is the reason. */
export const refusedWorker = (address = WORKER) => policyAgainst(bundledWorker ? null : address);
