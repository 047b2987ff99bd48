// What callers hand to the engine and get from it: every option, field and result. There is no
// code.

/** @import { Build, Kernel, Preset, Role, Steps, Threads } from '../shared/contract.js' */
/** @import { ErrorCode } from '../shared/errors.js' */
/** @import { Lesions } from '../shared/lesions.js' */
/** @import { TokenLogprob } from '../shared/logprob.js' */
/** @import { ChatInfo, FinishReason, Precision, Progress } from '../shared/protocol.js' */
/** @import { Population, Spikes } from '../shared/spikes.js' */

/**
 * T of keys and values: one for all, or `high` for a share of the model's key and value heads,
 * those that matter most, and `low` for the others. A share needs a model with a ranking.
 * @typedef {0 | Steps | {high: Steps, low: Steps, share: number}} CacheSteps
 */

/**
 * @typedef {object} RequestMessage
 * @property {Role | 'developer'} role developer is another name of system
 * @property {string | {type: 'text', text: string}[]} content parts are joined as they are
 */

/**
 * @typedef {object} CompletionRequest OpenAI's names; the last nine are ours. As with OpenAI's,
 *   null counts as left out
 * @property {RequestMessage[]} messages
 * @property {string | null} [model] must be the loaded model's name
 * @property {boolean | null} [stream] default false
 * @property {{include_usage?: boolean | null} | null} [stream_options] only with stream
 * @property {number | null} [max_tokens] default: as many as the context holds
 * @property {number | null} [temperature] 0 to 2, default 0: always the likeliest token
 * @property {number | null} [top_p] above 0 to 1, default 1
 * @property {number | null} [max_completion_tokens] another name of max_tokens
 * @property {number | null} [seed] whole number from 0; another one for each answer where it is
 *   left out. The answer tells it as `spike.seed`
 * @property {string | string[] | null} [stop] at most 16 strings
 * @property {boolean | null} [logprobs] tells how likely each token was; default false
 * @property {number | null} [top_logprobs] 0 to 20: so many of the likeliest tokens of each place
 *   as well; only with logprobs
 * @property {1 | null} [n] this and the next five, which clients send unasked, have these values
 *   alone
 * @property {0 | null} [frequency_penalty]
 * @property {0 | null} [presence_penalty]
 * @property {never[] | null} [tools]
 * @property {{type: 'text'} | null} [response_format]
 * @property {string | null} [user] any text: nobody is told
 * @property {AbortSignal | null} [signal] may be here or in the second argument
 * @property {Preset | null} [preset] how the activations of this answer are coded
 * @property {0 | Steps | null} [steps] in its place: T of all neurons alike; 0 leaves the
 *   activations uncoded (for tests)
 * @property {CacheSteps | null} [cache_steps] T of keys and values, default: as the preset has it,
 *   or steps; 0 leaves them float
 * @property {number | null} [top_k] default 0: off
 * @property {number | null} [min_p] 0 to 1, default 0: off
 * @property {number | null} [repetition_penalty] 1 to 10, default 1: off
 * @property {{enable_thinking?: boolean | null} | null} [chat_template_kwargs] whether the model
 *   reasons before it answers, by the name that other servers have for it; only where
 *   info.chat.thinking has a `default`, which counts where this is left out
 * @property {{lesions?: Lesions, aside?: boolean | null, date?: string | null} | null} [spike]
 *   lesions: what is damaged on purpose in this answer; aside: the answer is no part of the
 *   conversation, whose cache and place stay as they are. It takes as much memory again as the
 *   cache, for good. date: such as 2026-11-30, for a model whose chats hold it (info.chat.dates);
 *   today's where it is left out. The answer tells it as `spike.date`
 */

/**
 * @typedef {object} EngineOptions
 * @property {string | URL} [model] the manifest's address
 * @property {Preset} [preset] of answers that set neither preset nor steps, default `best`;
 *   info.presets says which a model can do
 * @property {0 | Steps} [steps] in its place: T of all neurons alike
 * @property {CacheSteps} [cache_steps] T of keys and values in answers that do not set their own
 * @property {Kernel} [kernel] default `auto`: measured while answering
 * @property {'auto' | Build} [build] default `auto`: the fastest that the browser can run
 * @property {Threads} [threads] default `auto`, which is one; 1 too where the page is not isolated
 *   (`crossOriginIsolated`), whatever is asked for
 * @property {number} [context] tokens, default 2048; where the model's longest context is shorter,
 *   that one, and more where the shortest chat would not fit: info.context says what is in use
 * @property {boolean} [useCache] default true: the browser keeps the model's files, each as soon as
 *   it has come and its hash was right; false: it neither keeps nor reads any
 * @property {boolean} [early] the engine is there as soon as a chat can begin, before the last
 *   shards: info.precision says with what, complete() waits for the rest. Answers with a seed, and
 *   those aside, wait for it too. Default false
 * @property {(precision: Precision) => void} [onprecision] more of the model has come since
 * @property {AbortSignal} [signal] cancels loading; what has come by then is kept
 * @property {(progress: Progress) => void} [onprogress]
 * @property {(left: number, total: number) => void} [onprefill] prompt tokens still to read, while
 *   an answer starts
 * @property {(notice: {code: ErrorCode, message: string}) => void} [onnotice]
 */

