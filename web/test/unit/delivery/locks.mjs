// Web Locks in memory, as the specification has them, for a Node.js without them.

/** @typedef {{name: string, mode: LockMode}} Held */
/** @typedef {{held: Held, begin: () => void, left: boolean}} Wanted */

/** What navigator.locks is in all tabs. */
export class Locks {
  /** @type {Held[]} */
  held = [];
  /** @type {Wanted[]} */
  #queue = [];

  /**
   * @param {string} name
   * @param {LockOptions} options
   * @param {() => unknown} work
   */
  async request(name, { mode = 'exclusive', signal }, work) {
    const held = { name, mode };
    await new Promise((resolve, reject) => {
      const wanted = { held, begin: () => resolve(undefined), left: false };
      signal?.addEventListener('abort', () => {
        wanted.left = true;
        reject(signal.reason);
        this.#next();
      });
      this.#queue.push(wanted);
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.held.splice(this.held.indexOf(held), 1);
      this.#next();
    }
  }

  async query() {
    return { held: [...this.held], pending: [] };
  }

  #next() {
    /** @type {Wanted[]} */
    const waiting = [];
    for (const wanted of this.#queue) {
      if (wanted.left) continue;
      const { held } = wanted;
      const shared = held.mode === 'shared';
      const blocks = (/** @type {Held} */ other) =>
        other.name === held.name && !(shared && other.mode === 'shared');
      if (this.held.some(blocks) || waiting.some((before) => blocks(before.held))) {
        waiting.push(wanted);
      } else {
        this.held.push(held);
        wanted.begin();
      }
    }
    this.#queue = waiting;
  }
}

/** Puts locks in the browser's place. @param {object} [more] of navigator */
export function browserHasLocks(more = {}) {
  const locks = new Locks();
  Object.defineProperty(globalThis, 'navigator', {
    value: { onLine: true, locks, ...more }, configurable: true,
  });
  return locks;
}
