// Rows about a server that answers with something else than the file.

import { empty, isRight, loadAndAsk, openBlank } from './visit.mjs';

/** @import { Rule } from './site.mjs' */
/** @import { Row, Tally } from './rows.mjs' */

/** What a shard's server says, for how many answers (0: always), and what the load ends in. */
const ANSWERS = /** @type {readonly [Partial<Rule>, string][]} */ ([
  [{ status: 404 }, 'http_status'],
  [{ status: 403 }, 'http_status'],
  [{ type: 'text/html' }, 'wrong_content_type'],
  [{ status: 500, times: 2 }, 'answer'],
  [{ status: 503, times: 1, retry_after: '1' }, 'answer'],
  [{ status: 429, times: 1, retry_after: '2' }, 'answer'],
  [{ status: 500 }, 'http_status'],
  [{ status: 429, retry_after: '1' }, 'http_status'],
  [{ cut: 0 }, 'offline'],
  [{ flip: 9 }, 'shard_corrupt'],
]);

/** @type {Row} */
const statuses = {
  name: 'a status, or a web page, in place of a shard; a fault that lasts',
  full: 5 * ANSWERS.length,
  short: 4,
  beside: {
    of: 'most', say: (ms) => `the slowest error came after ${(ms / 1e3).toFixed(1)} s`,
  },
  async run(around, count, tell) {
    /** @type {Tally} */
    const tally = { tried: 0, passed: 0, failures: [] };
    let slowest = 0;
    await openBlank(around);
    while (tally.tried < count) {
      const [fault, want] = ANSWERS[tally.tried % ANSWERS.length];
      const { file } = around.shards[around.random(around.shards.length)];
      await empty(around);
      await around.site.obey([{ path: `*/${file}`, ...fault }]);
      const began = performance.now();
      const outcome = await loadAndAsk(around);
      const ms = performance.now() - began;
      const right = want === 'answer' ? isRight(around, outcome)
        : 'code' in outcome && outcome.code === want;
      if (want !== 'answer') slowest = Math.max(slowest, ms);
      tally.tried++;
      if (right && ms < 20_000) tally.passed++;
      else tally.failures.push(JSON.stringify({ fault, want, outcome, ms }));
      tell(tally);
    }
    tally.figure = slowest;
    return tally;
  },
};

/** @type {Row} */
const stalled = {
  name: 'a line that falls silent, or gives a byte a second',
  full: 4,
  short: 0,
  beside: { of: 'most', say: (ms) => `the slowest load took ${(ms / 1e3).toFixed(0)} s` },
  async run(around, count, tell) {
    /** @type {Tally} */
    const tally = { tried: 0, passed: 0, failures: [] };
    let slowest = 0;
    await openBlank(around);
    while (tally.tried < count) {
      const { file } = around.shards[around.random(around.shards.length)];
      await empty(around);
      const fault = tally.tried % 2 ? { bytes_per_second: 1 } : { stall: 5000 };
      await around.site.obey([{ path: `*/${file}`, times: 1, ...fault }]);
      const began = performance.now();
      const outcome = await loadAndAsk(around);
      const ms = performance.now() - began;
      slowest = Math.max(slowest, ms);
      tally.tried++;
      // The watch's 30 seconds, a pause, and the load.
      if (isRight(around, outcome) && ms < 45_000) tally.passed++;
      else tally.failures.push(JSON.stringify({ fault, outcome, ms }));
      tell(tally);
    }
    tally.figure = slowest;
    return tally;
  },
};

export const ANSWER_ROWS = [statuses, stalled];
