// The engine over every combination of build and kernel, with the tiny model. All combinations must
// agree to the last spike: one answer is compared whole.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BUILDS, PRESETS } from '../shared/contract.js';
import { DIST, TINY, noWorkers, site, withEngine } from './harness.mjs';
import { load, loaded, refusal, stream } from './in-page.mjs';
import { thinkingTiny } from './thinking-tiny.mjs';
import { unrankedTiny } from './unranked.mjs';

/** @import { CompletionRequest, EngineInfo, Logprobs } from '../api/types.js' */
/** @import { Population } from '../shared/spikes.js' */
/** @import { Bench } from './in-page.mjs' */

/** So few that the tiny model, which says anything, does not end its turn before. */
const TOKENS = 8;
/** @type {CompletionRequest} */
const QUESTION = {
  messages: [{ role: 'user', content: 'Hello, how are you?' }],
  max_tokens: TOKENS,
  temperature: 0.8,
  seed: 7,
};
const COUNTS = /** @type {const} */ (['active', 'strong', 'spikes', 'executed', 'levels']);

/** @type {Map<number, {text: string, spikes: unknown}>} the first combination's answer, by steps */
const reference = new Map();
/** @type {(Logprobs | null)[] | null} of the same with 4 steps */
let logprobsReference = null;

describe('combinations', () => {
  for (const build of BUILDS) {
    for (const kernel of /** @type {const} */ (['lookup', 'popcount', 'dot'])) {
      for (const wasmType of ['application/wasm', 'application/octet-stream']) {
        // The way of loading has nothing to do with the kernel: one kernel is enough for the wrong
        // type.
        if (wasmType !== 'application/wasm' && kernel === 'popcount') continue;
        test(`${build}, ${kernel}, wasm as ${wasmType}`, () => withEngine(async (page) => {
          site.fault = ({ path }) => (path.endsWith('.wasm') ? { type: wasmType } : null);
          const { info, notices, progress } = await loaded(page, { model: TINY, build, kernel });
          assert.equal(info.build, build);
          assert.deepEqual([info.kernel, info.prompt_kernel], [kernel, kernel]);
          assert.equal(info.simd, build !== 'plain');
          assert.deepEqual(
            notices.map(({ code }) => code),
            wasmType === 'application/wasm' ? [] : ['wrong_content_type'],
          );
          assert.equal(progress.at(-1)?.phase, 'ready');
          for (const { loaded: bytes, total } of progress)
            assert.ok(bytes <= total, `${bytes} of ${total} bytes`);

          for (const steps of /** @type {const} */ ([1, 2, 4])) {
            const { text, spikes, usage, reasons, first, objects } = await stream(page, {
              ...QUESTION,
              steps,
            });
            assert.deepEqual(objects, ['chat.completion.chunk']);
            assert.equal(first?.role, 'assistant');
            assert.equal(reasons.at(-1), usage?.completion_tokens === TOKENS ? 'length' : 'stop');
            assert.ok(reasons.slice(0, -1).every((reason) => reason === null));
            assert.equal(spikes.length, usage?.completion_tokens);
            for (const spike of spikes) checkSpikes(spike, info, steps);
            const expected = reference.get(steps);
            if (expected) assert.deepEqual({ text, spikes }, expected);
            else reference.set(steps, { text, spikes });
          }
          // Logprobs change no token and no spike, and are the same bits everywhere.
          const { text, spikes, logprobs } = await stream(page, {
            ...QUESTION, steps: 4, logprobs: true, top_logprobs: 20,
          });
          assert.deepEqual({ text, spikes }, reference.get(4));
          logprobsReference ??= logprobs;
          assert.deepEqual(logprobs, logprobsReference);
        }));
      }
    }
  }
});

/**
 * @param {{layers: number, populations: readonly Population[]} & Record<typeof COUNTS[number],
 *   number[]>} spike
 * @param {EngineInfo} info
 * @param {number} steps
 */
