// Starts the engine's worker, or says what of the page's policies is against it.

import { SpikeError } from '../shared/errors.js';
import { blockedByPolicy, policyAgainst } from '../shared/policy.js';

const SCRIPT = new URL('../worker/worker.js', import.meta.url).href;
/** What a page under Trusted Types must allow. */
const POLICY = 'spikechat';

/** @typedef {{createScriptURL(text: string): string}} Policy */
/**
 * @typedef {object} Scope
 * @property {{createPolicy(name: string, rules: Policy): Policy}} [trustedTypes]
 */

/** @type {Policy | undefined} made once: a page may allow a name, but not two of it */
let policy;

/** @returns {string} the script's address, as the browser wants it */
function script() {
  const { trustedTypes } = /** @type {Scope} */ (/** @type {unknown} */ (globalThis));
  if (!trustedTypes) return SCRIPT;
  try {
    policy ??= trustedTypes.createPolicy(POLICY, {
      createScriptURL: (text) => {
        if (text !== SCRIPT) throw new TypeError('not the address of the engine\'s worker');
        return text;
      },
    });
  } catch {
    // Where the types are not required, or a default policy makes them, a string will do.
    return SCRIPT;
  }
  return policy.createScriptURL(SCRIPT);
}

/**
 * @returns {Worker}
 * @throws {SpikeError} blocked_by_policy; unsupported_browser where there are no workers
 */
export function startWorker() {
  if (typeof Worker === 'undefined')
    throw new SpikeError('unsupported_browser', 'workers cannot be started here');
  try {
    return new Worker(script(), { type: 'module', name: 'spikechat' });
  } catch (cause) {
    throw blockedByPolicy(reasonOf(cause), { cause });
  }
}

/**
 * What a page's owner has to change where the browser refuses a worker at once.
 * @param {unknown} cause
 */
function reasonOf(cause) {
  const { origin } = new URL(SCRIPT);
  if (cause instanceof TypeError)
    return `Trusted Types are required: the trusted-types directive must allow ${POLICY}`;
  if (globalThis.origin === 'null')
    return 'a sandbox keeps the engine from its worker: it must have allow-same-origin';
  if (globalThis.origin !== origin)
    return `workers come from the page's own origin alone: put the files of ${origin} there`;
  return 'the content security policy refuses the engine\'s worker: worker-src must allow \'self\'';
}

/** Why a worker that was made did not start, where a policy is the reason. */
export const refusedWorker = () => policyAgainst(SCRIPT);
