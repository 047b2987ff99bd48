// Prompts of an exact length that no earlier prompt begins like, in the words that every runtime is
// asked with.

// In the vocabularies of SmolLM2, Qwen3 and Llama 3 each of these is one token, the space before it
// included.
const WORDS = ('the king and his three sons went to the old house by the sea ' +
  'and the man said that he had seen a ship').split(' ');
/**
 * Tokens of the question without words as SmolLM2 has it: the template, four digits, and the
 * beginning that makes it read like a question.
 */
export const FRAME = 23;

/** @typedef {{role: 'system' | 'user', content: string}[]} Messages */

/**
 * @param {number} unique
 * @param {number} tokens of the whole prompt, at least those without words; whoever asks checks
 *   that it has so many
 * @param {number} [frame] those without words
 * @returns {Messages}
 */
export function question(unique, tokens, frame = FRAME) {
  const words = Array.from({ length: tokens - frame }, (_, i) => WORDS[i % WORDS.length]);
  return [
    { role: 'system', content: String(unique % 1e4).padStart(4, '0') },
    { role: 'user', content: ['Tell a long story:', ...words].join(' ') },
  ];
}

/**
 * @param {Messages} messages
 * @returns {string} what SmolLM2's template makes of them, for runtimes that take text
 */
export function chatML(messages) {
  return messages.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`)
    .join('') + '<|im_start|>assistant\n';
}