function checkSpikes(spike, info, steps) {
  assert.deepEqual(spike.populations, info.populations);
  assert.equal(spike.layers, info.layers);
  for (const kind of COUNTS)
    assert.equal(spike[kind].length, info.layers * info.populations.length, kind);
  spike.active.forEach((active, i) => {
    const { neurons } = info.populations[i % info.populations.length];
    assert.ok(active <= neurons, 'more neurons active than there are');
    assert.ok(spike.strong[i] <= active, 'more neurons strong than active');
    assert.ok(spike.spikes[i] >= active, 'an active neuron spikes');
    assert.ok(
      spike.levels[i] >= active && spike.levels[i] <= neurons * 15 * steps,
      'levels out of range',
    );
    if (steps === 1) assert.equal(spike.strong[i], 0, 'one step cannot pass 15');
  });
}

test('auto multiplies prompts with relaxed SIMD alone, and says so', () =>
  withEngine(async (page) => {
    for (const build of BUILDS) {
      const { info } = await loaded(page, { model: TINY, build });
      assert.deepEqual([info.kernel, info.prompt_kernel],
        ['lookup', build === 'relaxed' ? 'dot' : 'lookup']);
      const stats = await page.evaluate(() => /** @type {any} */ (window).engine.stats());
      assert.equal(stats.prompt_kernel, info.prompt_kernel);
    }
  }));

test('with steps 0 nothing spikes: the answer has text and no counts', () =>
  withEngine(async (page) => {
    await loaded(page, { model: TINY });
    const { spikes, text, usage } = await stream(page, { ...QUESTION, steps: 0 });
    assert.deepEqual(spikes, []);
    assert.notEqual(text, '');
    assert.equal(usage?.completion_tokens, TOKENS);
  }));

/**
 * @param {{spikes: {spikes: number[]}[]}} answer
 * @returns {number} all its binary spikes, by token
 */
const spikesPerToken = ({ spikes }) =>
  spikes.flatMap((token) => token.spikes).reduce((sum, n) => sum + n, 0) / spikes.length;

test('presets answer, each with fewer spikes than the one before, and again as they did', () =>
  withEngine(async (page) => {
    const { info } = await loaded(page, { model: TINY });
    assert.deepEqual(info.presets, PRESETS, 'the page and the engine do not know the same presets');
    /** @type {Map<string, Awaited<ReturnType<typeof stream>>>} */
    const answers = new Map();
    for (const preset of [...PRESETS, ...PRESETS, ...PRESETS.toReversed()]) {
      const answer = await stream(page, { ...QUESTION, preset });
      assert.equal(answer.usage?.completion_tokens, TOKENS);
      const { text, spikes } = answers.get(preset) ?? answer;
      assert.deepEqual(
        { text: answer.text, spikes: answer.spikes },
        { text, spikes },
        `${preset} differs the second time`,
      );
      answers.set(preset, answer);
    }
    const spikes = PRESETS.map((preset) =>
      spikesPerToken(/** @type {any} */ (answers.get(preset))),
    );
    for (let i = 1; i < spikes.length; i++)
      assert.ok(
        spikes[i] < spikes[i - 1],
        `${PRESETS[i]}: ${spikes[i]} spikes a token, ${PRESETS[i - 1]}: ${spikes[i - 1]}`,
      );
    // The same question is cached whole but for its last token, and only where it was coded alike.
    const cached = async (/** @type {object} */ fields) =>
      (await stream(page, { ...QUESTION, ...fields })).usage?.prompt_tokens_details.cached_tokens ??
      0;
    await cached({ preset: 'best' });
    assert.ok((await cached({})) > 0, 'best is the default');
    assert.equal(await cached({ preset: 'fewest' }), 0);
    assert.equal(await cached({ preset: 'fewest', cache_steps: 2 }), 0);
  }));

