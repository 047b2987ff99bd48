// Rows about shards that come damaged: cut, flipped, or another in their place. Every shard of a
// load is damaged, so a load of n shards tries n faults, or as many for each as a row has in turn.

import { empty, fetchedAgain, isRight, kept, loadAndAsk, openBlank } from './visit.mjs';

/** @import { Rule } from './site.mjs' */
/** @import { Around, Shard } from './visit.mjs' */
/** @import { Row, Tally } from './rows.mjs' */

/**
 * How often in turn a shard comes damaged in one load. Five are the most, and the pauses between
 * them grow.
 */
const IN_TURN = 2;

/**
 * A row in which each fault is mended by a later try.
 * @param {Pick<Row, 'name' | 'full' | 'short'>} about
 * @param {(shard: Shard, around: Around, tried: number) => Partial<Rule>} fault
 * @returns {Row}
 */
function mended(about, fault) {
  return {
    ...about,
    async run(around, count, tell) {
      /** @type {Tally} */
      const tally = { tried: 0, passed: 0, failures: [] };
      await openBlank(around);
      while (tally.tried < count) {
        const some = Array.from({ length: IN_TURN }, () => around.shards).flat()
          .slice(0, count - tally.tried);
        await around.site.forget();
        await around.site.obey(some.map((shard, i) => ({
          path: `*/${shard.file}`, times: 1, ...fault(shard, around, tally.tried + i),
        })));
        await empty(around);
        const outcome = await loadAndAsk(around);
        const met = (await around.site.served()).filter((one) => one.fault !== undefined).length;
        const { wrong } = await kept(around);
        const again = await fetchedAgain(around);
        const right = isRight(around, outcome) && wrong === 0 && again === 0 && met === some.length;
        tally.tried += some.length;
        if (right) tally.passed += some.length;
        else tally.failures.push(JSON.stringify({ outcome, wrong, again, met, of: some.length }));
        tell(tally);
      }
      return tally;
    },
  };
}

const cuts = mended({
  name: 'a shard cut short', full: 1000, short: 8,
}, ({ bytes }, { random }, tried) => ({
  // The ends first: 0, 1 and all but one byte.
  cut: [0, 1, bytes - 1][tried] ?? random(bytes),
}));

const flips = mended({
  name: 'one flipped bit', full: 10_000, short: 8,
}, ({ bytes }, { random }) => ({ flip: random(8 * bytes) }));

/** @type {Row} */
const swaps = {
  name: 'another shard in its place, each pair of 16',
  full: 240,
  short: 2,
  async run(around, count, tell) {
    /** @type {Tally} */
    const tally = { tried: 0, passed: 0, failures: [] };
    const some = around.shards.slice(0, 16);
    const folder = around.model.slice(0, around.model.lastIndexOf('/'));
    await openBlank(around);
    // Each load meets one other shard in the place of each, and the right one at the next try.
    for (let by = 1; by < some.length && tally.tried < count; by++) {
      await around.site.forget();
      await around.site.obey(some.map(({ file }, i) => ({
        path: `*/${file}`, times: 1, swap: `${folder}/${some[(i + by) % some.length].file}`,
      })));
      await empty(around);
      const outcome = await loadAndAsk(around);
      const met = (await around.site.served()).filter(({ fault }) => fault === 'swap').length;
      const { wrong } = await kept(around);
      const right = isRight(around, outcome) && wrong === 0 && met === some.length;
      tally.tried += some.length;
      if (right) tally.passed += some.length;
      else tally.failures.push(JSON.stringify({ outcome, wrong, met, by }));
      tell(tally);
    }
    return tally;
  },
};

export const SHARD_ROWS = [cuts, flips, swaps];
