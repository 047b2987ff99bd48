// Rows about loads and answers that end early: the page is left, the caller cancels, the worker is
// killed. What was verified is kept, and what waits is told.

import { empty, isRight, kept, loadAndAsk, openBlank } from './visit.mjs';

/** @import { Engine } from '../../api/engine.js' */
/** @import { SpikeError } from '../../shared/errors.js' */
/** @import { Around } from './visit.mjs' */
/** @import { Row, Tally } from './rows.mjs' */

/** Bytes a second of a fast line, so that there are moments to leave at. */
const LINE = 40e6;

/** @param {Around} around @returns {Promise<number>} how long a load takes, in milliseconds */
async function loadTime(around) {
  await openBlank(around);
  await empty(around);
  const began = performance.now();
  await loadAndAsk(around);
  return performance.now() - began;
}

/** @type {Row} */
const left = {
  name: 'the page left while the model comes',
  full: 50,
  short: 2,
  beside: { of: 'mean', say: (more) => `${more.toFixed(1)} % more bytes than one load has` },
  async run(around, count, tell) {
    /** @type {Tally} */
    const tally = { tried: 0, passed: 0, failures: [] };
    await around.site.obey([], LINE);
    const time = await loadTime(around);
    const whole = around.shards.reduce((sum, { bytes }) => sum + bytes, 0);
    let fetched = 0;
    while (tally.tried < count) {
      await openBlank(around);
      await empty(around);
      await around.site.forget();
      await begin(around);
      await pause(around.random(Math.ceil(time)));
      await openBlank(around); // the page and its workers are gone
      const before = await kept(around);
      fetched += await shardBytes(around);
      await around.site.forget();
      const outcome = await loadAndAsk(around);
      fetched += await shardBytes(around);
      const again = (await around.site.served())
        .filter(({ path }) => before.names.some((name) => path.includes(name))).length;
      tally.tried++;
      // What came whole and was not yet kept when the page was left may come again.
      if (isRight(around, outcome) && before.wrong === 0 && again === 0) tally.passed++;
      else tally.failures.push(JSON.stringify({ outcome, wrong: before.wrong, again }));
      tell(tally);
    }
    tally.figure = 100 * (fetched / (whole * tally.tried) - 1);
    return tally;
  },
};