test('the engine has a preset of its own, and an answer may have another coding', () =>
  withEngine(async (page) => {
    await loaded(page, { model: TINY, preset: 'fewest', cache_steps: 4 });
    const said = async (/** @type {object} */ fields) => {
      const { text, spikes } = await stream(page, { ...QUESTION, ...fields });
      return { text, spikes };
    };
    const [fewest, best, uniform] = [
      await said({}),
      await said({ preset: 'best' }),
      await said({ steps: 2, cache_steps: 2 }),
    ];
    assert.deepEqual(await said({ preset: 'fewest' }), fewest);
    await loaded(page, { model: TINY, steps: 2 });
    assert.deepEqual(await said({}), uniform);
    await loaded(page, { model: TINY });
    assert.deepEqual(await said({}), best);
    assert.deepEqual(await said({ preset: 'fewest', cache_steps: 4 }), fewest);
    // Heads of keys and values: all of them, none, and some.
    const shared = async (/** @type {number} */ share) =>
      said({ cache_steps: { high: 4, low: 1, share } });
    assert.deepEqual(await shared(1), best);
    assert.deepEqual(await shared(0), await said({ cache_steps: 1 }));
    const [some, none] = [await shared(0.5), await shared(0)];
    assert.notDeepEqual(some, best);
    assert.notDeepEqual(some, none);
  }));

test('thinking is switched, and the prompt has the date', () =>
  withEngine(async (page) => {
    const { manifest, files } = thinkingTiny(DIST);
    for (const [path, body] of files) site.added.set(path, body);
    const { info } = await loaded(page, { model: manifest });
    assert.deepEqual(info.chat, {
      system: true, dates: true, thinking: { start: '<think>', end: '</think>', default: 'on' },
    });
    const { local, ...answers } = /** @type {any} */ (await page.evaluate(async (question) => {
      const { completions } = /** @type {any} */ (window).engine.chat;
      const give = (/** @type {object} */ fields) =>
        completions.create({ ...question, max_tokens: 8, ...fields });
      const switched = (/** @type {boolean} */ on) =>
        ({ chat_template_kwargs: { enable_thinking: on }, spike: { date: '2026-11-30' } });
      const now = new Date();
      const [year, month, day] = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
        .map((n) => String(n).padStart(2, '0'));
      return {
        local: `${year}-${month}-${day}`,
        today: await give({}),
        plain: await give({ spike: { date: '2026-11-30' } }),
        on: await give(switched(true)),
        off: await give(switched(false)),
        later: await give({ spike: { date: '2026-12-01' } }),
        // What was thought is dropped, and so is the same conversation.
        thought: await give({
          spike: { date: '2026-11-30' },
          messages: [...question.messages,
            { role: 'assistant', content: '<think>\nwhy\n</think>\n\nYes.' }, ...question.messages],
        }),
        said: await give({
          spike: { date: '2026-11-30' },
          messages: [...question.messages, { role: 'assistant', content: 'Yes.' },
            ...question.messages],
        }),
      };
    }, QUESTION));
    const { today, plain, on, off, later, thought, said } = answers;
    assert.equal(today.spike.date, local);
    assert.equal(plain.spike.date, '2026-11-30');
    const text = (/** @type {any} */ { choices: [{ message }] }) => message.content;
    assert.equal(text(on), text(plain));
    assert.equal(on.usage.prompt_tokens, plain.usage.prompt_tokens);
    assert.ok(off.usage.prompt_tokens > on.usage.prompt_tokens);
    assert.notDeepEqual(later.spike.tokens, plain.spike.tokens, 'another day, another prompt');
    assert.deepEqual([text(thought), thought.usage.prompt_tokens],
      [text(said), said.usage.prompt_tokens]);
    const error = await refusal(page, {
      messages: [...QUESTION.messages, ...QUESTION.messages],
    });
    assert.equal(error?.code, 'bad_request');
    assert.match(error?.message ?? '', /alternate/);
  }));

test('a model without a ranking has one preset, and says so where another is asked for', () =>
  withEngine(async (page) => {
    const { manifest, files } = unrankedTiny(DIST);
    for (const [path, body] of files) site.added.set(path, body);
    const { info } = await loaded(page, { model: manifest, preset: 'fewest' });
    assert.deepEqual(info.presets, ['best']);
    for (const [fields, preset] of /** @type {[object, string][]} */ ([
      [{}, 'fewest'],
      [{ preset: 'balanced' }, 'balanced'],
      [{ preset: 'fewest' }, 'fewest'],
    ])) {
      const error = await refusal(page, { ...QUESTION, ...fields });
      assert.equal(error?.code, 'bad_request');
      assert.equal(
        error?.message,
        `preset "${preset}": the model "tiny" has no ranking of its neurons`,
      );
    }
    const heads = await refusal(page, {
      ...QUESTION,
      preset: 'best',
      cache_steps: { high: 4, low: 2, share: 0.5 },
    });
    assert.equal(heads?.message, 'the model has no ranking by saliency');
    for (const fields of [
      { preset: /** @type {const} */ ('best') },
      { steps: /** @type {const} */ (2) },
    ]) {
      assert.equal(
        (await stream(page, { ...QUESTION, ...fields })).usage?.completion_tokens,
        TOKENS,
      );
    }
  }));

