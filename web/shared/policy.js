// What a content security policy refuses. The browser throws the same for that as for a network
// that is away or a file that is damaged; only an event beside it says which directive it was.

import { SpikeError } from './errors.js';

// A page's own violations are told here too, and there may be any number.
const MOST = 256;
// The event may come some tasks after the refusal.
const WAIT_MS = 50;

/** @type {Map<string, string>} directives that refused something, by its address */
const refused = new Map();
globalThis.addEventListener?.('securitypolicyviolation', (event) => {
  const { blockedURI, effectiveDirective, disposition } =
    /** @type {SecurityPolicyViolationEvent} */ (event);
  if (disposition !== 'enforce') return;
  refused.set(blockedURI, effectiveDirective);
  for (const [oldest] of refused) {
    if (refused.size > MOST) refused.delete(oldest);
  }
});

/**
 * @param {string} message what must be changed
 * @param {{url?: string, cause?: unknown}} [more]
 */
export const blockedByPolicy = (message, more) =>
  new SpikeError('blocked_by_policy', message, more);

/**
 * Whether a policy is the reason why something did not come.
 * @param {string | null} wanted address of what failed just now; null for a worker of which a
 *   bundle does not tell it
 * @param {unknown} [cause]
 * @returns {Promise<SpikeError | null>}
 */
export async function policyAgainst(wanted, cause) {
  const find = () => [...refused].findLast(
    ([address, by]) => (wanted === null ? by === 'worker-src' : address === wanted));
  const end = performance.now() + WAIT_MS;
  while (!find() && performance.now() < end) {
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
  const [url, directive] = find() ?? [];
  if (!url || !directive) return null;
  const { origin } = new URL(url);
  const source = origin === globalThis.location?.origin ? '\'self\'' : origin;
  const whose = globalThis.document ? 'the page is' : 'worker/worker.js is';
  return blockedByPolicy(
    `the content security policy that ${whose} sent with refuses it: ` +
      `its ${directive.replace('-elem', '')} must allow ${source}`,
    { url, cause },
  );
}
