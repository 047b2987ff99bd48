// Where the threads of one engine meet: each publishes its part of some values and goes on when all
// have (core/team). It is a barrier over memory that they share.

/** Where in the shared numbers what stands. */
const ARRIVED = 0, WAITING = 1, BROKEN = 2;
const CONTROL_BYTES = 64;
// Threads that do equal work come within microseconds; sleeping and waking costs thirty.
const SPINS = 3000;
// A thread that is not there after so many waits is not coming. Waits are counted, and not time: a
// machine that sleeps, or a page that is frozen, makes one of them longer, and a frozen thread is
// stopped between two of them as the one that it waits for is.
const WAIT_MS = 1000, WAITS = 60;

/**
 * Memory for threads that share through buffers of such a size.
 * @param {number} bytes
 */
export const sharedMemory = (bytes) => new SharedArrayBuffer(CONTROL_BYTES + 2 * bytes);

/** Ends a team: whoever waits, or comes later, is told. @param {SharedArrayBuffer} shared */
export const breakTeam = (shared) => end(new Int32Array(shared, 0, CONTROL_BYTES / 4));

/**
 * The number of arrivals changes too: a thread that is about to wait for it would miss the notice.
 * @param {Int32Array} control
 */
function end(control) {
  Atomics.store(control, BROKEN, 1);
  Atomics.add(control, ARRIVED, 1);
  Atomics.notify(control, ARRIVED);
}

/** One thread's side. */
export class Meeting {
  #control;
  /** Used in turn, so that whoever is late still finds what was published. */
  #areas;
  #size;
  #memory;
  #wait;
  #rounds = 0;

  /**
   * @param {SharedArrayBuffer} shared
   * @param {number} size threads
   * @param {() => ArrayBuffer} memory of the thread's own engine, as it is now
   * @param {number} [wait] milliseconds of one wait
   */
  constructor(shared, size, memory, wait = WAIT_MS) {
    const bytes = (shared.byteLength - CONTROL_BYTES) / 2;
    this.#control = new Int32Array(shared, 0, CONTROL_BYTES / 4);
    this.#areas = [0, 1].map((n) => new Uint8Array(shared, CONTROL_BYTES + n * bytes, bytes));
    this.#size = size;
    this.#memory = memory;
    this.#wait = wait;
  }

  get broken() {
    return Atomics.load(this.#control, BROKEN) !== 0;
  }

  /**
   * Publishes bytes from to to-1 of a buffer in the engine's memory, waits for the other threads,
   * and fills in what they published of its first total bytes.
   * @param {number} address
   * @param {number} from
   * @param {number} to
   * @param {number} total
   * @returns {number} 0; 1 where the team is broken
   */
  share = (address, from, to, total) => {
    const buffer = new Uint8Array(this.#memory(), address >>> 0, total);
    const area = this.#areas[this.#rounds & 1];
    if (to > from) area.set(buffer.subarray(from, to), from);
    this.#rounds = this.#rounds + 1 | 0;
    if (!this.#arrive(Math.imul(this.#rounds, this.#size))) return 1;
    if (from > 0) buffer.set(area.subarray(0, from));
    if (to < total) buffer.set(area.subarray(to, total), to);
    return 0;
  };

  /** @param {number} goal arrivals, which run over @returns {boolean} whether all have come */
  #arrive(goal) {
    const control = this.#control;
    let arrived = Atomics.add(control, ARRIVED, 1) + 1 | 0;
    if (arrived === goal) {
      if (Atomics.load(control, WAITING) > 0) Atomics.notify(control, ARRIVED);
      return !this.broken;
    }
    for (let spin = 0; spin < SPINS && (arrived - goal | 0) < 0; spin++)
      arrived = Atomics.load(control, ARRIVED);
    for (let late = 0; !this.broken && (arrived - goal | 0) < 0;) {
      Atomics.add(control, WAITING, 1);
      const woken = Atomics.wait(control, ARRIVED, arrived, this.#wait);
      Atomics.sub(control, WAITING, 1);
      if (woken === 'timed-out' && ++late === WAITS) end(control);
      arrived = Atomics.load(control, ARRIVED);
    }
    return !this.broken;
  }
}