test('a second turn keeps the first one', () => withEngine(async (page) => {
  await loaded(page, { model: TINY });
  const first = await stream(page, { ...QUESTION, max_tokens: 6 });
  const second = await stream(page, {
    ...QUESTION,
    messages: [
      ...QUESTION.messages,
      { role: 'assistant', content: first.text },
      { role: 'user', content: 'And you?' },
    ],
  });
  assert.ok((second.usage?.prompt_tokens_details.cached_tokens ?? 0) > 0, 'nothing was kept');
  assert.ok((second.usage?.prompt_tokens ?? 0) > (first.usage?.prompt_tokens ?? 0));
}));

test('without a seed each answer draws one and tells it', () => withEngine(async (page) => {
  await loaded(page, { model: TINY });
  const hot = { ...QUESTION, temperature: 1.5, seed: undefined };
  const [a, b, c] = [await stream(page, hot), await stream(page, hot), await stream(page, hot)];
  assert.equal(new Set([a, b, c].map(({ text }) => text)).size, 3, 'answers are the same');
  for (const { text, seeds } of [a, b, c]) {
    // With the finish_reason, and with the usage.
    assert.equal(seeds.length, 2);
    assert.equal(seeds[0], seeds[1]);
    assert.equal((await stream(page, { ...hot, seed: seeds[0] })).text, text);
  }
  assert.deepEqual((await stream(page, { ...hot, seed: 5 })).seeds, [5, 5]);
  const whole = await page.evaluate(async (request) => {
    const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
    return JSON.stringify(await engine.chat.completions.create({
      ...request, stream: false, seed: 7,
    }));
  }, hot);
  const { spike } = JSON.parse(whole);
  assert.equal(spike.seed, 7);
  assert.ok(Array.isArray(spike.tokens[0].spikes), 'counts are no plain array');
}));

test('without stream the same answer comes whole', () => withEngine(async (page) => {
  await loaded(page, { model: TINY });
  const streamed = await stream(page, QUESTION);
  const whole = await page.evaluate(async (request) => {
    const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
    const { spike, ...completion } = await engine.chat.completions.create({
      ...request,
      stream: false,
    });
    return { ...completion, tokens: spike.tokens.length };
  }, QUESTION);
  assert.equal(whole.object, 'chat.completion');
  assert.deepEqual(
    whole.choices[0].message, { role: 'assistant', content: streamed.text, refusal: null });
  assert.equal(whole.choices[0].finish_reason, streamed.reasons.at(-1));
  assert.deepEqual(whole.usage, {
    ...streamed.usage,
    prompt_tokens_details: whole.usage.prompt_tokens_details,
  });
  assert.equal(whole.tokens, streamed.usage?.completion_tokens);
}));

/** @param {(Logprobs | null)[]} logprobs of some chunks */
const bytesOf = (logprobs) =>
  logprobs.flatMap((one) => one?.content ?? []).flatMap(({ bytes }) => bytes ?? []);

