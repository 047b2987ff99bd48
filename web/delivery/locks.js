// What only one of all tabs does at a time, and what they tell each other of their use of the
// store, by Web Locks: the browser gives a lock back when its tab is closed or its worker ends,
// however that happens. Without Web Locks (no secure context, a sandbox, old browsers) all goes on
// as if there were one tab.

/** Begins the name of a lock that says which shards a load wants. Loads share it. */
const USE = 'spikechat-use ';

/** @returns {LockManager | null} */
function manager() {
  try {
    return navigator.locks ?? null;
  } catch {
    return null;
  }
}

/**
 * Does work while no other tab does work of the same name.
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} work
 * @param {LockOptions} [options] with a signal: rejects with its reason where it fires before the
 *   work has begun
 * @returns {Promise<T>} what the work gives; its errors pass
 */
export async function alone(name, work, options = {}) {
  const locks = manager();
  if (!locks) return work();
  let begun = false;
  try {
    return await locks.request(name, options, () => {
      begun = true;
      return work();
    });
  } catch (error) {
    if (begun || options.signal?.aborted) throw error;
    return work(); // locks are refused here
  }
}

/**
 * Holds a lock as long as this thread lives: whoever gets it knows that it does not. Where there
 * are no locks nobody hears of it.
 * @param {string} name
 * @returns {Promise<void>} once it is held
 */
export function hold(name) {
  return new Promise((resolve) => {
    alone(name, () => {
      resolve();
      return new Promise(() => {});
    });
  });
}

/**
 * Says that shards are wanted, so that no other tab removes them.
 * @param {readonly string[]} hashes
 * @returns {Promise<() => void>} when it is known to all: what ends it
 */
export async function claim(hashes) {
  /** @type {() => void} */
  let release = () => {};
  const released = new Promise((resolve) => { release = () => resolve(undefined); });
  await new Promise((resolve) => {
    const held = alone(`${USE}${hashes.join(' ')}`, () => {
      resolve(undefined);
      return released;
    }, { mode: 'shared' });
    held.catch(resolve);
  });
  return release;
}

/** @returns {Promise<Set<string>>} the shards that loads of any tab want now */
export const claimed = async () =>
  new Set((await heldNames(USE)).flatMap((hashes) => hashes.split(' ')));

/**
 * @param {string} prefix
 * @returns {Promise<string[]>} how the names of all tabs' locks go on that begin so
 */
export async function heldNames(prefix) {
  try {
    const { held = [] } = await manager()?.query() ?? {};
    return held.flatMap(({ name = '' }) =>
      (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  } catch {
    return [];
  }
}