/** @param {Around} around @returns {Promise<number>} bytes of shards that were sent */
async function shardBytes({ site }) {
  const shards = (await site.served()).filter(({ path }) => path.endsWith('.bin'));
  return shards.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Begins to load and does not wait. @param {Around} around */
function begin({ driver, model }) {
  return driver.evaluate(async (given) => {
    const module = '/engine.js';
    const { createEngine } = await import(module);
    createEngine({ model: given }).catch(() => {});
  }, model);
}

/**
 * Cancels at a phase.
 * @param {string} phase of Progress, or `answer`
 * @returns {Row}
 */
const cancelled = (phase) => ({
  name: `cancelled in the phase "${phase}"`,
  full: 100,
  short: 2,
  beside: { of: 'most', say: (ms) => `the slowest ended after ${ms.toFixed(0)} ms` },
  async run(around, count, tell) {
    /** @type {Tally} */
    const tally = { tried: 0, passed: 0, failures: [] };
    await around.site.obey([]);
    await openBlank(around);
    // A batch of the prompt is computed to its end: 32 tokens, on a busy machine.
    const limit = phase === 'answer' ? 500 : 100;
    let longest = 0, latest = 200;
    while (tally.tried < count) {
      // From the network and from the store in turns.
      if (tally.tried % 2 === 0) await empty(around);
      const { code, ms } = await cancel(around, phase, around.random(latest));
      if (code === 'late') { // it was over before
        latest = Math.ceil(latest / 2);
        continue;
      }
      longest = Math.max(longest, ms);
      tally.tried++;
      if (code === 'aborted' && ms <= limit) tally.passed++;
      else tally.failures.push(JSON.stringify({ code, ms }));
      tell(tally);
    }
    const outcome = await loadAndAsk(around);
    if (!isRight(around, outcome)) {
      tally.failures.push(`afterwards: ${JSON.stringify(outcome)}`);
      tally.passed = 0;
    }
    tally.figure = longest;
    return tally;
  },
});

/**
 * @param {Around} around
 * @param {string} phase
 * @param {number} later milliseconds after the phase has begun
 * @returns {Promise<{code: string, ms: number}>} what the call ended with, and how long after it
 *   was cancelled
 */
function cancel({ driver, model }, phase, later) {
  return driver.evaluate(async ({ model, phase, later }) => {
    const module = '/engine.js';
    /** @type {typeof import('../../api/engine.js')} */
    const { createEngine } = await import(module);
    const abort = new AbortController();
    let at = 0;
    const soon = (/** @type {number} */ ms) => setTimeout(() => {
      at ||= performance.now();
      abort.abort();
    }, ms);
    /** @type {Engine | null} */
    let engine = null;
    try {
      engine = await createEngine({
        model,
        signal: abort.signal,
        onprogress: (progress) => {
          // At once: the next phase may come before any timer.
          if (progress.phase === phase) soon(phase === 'shards' ? later : 0);
        },
      });
      if (phase !== 'answer') return { code: 'late', ms: 0 };
      soon(later);
      const answer = await engine.chat.completions.create({
        messages: [{ role: 'user', content: 'Tell me a long story. '.repeat(10) }],
        max_tokens: 1000, signal: abort.signal,
      });
      const stopped = answer.choices[0].finish_reason === 'abort';
      return { code: stopped ? 'aborted' : 'late', ms: performance.now() - at };
    } catch (error) {
      return { code: String(/** @type {SpikeError} */ (error).code), ms: performance.now() - at };
    } finally {
      await engine?.unload();
    }
  }, { model, phase, later });
}

/** @type {Row} */
const killed = {
  name: 'the worker killed while it answers',
  full: 100,
  short: 2,
  beside: {
    of: 'most',
    say: (ms) => `the slowest next load, with an answer, took ${(ms / 1e3).toFixed(1)} s`,
  },
  async run(around, count, tell) {
    /** @type {Tally} */
    const tally = { tried: 0, passed: 0, failures: [] };
    await around.site.obey([]);
    let slowest = 0;
    await openBlank(around);
    while (tally.tried < count) {
      const code = await kill(around, around.random(40));
      const began = performance.now();
      const outcome = await loadAndAsk(around);
      slowest = Math.max(slowest, performance.now() - began);
      tally.tried++;
      if (code === 'engine_crashed' && isRight(around, outcome)) tally.passed++;
      else tally.failures.push(JSON.stringify({ code, outcome }));
      tell(tally);
    }
    tally.figure = slowest;
    return tally;
  },
};

/**
 * Loads, asks, and ends the worker after so many tokens, as a browser does whose worker dies: it is
 * gone, and an error event comes.
 * @param {Around} around
 * @param {number} tokens
 * @returns {Promise<string>} the code that the answer ended with
 */
function kill({ driver, model }, tokens) {
  return driver.evaluate(async ({ model, tokens }) => {
    const module = '/engine.js';
    /** @type {typeof import('../../api/engine.js')} */
    const { createEngine } = await import(module);
    /** @type {Worker[]} */
    const workers = [];
    const Own = window.Worker;
    window.Worker = class extends Own {
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        workers.push(this);
      }
    };
    try {
      const engine = await createEngine({ model });
      let seen = 0;
      for await (const _ of await engine.chat.completions.create({
        messages: [{ role: 'user', content: 'Tell me a story.' }], max_tokens: 1000, stream: true,
      })) {
        if (seen++ !== tokens) continue;
        for (const worker of workers) {
          worker.terminate();
          worker.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
        }
      }
      return 'answered';
    } catch (error) {
      return String(/** @type {SpikeError} */ (error).code ?? error);
    } finally {
      window.Worker = Own;
    }
  }, { model, tokens });
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

export const ENDING_ROWS = [left, ...['engine', 'manifest', 'shards', 'prepare', 'answer']
  .map(cancelled), killed];
