// This process and all below it, from Linux's own accounts: what they use, and what the rest of the
// machine does.

import fs from 'node:fs';

/**
 * @typedef {object} Process
 * @property {string} id
 * @property {string} parent
 * @property {number} ticks CPU time, with that of children that have ended
 */

/** @returns {Process[]} all processes; none where there is no /proc */
function all() {
  /** @type {Process[]} */
  const found = [];
  for (const id of fs.existsSync('/proc') ? fs.readdirSync('/proc') : []) {
    if (!/^\d+$/.test(id)) continue;
    try {
      // A name may hold spaces and brackets: fields are counted behind it.
      const stat = fs.readFileSync(`/proc/${id}/stat`, 'latin1');
      const fields = stat.replace(/^.*\) /s, '').split(' ');
      const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
      found.push({ id, parent: fields[1], ticks });
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  return found;
}

/** @returns {Process[]} this process and everything below it */
export function ours() {
  /** @type {Map<string, Process[]>} */
  const children = new Map();
  const processes = all();
  for (const one of processes) children.set(one.parent, [...children.get(one.parent) ?? [], one]);
  const tree = processes.filter(({ id }) => id === String(process.pid));
  for (const one of tree) tree.push(...children.get(one.id) ?? []);
  return tree;
}

/**
 * The renderer of a page, below this process, that has held the most. Chromium keeps renderers for
 * its own windows as well, which are larger than that of a blank page.
 * @returns {{peak: number, now: number, own: number}} bytes resident at most, and now; own are
 *   the latter without files, such as the browser's program, which its processes share; zeros where
 *   /proc does not tell
 */
export function rendererMemory() {
  let memory = { peak: 0, now: 0, own: 0 };
  for (const { id } of ours()) {
    try {
      const command = fs.readFileSync(`/proc/${id}/cmdline`, 'latin1');
      if (!command.includes('--type=renderer') || command.includes('--top-chrome-webui')) continue;
      const status = fs.readFileSync(`/proc/${id}/status`, 'latin1');
      /** @param {string} field */
      const bytes = (field) => {
        const [, kilobytes = 0] = new RegExp(`${field}:\\s+(\\d+)`).exec(status) ?? [];
        return Number(kilobytes) * 1024;
      };
      const peak = bytes('VmHWM');
      if (peak > memory.peak) memory = { peak, now: bytes('VmRSS'), own: bytes('RssAnon') };
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  return memory;
}

const SAMPLE_MS = 500;

/**
 * Starts to watch what the processes below this one hold together. What several share is counted
 * once: each has its part of it (Pss).
 * @returns {() => number} to be called at the end: bytes at most, of a sample each half second and
 *   one more now; 0 where /proc does not tell
 */
export function watchMemory() {
  let peak = 0;
  const sample = () => {
    let bytes = 0;
    for (const { id } of ours().slice(1)) {
      try {
        const memory = fs.readFileSync(`/proc/${id}/smaps_rollup`, 'latin1');
        bytes += Number(/^Pss:\s+(\d+)/m.exec(memory)?.[1] ?? 0) * 1024;
      } catch {
        // The process ended between the listing and the reading.
      }
    }
    peak = Math.max(peak, bytes);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return () => {
    clearInterval(timer);
    sample();
    return peak;
  };
}

/**
 * @returns {number} ticks of CPU time that all others have used, what the host took away included
 */
function othersTicks() {
  if (!fs.existsSync('/proc/stat')) return 0;
  const [user, nice, system, , , irq, softirq, steal] =
    fs.readFileSync('/proc/stat', 'latin1').split('\n')[0].split(/\s+/).slice(1).map(Number);
  const used = ours().reduce((sum, { ticks }) => sum + ticks, 0);
  return user + nice + system + irq + softirq + steal - used;
}

const TICK_MS = 10;
const CALM_MS = 1000;
const CALM_WAITS = 10;

/**
 * Starts to watch what others use.
 * @returns {() => {busy: boolean, share: number}} to be called at the end: whether others used more
 *   than 3 % of one CPU meanwhile (two ticks are nothing), and how much
 */
function watchOthers() {
  const from = othersTicks(), started = performance.now();
  return () => {
    const others = othersTicks() - from, ticks = (performance.now() - started) / TICK_MS;
    return { busy: others > Math.max(2, 0.03 * ticks), share: others / ticks };
  };
}

/**
 * Measures until nobody else was busy meanwhile, or the tries are used up. Between two tries it
 * waits for a calm second, but not for ever.
 * @template T
 * @param {() => Promise<T>} measure
 * @param {number} tries
 * @returns {Promise<{result: T, disturbed: boolean}>} of the last try
 */
export async function undisturbed(measure, tries) {
  for (;; tries--) {
    const others = watchOthers();
    const result = await measure();
    const { busy, share } = others();
    if (!busy || tries <= 1) return { result, disturbed: busy };
    console.error(`others used ${(100 * share).toFixed(0)} % of a CPU: measured again`);
    for (let waits = 0, calm = false; !calm && waits < CALM_WAITS; waits++) {
      const meanwhile = watchOthers();
      await new Promise((resolve) => { setTimeout(resolve, CALM_MS); });
      calm = !meanwhile().busy;
    }
  }
}
