// One answer: asks the engine and keeps count of what comes.

import { today } from '../api/request.js';
import { makeWay } from '../shared/making-way.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { CompletionRequest } from '../api/types.js' */
/** @import { AnswerSettings, Run } from '../record/types.js' */
/** @import { FinishReason, Message } from '../shared/protocol.js' */
/** @import { Spikes } from '../shared/spikes.js' */

/**
 * @typedef {object} Asked
 * @property {Message[]} messages
 * @property {Omit<AnswerSettings, 'seed'> & {seed: number | null} &
 *   Pick<CompletionRequest, 'spike'>} settings seed null: any
 * @property {AbortSignal} signal
 */

/** Of an answer that was asked for before all of the model had come, until it ends. */
export const UNKNOWN_SEED = 0;

/**
 * What is known of an answer while it comes.
 * @typedef {Pick<Run, 'tokens' | 'spikes' | 'context' | 'first_token_ms' | 'ms' | 'precision'> &
 *   {text: string, seed: number, date?: string, reason: FinishReason | null}} Progressing
 */

/**
 * @param {Engine} engine
 * @param {Asked} asked
 * @param {(piece: string, counts: Spikes | null, so: Progressing) => void} ontoken
 * @returns {Promise<Progressing>}
 */
export async function giveAnswer(engine, { messages, settings, signal }, ontoken) {
  const { system: _, seed: chosen, ...rest } = settings;
  const began = performance.now();
  /** @type {Progressing} */
  const so = {
    text: '', tokens: 0, spikes: 0, context: 0, first_token_ms: 0, ms: 0,
    seed: chosen ?? UNKNOWN_SEED, reason: null,
  };
  await makeWay(engine);
  if (signal.aborted) return { ...so, reason: 'abort' };
  // Drawn here, so that it is known of an answer that never ends as well: with it the same answer
  // can be gone on with. Not where the model has not all come: a seed would wait for that.
  const { chat, precision: { planes, of } } = engine.info;
  const seed = chosen ?? (planes === of ? crypto.getRandomValues(new Uint32Array(1))[0] : null);
  so.seed = seed ?? UNKNOWN_SEED;
  if (chat.dates) so.date = settings.spike?.date ?? today();
  const spike = { ...settings.spike, ...(so.date ? { date: so.date } : {}) };
  const chunks = await engine.chat.completions.create(
    {
      messages,
      stream: true,
      stream_options: { include_usage: true },
      ...rest,
      ...(seed === null ? {} : { seed }),
      ...(Object.keys(spike).length > 0 ? { spike } : {}),
    },
    { signal },
  );
  const { precision } = engine.info;
  if (precision.planes < precision.of) so.precision = precision;
  for await (const { choices: [choice], spike: told, usage } of chunks) {
    if (usage) so.context = usage.total_tokens;
    if (told && !told.spikes) so.seed = told.seed;
    if (!choice) continue;
    so.reason = choice.finish_reason;
    if (so.reason) continue;
    so.ms = Math.round(performance.now() - began);
    so.first_token_ms ||= so.ms;
    const counts = told?.spikes ? told : null;
    const piece = choice.delta.content ?? '';
    so.text += piece;
    so.tokens++;
    if (counts) {
      so.spikes += counts.spikes.reduce((sum, n) => sum + n, 0);
      so.context = counts.position + 1;
    }
    ontoken(piece, counts, so);
  }
  return so;
}
