// What the engine gives and takes, held against the types of OpenAI's own client. `make check`
// compiles this file; nothing runs it. Where a line must not compile it says so, and the compiler
// fails once it does.

/** @import { Engine } from '../../engine.js' */
/** @import { Chunk, Completion, CompletionRequest, EndReason, Usage } from '../../api/types.js' */
/**
 * @import {
 *   ChatCompletion, ChatCompletionChunk, ChatCompletionCreateParams,
 *   ChatCompletionCreateParamsNonStreaming, ChatCompletionCreateParamsStreaming,
 *   ChatCompletionMessageParam, ChatCompletionTokenLogprob
 * } from 'openai/resources/chat/completions'
 */
/** @import { CompletionUsage } from 'openai/resources/completions' */

/** @template T @typedef {(value: T) => void} Takes */

/**
 * @typedef {object} OpenAI functions of a page that was written for OpenAI's client
 * @property {Takes<ChatCompletion>} completion
 * @property {Takes<ChatCompletionChunk>} chunk
 * @property {Takes<AsyncIterable<ChatCompletionChunk>>} stream
 * @property {Takes<ChatCompletionTokenLogprob[] | null | undefined>} logprobs
 * @property {Takes<CompletionUsage | null | undefined>} usage
 * @property {Takes<ChatCompletionCreateParams>} params
 * @property {Takes<ChatCompletionMessageParam>} message
 */

/** What the engine gives is what OpenAI's client gives, and more under `spike`. */
export const results = async (
  /** @type {Engine} */ { chat: { completions } }, /** @type {OpenAI} */ openai,
  /** @type {CompletionRequest['messages']} */ messages, /** @type {AbortSignal} */ signal,
) => {
  const whole = await completions.create({ messages, logprobs: true, top_logprobs: 20 });
  openai.completion(whole);
  openai.usage(whole.usage);
  openai.logprobs(whole.choices[0].logprobs?.content);
  openai.message(whole.choices[0].message);

  const stream = await completions.create({ messages, stream: true });
  openai.stream(stream);
  for await (const chunk of stream) {
    openai.chunk(chunk);
    openai.usage(chunk.usage);
    openai.logprobs(chunk.choices[0]?.logprobs?.content);
  }

  // OpenAI's client throws where a signal stops an answer; the engine ends it with `abort`, which
  // is none of OpenAI's reasons.
  const stopped = await completions.create({ messages }, { signal });
  // @ts-expect-error finish_reason may be abort
  openai.completion(stopped);
  const { choices: [{ finish_reason }], ...rest } = stopped;
  if (finish_reason !== 'abort') openai.completion({
    ...rest, choices: [{ ...stopped.choices[0], finish_reason }],
  });
  // @ts-expect-error the same of a signal in the first argument
  openai.completion(await completions.create({ messages, signal }));
  // @ts-expect-error and of chunks
  openai.stream(await completions.create({ messages, stream: true }, { signal }));
  openai.usage(stopped.usage);

  // @ts-expect-error a whole answer is no stream
  openai.stream(whole);
  // @ts-expect-error nor is the other way round
  openai.completion(stream);
};

/** The same of the names that a page's own code would use. */
export const named = (
  /** @type {OpenAI} */ openai, /** @type {Completion<EndReason>} */ whole,
  /** @type {Chunk<EndReason>} */ chunk, /** @type {Usage} */ usage,
  /** @type {Completion} */ either,
) => {
  openai.completion(whole);
  openai.chunk(chunk);
  openai.usage(usage);
  // @ts-expect-error without the parameter a completion may have been stopped
  openai.completion(either);
  const reasons = (/** @type {EndReason} */ reason) => reason;
  reasons('stop');
  reasons('length');
  // @ts-expect-error
  reasons('abort');
};

/**
 * OpenAI's fields of which the engine takes every value, but for numbers out of range.
 * @typedef {'max_completion_tokens' | 'max_tokens' | 'temperature' | 'top_p' | 'seed' | 'stop' |
 *   'logprobs' | 'top_logprobs'} Free
 */
/** @typedef {Exclude<keyof CompletionRequest, keyof ChatCompletionCreateParams>} Ours */

/** What the engine takes is what OpenAI's client takes, and the other way round where it can be. */
export const requests = (
  /** @type {OpenAI} */ openai, /** @type {CompletionRequest} */ request,
  /** @type {ChatCompletionCreateParams} */ theirs,
) => {
  /** @type {Pick<ChatCompletionCreateParams, Free | 'n' | 'presence_penalty'>} */
  const given = request;
  /** @type {Pick<CompletionRequest, Free>} */
  const taken = theirs;
  request.messages.forEach(openai.message);

  /** @type {CompletionRequest['messages']} */
  // @ts-expect-error OpenAI's messages may hold pictures and calls of tools
  const messages = theirs.messages;
  /** @type {CompletionRequest['n']} */
  // @ts-expect-error and there may be several choices
  const n = theirs.n;

  // One request that both take, as a page would write it.
  const both = /** @satisfies {ChatCompletionCreateParamsNonStreaming & CompletionRequest} */ ({
    model: 'smollm2-135m-instruct',
    messages: [
      { role: 'developer', content: 'Be brief' },
      { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
    ],
    temperature: 0.2, top_p: 0.9, seed: 1, max_completion_tokens: 20, stop: ['\n'], n: 1,
    logprobs: true, top_logprobs: 5, tools: [], response_format: { type: 'text' }, user: 'x',
    frequency_penalty: 0, presence_penalty: 0,
  });
  const streamed = /** @satisfies {ChatCompletionCreateParamsStreaming & CompletionRequest} */ ({
    model: 'smollm2-135m-instruct', messages: [{ role: 'user', content: 'Hello' }],
    stream: true, stream_options: { include_usage: true }, stop: null, logprobs: null,
  });

  // These nine are ours alone: should OpenAI's get one of them, it may mean something else there.
  /** @type {Record<Ours, true>} */
  const ours = {
    signal: true, preset: true, steps: true, cache_steps: true, top_k: true, min_p: true,
    repetition_penalty: true, chat_template_kwargs: true, spike: true,
  };
  return { given, taken, messages, n, both, streamed, ours };
};