/**
 * @typedef {object} CodingFields how activations are coded: a preset, or steps
 * @property {Preset} [preset]
 * @property {0 | Steps} [steps]
 * @property {CacheSteps} [cache_steps]
 */

/**
 * @typedef {object} EngineInfo
 * @property {string} name of the model
 * @property {string} license of the model
 * @property {number} layers
 * @property {number} heads attention heads of a layer
 * @property {number} hidden
 * @property {number} vocab
 * @property {number} context tokens of context in use
 * @property {readonly Readonly<Population>[]} populations
 * @property {readonly Readonly<Population>[]} cache the neurons that keep keys and values
 * @property {readonly Preset[]} presets those that the model can do
 * @property {Readonly<ChatInfo>} chat what the model's chats can have
 * @property {number} bytes all shards together
 * @property {string} sha256 of the manifest, in hexadecimal: it names that of every shard, so two
 *   models of the same one are the same
 * @property {Precision} precision upper planes of embedding and output that have come, of how many
 * @property {string} kernel what runs when the model is loaded: `lookup`, `popcount` or `dot`; what
 *   `auto` has come to since is in `stats()`
 * @property {string} prompt_kernel what runs prompts: the same as `kernel`, or `dot`, with which
 *   `auto` multiplies where that is faster
 * @property {string} why how the kernel was chosen
 * @property {boolean} simd
 * @property {number} threads that compute
 * @property {string} threads_why how their number was chosen
 * @property {Build} build
 */

/**
 * @typedef {object} Usage
 * @property {number} prompt_tokens
 * @property {number} completion_tokens tokens sampled, the closing one included
 * @property {number} total_tokens
 * @property {{cached_tokens: number}} prompt_tokens_details prompt tokens kept from the turn before
 */

/**
 * @typedef {Exclude<FinishReason, 'abort'>} EndReason OpenAI's reasons: how an answer ends that
 *   nobody stops
 */

/**
 * @typedef {object} Logprobs
 * @property {TokenLogprob[]} content of a chunk: of the tokens whose text begins in it
 * @property {null} refusal the model refuses nothing
 */

/**
 * @template {FinishReason} [Reason=FinishReason] EndReason where no signal can stop the answer:
 *   then it is assignable to OpenAI's, which has no `abort`
 * @typedef {object} Chunk
 * @property {string} id
 * @property {'chat.completion.chunk'} object
 * @property {number} created seconds since 1970
 * @property {string} model
 * @property {{index: 0, delta: {role?: 'assistant', content?: string}, logprobs: Logprobs | null,
 *   finish_reason: Reason | null}[]} choices logprobs are null where they were not asked for, and
 *   beside a finish_reason
 * @property {Usage | null} [usage] only with include_usage: null until the last chunk
 * @property {Spikes | AnswerSeed | null} spike of a token: its counts, null with steps 0, where
 *   nothing spikes. The chunk with a finish_reason, and the one of the usage, tell the seed
 */

/**
 * @typedef {object} AnswerSeed
 * @property {number} seed that the answer was sampled with: asked for with it, it comes again
 * @property {string} [date] that the prompt holds, where the model's chats do
 * @property {Precision} [precision] that the answer began with, where not all of the model had come
 * @property {undefined} [spikes] there are none here
 */

/**
 * @template {FinishReason} [Reason=FinishReason] as of Chunk
 * @typedef {object} Completion
 * @property {string} id
 * @property {'chat.completion'} object
 * @property {number} created
 * @property {string} model
 * @property {{index: 0, message: {role: 'assistant', content: string, refusal: null}, logprobs:
 *   Logprobs | null, finish_reason: Reason}[]} choices
 * @property {Usage} usage
 * @property {{seed: number, date?: string, precision?: Precision, tokens: Spikes[]}} spike the seed
 *   that the answer was sampled with, the date that its prompt holds, the precision that it began
 *   with, where not all of the model had come, and one entry a token; none with steps 0
 */
