// What an answer is asked for with, beside the messages.

import { codingFields } from './coding-choice.js';

/** @import { ReflectingElement } from './reflecting-element.js' */
/** @import { Settings } from './settings-panel.js' */
/** @import { Asking } from './types.js' */

// What the model's makers advise for chat (model card of SmolLM2-135M-Instruct).
const TOP_P = 0.9;

/**
 * @param {Settings} settings that the reader has chosen
 * @param {ReflectingElement} element whose attributes count
 * @returns {Asking}
 */
export const askingOf = (
  { coding, steps, temperature, seed, thinking }, { system, maxTokens },
) => ({
  ...codingFields({ coding, steps }),
  temperature,
  top_p: TOP_P,
  seed,
  ...(maxTokens ? { max_tokens: maxTokens } : {}),
  ...(system ? { system } : {}),
  ...(thinking === undefined ? {} : { chat_template_kwargs: { enable_thinking: thinking } }),
});
