// Meets a full context before it happens: says how little room is left, and lets the reader choose
// what the model forgets.

import { h } from '../shared/dom.js';
import { words } from '../words/words.js';

/** @import { Turn } from '../record/types.js' */

/** From this share of the context on, the reader is warned. */
const WARN = 0.75;
// An answer needs some room, or asking makes no sense.
const LEAST_ANSWER = 64;
// What a turn costs beside its text.
const TURN_TOKENS = 10;
// Characters of a token, at the least: of English a token has four and a half.
const TOKEN_CHARACTERS = 3;
// What is left of the context after turns were dropped.
const KEPT = 0.5;

/** @param {string} text @returns {number} tokens, rather too many than too few */
const estimate = (text) => {
  let tokens = TURN_TOKENS;
  // Beyond Latin a character may be several tokens.
  for (const char of text) tokens += char.charCodeAt(0) < 0x250 ? 1 / TOKEN_CHARACTERS : 1.5;
  return Math.ceil(tokens);
};

/**
 * Tokens of each turn: counted where the turn before it was read too, else estimated.
 * @param {readonly Turn[]} turns
 * @returns {number[]}
 */
const tokensOf = (turns) => turns.map(({ question, answer }, i) => {
  const run = answer?.run;
  const before = turns[i - 1]?.answer?.run;
  if (run && run.first_turn === i) return run.context;
  if (run && before && run.first_turn === before.first_turn) return run.context - before.context;
  return estimate(question) + (run?.tokens ?? estimate(answer?.text ?? ''));
});

/**
 * Which turns to keep so that there is room again.
 * @param {readonly Turn[]} turns
 * @param {number} context tokens
 * @returns {number} index of the first that stays
 */
export function firstKept(turns, context) {
  const tokens = tokensOf(turns);
  let sum = 0;
  let first = turns.length;
  while (first > 0 && sum + tokens[first - 1] <= context * KEPT) sum += tokens[--first];
  return first;
}

/**
 * @param {readonly Turn[]} turns
 * @param {number} first index of the first that counts
 * @returns {number} tokens of them, about
 */
export const tokensFrom = (turns, first) =>
  tokensOf(turns).slice(first).reduce((sum, tokens) => sum + tokens, 0);

/**
 * @param {number} used tokens of context
 * @param {string} question that comes next
 * @param {number} context
 */
export const leavesNoRoom = (used, question, context) =>
  used + estimate(question) + LEAST_ANSWER > context;

/** The warning above the composer. */
export class ContextGuard {
  #words = h('p', {});
  element;

  /**
   * @param {() => void} drop the oldest turns
   * @param {() => void} anew begin a new chat
   */
  constructor(drop, anew) {
    this.element = h(
      'div',
      { class: 'guard', role: 'group', 'aria-label': words.guard.name, hidden: true },
      this.#words,
      h('div', { class: 'row' },
        h('button', { class: 'quiet', type: 'button', onclick: drop }, words.guard.forget),
        h('button', { class: 'quiet', type: 'button', onclick: anew }, words.guard.anew)),
    );
  }

  /**
   * @param {number} used tokens
   * @param {number} context
   * @param {boolean} waits whether a question waits for the reader's choice
   */
  show(used, context, waits = false) {
    this.element.hidden = !waits && used < WARN * context;
    const before = this.#words.textContent;
    const { filling, waits: waiting } = words.guard;
    const now = this.element.hidden ? '' : (waits ? waiting : filling)(used, context);
    if (now !== before) this.#words.textContent = now;
  }

  hide() {
    this.element.hidden = true;
  }
}