test('logprobs come in OpenAI’s shape, streamed and whole', () => withEngine(async (page) => {
  await loaded(page, { model: TINY });
  const asked = { ...QUESTION, max_tokens: 40, logprobs: true, top_logprobs: 3 };
  const { logprobs, pieces, text, spikes } = await stream(page, asked);
  const without = await stream(page, { ...QUESTION, max_tokens: 40 });
  assert.deepEqual([text, spikes], [without.text, without.spikes]);
  assert.ok(without.logprobs.every((one) => one === null), 'told unasked');
  assert.equal(logprobs.at(-1), null, 'beside the finish_reason');
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let said = '';
  let held = 0;
  logprobs.slice(0, -1).forEach((one, i) => {
    assert.ok(one && Array.isArray(one.content), 'a token without logprobs');
    assert.deepEqual(Object.keys(one), ['content', 'refusal']);
    assert.equal(one.refusal, null);
    if (one.content.length === 0) held++;
    for (const { token, logprob, bytes, top_logprobs, ...rest } of one.content) {
      assert.deepEqual(rest, {});
      assert.ok(logprob <= 0 && Number.isFinite(logprob), `${logprob}`);
      assert.ok(bytes && bytes.length > 0 && token !== '', 'a token that writes nothing');
      assert.equal(top_logprobs.length, 3);
      const values = top_logprobs.map((other) => other.logprob);
      assert.deepEqual(values, values.toSorted((a, b) => b - a), 'the likeliest is not first');
      assert.ok(values.map(Math.exp).reduce((a, b) => a + b) < 1.00001, 'no probabilities');
      const same = top_logprobs.find((other) => other.token === token);
      if (same) assert.deepEqual(same, { token, logprob, bytes });
    }
    // What a chunk says is what its entries' bytes say: the tiny model says half characters.
    said += pieces[i];
    const bytes = bytesOf(logprobs.slice(0, i + 1));
    if (i < logprobs.length - 2) assert.equal(decoder.decode(Uint8Array.from(bytes)), said);
  });
  assert.ok(held > 0, 'no text was held back: the question is not fit for this test');
  assert.ok(/\\x[0-9a-f]{2}/.test(JSON.stringify(logprobs)), 'no token is half a character');

  const whole = await page.evaluate(async (request) => {
    const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
    const create = async (/** @type {object} */ more) =>
      (await engine.chat.completions.create({ ...request, ...more, stream: false })).choices[0];
    return { on: await create({}), off: await create({ logprobs: null, top_logprobs: null }) };
  }, asked);
  assert.deepEqual(whole.on.logprobs, {
    content: logprobs.flatMap((one) => one?.content ?? []), refusal: null,
  });
  assert.deepEqual(whole.off.logprobs, null);
  assert.deepEqual(whole.on.message, whole.off.message);

  // A stop string within a token: the token whose first byte is said is told, what follows is not.
  const characters = [...text];
  const stop = characters.slice(8, 11).join('');
  const cut = await stream(page, { ...asked, stop });
  const kept = text.slice(0, text.indexOf(stop));
  assert.equal(cut.text, kept);
  const bytes = bytesOf(cut.logprobs);
  assert.ok(decoder.decode(Uint8Array.from(bytes)).startsWith(kept), 'text without logprobs');
  const before = bytes.length - (cut.logprobs.flatMap((one) => one?.content ?? []).at(-1)?.bytes
    ?.length ?? 0);
  assert.ok(before < new TextEncoder().encode(kept).length, 'the stop string has logprobs');
}));

test('stop strings end the answer and are not said', () => withEngine(async (page) => {
  await loaded(page, { model: TINY });
  const { text } = await stream(page, { ...QUESTION, max_tokens: 40 });
  const stop = [...text].slice(8, 11).join('');
  const cut = await stream(page, { ...QUESTION, max_tokens: 40, stop });
  assert.equal(cut.text, text.slice(0, text.indexOf(stop)));
  assert.equal(cut.reasons.at(-1), 'stop');
}));

