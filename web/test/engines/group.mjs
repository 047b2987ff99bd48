// A program in a process group of its own, which is ended whole and by its id: a browser starts
// others, and they go on computing when it is gone.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CLOSE_MS, START_MS, inTime } from './limits.mjs';

/** How much of what a program says is kept, for the words of an error. */
const SAID_CHARACTERS = 4000;

/** @type {Set<Group>} */
const running = new Set();
process.once('exit', () => { for (const group of running) group.kill(); });
/** @type {NodeJS.Signals[]} */
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'];
for (const signal of SIGNALS) {
  // Without this the process would end without its exit.
  process.once(signal, () => process.exit(128 + os.constants.signals[signal]));
}

/** A running program and all that it starts. */
export class Group {
  /** A folder for what the program writes. */
  folder;
  #given;
  #child;
  #ended;
  #said = '';
  /** @type {Set<(line: string) => void>} */
  #listeners = new Set();

  /**
   * @param {string} command
   * @param {(folder: string) => string[]} args made of the path of the folder
   * @param {object} [how]
   * @param {Record<string, string>} [how.environment] beside this process's own
   * @param {string} [how.folder] stays at the end; where there is none, one is made that does not
   */
  constructor(command, args, { environment = {}, folder } = {}) {
    this.#given = folder !== undefined;
    this.folder = folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-engine-'));
    // Homes too, so that nothing of the user's own profile is read or written.
    const homes = ['HOME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'];
    const own = Object.fromEntries(homes.map((name) => [name, this.folder]));
    this.#child = spawn(command, args(this.folder), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...own, ...environment },
    });
    running.add(this);
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', (code) => resolve(`${command} has ended with code ${code}`));
      // One that could not be started does not exit either.
      this.#child.once('error', (error) => resolve(error.message));
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (text) => {
        this.#said = (this.#said + text).slice(-SAID_CHARACTERS);
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) for (const listener of this.#listeners) listener(line);
      });
    }
  }

  /** @param {(line: string) => void} listener called for every line that the program says */
  onLine(listener) {
    this.#listeners.add(listener);
  }

  /**
   * Waits for a line.
   * @param {RegExp} wanted
   * @returns {Promise<RegExpExecArray>}
   */
  line(wanted) {
    return this.whileRunning(new Promise((resolve) => {
      this.onLine((line) => {
        const match = wanted.exec(line);
        if (match) resolve(match);
      });
    }));
  }

  /**
   * @template T
   * @param {Promise<T>} promise
   * @returns {Promise<T>} rejects when the program ends before, or it takes too long to start
   */
  async whileRunning(promise) {
    const lost = this.#ended.then((why) => { throw new Error(`${why}: ${this.#said}`); });
    lost.catch(() => {});
    return inTime('starting a browser', START_MS, Promise.race([promise, lost]));
  }

  /** Ends it, first with a word, and then by force; and then whatever else is in the group. */
  async end() {
    this.#signal('SIGTERM');
    await inTime('ending', CLOSE_MS, this.#ended).catch(() => {});
    this.kill();
  }

  /** Ends the whole group at once. */
  kill() {
    this.#signal('SIGKILL');
    running.delete(this);
    if (!this.#given) fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** @param {NodeJS.Signals} signal */
  #signal(signal) {
    try {
      if (this.#child.pid) process.kill(-this.#child.pid, signal);
    } catch {
      // Nobody is left in the group.
    }
  }
}