test('unknown fields and wrong values are refused by name', () => withEngine(async (page) => {
  await loaded(page, { model: TINY });
  const { messages } = QUESTION;
  for (const [request, name] of /** @type {[object, RegExp][]} */ ([
    [{ messages, logit_bias: {} }, /unknown field logit_bias/],
    [{ messages, n: 2 }, /^n must be 1/],
    [{ messages, logprobs: 1 }, /^logprobs must be a boolean$/],
    [{ messages, top_logprobs: 2 }, /^top_logprobs is for logprobs: true$/],
    [{ messages, logprobs: true, top_logprobs: 21 }, /^top_logprobs must be a whole number from 0/],
    [
      { messages: [{ role: 'user', content: 'x', name: 'y' }] },
      /unknown field messages\[0\]\.name/,
    ],
    [
      { messages, stream: true, stream_options: { usage: true } },
      /unknown field stream_options\.usage/,
    ],
    [{ messages, steps: 3 }, /steps/],
    [{ messages, cache_steps: 3 }, /^cache_steps must be one of/],
    [{ messages, preset: 'most' }, /^preset must be one of best, balanced, fewest$/],
    [{ messages, preset: 'best', steps: 4 }, /^preset and steps exclude each other$/],
    [{ messages, temperature: -1 }, /temperature/],
    [{}, /messages is missing/],
  ])) {
    const error = await refusal(page, request);
    assert.equal(error?.code, 'bad_request', String(name));
    assert.match(error?.message ?? '', name);
  }
  const result = await load(page, /** @type {any} */ ({ model: TINY, workers: 4 }));
  assert.ok(
    'error' in result &&
      result.error.code === 'bad_request' &&
      /unknown field workers/.test(result.error.message),
  );
}));

test('a prompt beyond the context is refused, and the engine goes on', () =>
  withEngine(async (page) => {
    await loaded(page, { model: TINY });
    const error = await refusal(page, {
      messages: [{ role: 'user', content: 'x1 '.repeat(20_000) }],
    });
    assert.equal(error?.code, 'context_full');
    assert.ok((await stream(page, QUESTION)).usage);
  }));

test('one answer at a time', () => withEngine(async (page) => {
  await loaded(page, { model: TINY });
  const codes = await page.evaluate(async (request) => {
    const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
    const results = await Promise.allSettled(
      [1, 2].map(() => engine.chat.completions.create({ ...request, stream: false })),
    );
    return results.map((result) =>
      result.status === 'rejected' ? result.reason.code : result.value.object,
    );
  }, QUESTION);
  assert.deepEqual(codes, ['chat.completion', 'busy']);
}));

test('an answer can be stopped anywhere, by signal or by leaving; the next begins at once', () =>
  withEngine(async (page) => {
    await loaded(page, { model: TINY });
    const rounds = await page.evaluate(async (request) => {
      const { engine } = /** @type {Bench} */ (/** @type {unknown} */ (window));
      const seen = [];
      for (let after = 0; after < 40; after++) {
        const abort = new AbortController();
        let tokens = 0;
        /** @type {string | null} */
        let reason = null;
        let stopped = 0;
        const leave = after % 2 === 1;
        const chunks = await engine.chat.completions.create(
          { ...request, max_tokens: 500, stream: true },
          { signal: abort.signal },
        );
        if (after === 0) abort.abort();
        for await (const { choices } of chunks) {
          reason = choices[0].finish_reason;
          if (reason === null && ++tokens === Math.ceil(after / 2)) {
            stopped = performance.now();
            if (leave) break;
            abort.abort();
          }
        }
        seen.push({ after, leave, tokens, reason, ms: performance.now() - stopped });
      }
      return seen;
    }, QUESTION);
    for (const { after, leave, tokens, reason, ms } of rounds) {
      // The tiny model can end by itself before it is stopped.
      if (tokens < Math.ceil(after / 2)) continue;
      if (!leave) assert.ok(reason === 'abort' || reason === 'stop', `round ${after}: ${reason}`);
      if (after > 0) assert.ok(ms < 500, `round ${after}: free again after ${ms} ms`);
    }
    assert.ok(rounds.some(({ reason }) => reason === 'abort'));
  }));

test('stats, unload, and what is asked afterwards', () => withEngine(async (page) => {
  await loaded(page, { model: TINY, build: 'plain', kernel: 'lookup' });
  await stream(page, QUESTION);
  const stats = await page.evaluate(() =>
    /** @type {Bench} */ (/** @type {unknown} */ (window)).engine.stats(),
  );
  assert.equal(stats.build, 'plain');
  assert.equal(
    /** @type {{completion_tokens: number}} */ (stats.last_answer).completion_tokens,
    TOKENS,
  );
  await page.evaluate(() => /** @type {Bench} */ (/** @type {unknown} */ (window)).engine.unload());
  assert.equal((await refusal(page, QUESTION))?.code, 'aborted');
  await noWorkers(page);
}));
