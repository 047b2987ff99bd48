// One answer of a comparison: its text as it comes, its figures, and where it leaves another.

import { h } from '../shared/dom.js';
import { formatDecimal, formatShort } from '../shared/format.js';
import { words } from '../words/words.js';
import { firstDifference } from './difference.js';
import { Tally } from './tally.js';

/** @import { Spikes } from '../shared/spikes.js' */
/** @import { Figures } from './tally.js' */
/** @import { Host, Plan, Progressing, Sink } from './types.js' */

/** @typedef {'spikes' | 'operations' | 'rate'} FigureName */

/**
 * Where an answer leaves another.
 * @typedef {object} Parting
 * @property {Column} other
 * @property {string} says what stands there
 * @property {number | null} at index of the first token that differs; null: none is known
 * @property {boolean} shown
 */

const NAMES = /** @type {FigureName[]} */ (['spikes', 'operations', 'rate']);

/** One answer. */
export class Column {
  #host;
  #state = h('span', { class: 'state' });
  #stop;
  #text = h('div', { class: 'text', dir: 'auto' });
  #foot = h('div', { class: 'foot' });
  #values;
  /** @type {Sink | null} */
  #sink = null;
  /** Where tokens begin. @type {Map<number, HTMLElement>} */
  #spans = new Map();
  #drawn = 0;
  #frame = 0;
  #tally = new Tally();
  #abort = new AbortController();
  #ended = false;
  /** @type {Progressing | null} */
  #so = null;
  /** @type {Parting[]} */
  #partings = [];
  plan;
  /** Of text, one a token. @type {string[]} */
  pieces = [];
  element;

  /**
   * @param {Plan} plan
   * @param {Host} host
   */
  constructor(plan, host) {
    this.plan = plan;
    this.#host = host;
    const text = words.compare;
    this.#stop = h('button', {
      class: 'quiet', type: 'button', 'aria-label': text.stopOne(plan.title),
      onclick: () => this.stop(),
    }, words.chat.stop);
    this.#values = NAMES.map((name) => (
      { name, dd: h('dd', {}, '–'), against: h('dd', { class: 'against' }) }));
    this.element = h('article', { class: 'column', 'aria-label': plan.title, tabindex: -1 },
      h('header', {}, h('h3', {}, plan.title), this.#state, this.#stop),
      h('dl', {}, ...this.#values.map(({ name, dd, against }) =>
        h('div', {}, h('dt', {}, text.figures[name]), dd, against))),
      this.#text,
      this.#foot);
    this.#state.textContent = text.waits;
  }

  /** Whether it has come to its own end, or to the longest length. */
  get over() {
    return this.#so?.reason === 'stop' || this.#so?.reason === 'length';
  }

  /** Whether it was given, as far as the reader wanted it. */
  get given() {
    return this.#so?.reason != null;
  }

  /** @returns {Progressing | null} */
  get run() {
    return this.given ? this.#so : null;
  }

  /** @returns {Figures} */
  get figures() {
    return this.#tally.figures(this.#so ?? { tokens: 0, first_token_ms: 0, ms: 0 });
  }

  /** What there is to keep of it. */
  get record() {
    const { title, settings } = this.plan;
    const { system: _, ...request } = settings;
    const { rate } = this.figures;
    const { text = '', reason = null, tokens = 0, first_token_ms, ms } = this.#so ?? {};
    return {
      title, settings: request, text, finish_reason: reason, tokens,
      spikes: this.#tally.spikes, synaptic_operations: this.#tally.operations,
      first_token_ms, ms, tokens_per_second: rate,
      differs: this.#partings.map(({ other, at }) => ({ from: other.plan.title, token: at })),
    };
  }

  stop() {
    this.#abort.abort();
    if (!this.element.classList.contains('live')) this.#end(words.compare.stopped);
  }

  /**
   * Gives the answer.
   * @param {import('../shared/protocol.js').Message[]} messages
   * @returns {Promise<void>}
   * @throws {import('../shared/errors.js').SpikeError}
   */
  async answer(messages) {
    const text = words.compare;
    if (this.#abort.signal.aborted) {
      this.#end(text.stopped);
      return;
    }
    this.element.classList.add('live');
    this.#text.setAttribute('aria-busy', 'true');
    this.#state.textContent = text.answering;
    try {
      const { signal } = this.#abort;
      const asked = { messages, settings: this.plan.settings, signal };
      this.#so = await this.#host.give(asked, (piece, counts, so) => this.#add(piece, counts, so));
      this.#flush();
      this.#sink?.end();
      this.#mark();
      const { reason, tokens } = this.#so;
      this.#end(reason === 'abort' ? text.stopped
        : reason === 'length' ? text.cut(tokens) : text.done);
    } finally {
      this.element.classList.remove('live');
      this.#text.removeAttribute('aria-busy');
    }
  }

  /** It is not answered now. @param {string} state why */
  #end(state) {
    if (this.#stop.matches(':focus')) this.element.focus({ preventScroll: true });
    this.#ended = true;
    this.#state.textContent = state;
    this.#stop.hidden = true;
  }

  /**
   * Says why there is no answer.
   * @param {{title: string, detail: string}} what
   * @param {HTMLElement[]} actions
   */
  fail({ title, detail }, actions) {
    this.#flush();
    this.#end('');
    this.#foot.replaceChildren(h('div', { class: 'failure', role: 'alert' },
      h('div', {}, h('b', {}, title), h('p', {}, detail)), ...actions));
  }

  /** The comparison was stopped before its turn. */
  skip() {
    if (!this.#ended) this.#end(words.compare.notAsked);
  }

  /**
   * Marks where this answer leaves another, in both, as soon as it does.
   * @param {Column} other the one that figures are compared with
   */
  compareWith(other) {
    const { differs, otherDiffers } = words.compare;
    this.#partings.push({ other, says: differs, at: null, shown: false });
    other.#partings.push(
      { other: this, says: otherDiffers(this.plan.title), at: null, shown: false });
  }

  /** It is compared with no other any more. */
  forget() {
    this.#partings = [];
    for (const mark of this.#text.querySelectorAll('.parts')) mark.remove();
    for (const span of this.#text.querySelectorAll('.differs')) span.classList.remove('differs');
  }

  /** Shows what the figures are beside those of another. @param {Column} other */
  showAgainst(other) {
    const [mine, theirs] = [this.figures, other.figures];
    for (const { name, against } of this.#values) {
      // What else the machine does while one of them is given moves the speed by more than T does.
      if (name === 'rate') continue;
      const [own, its] = [mine[name], theirs[name]];
      if (own === null || its === null || its === 0) continue;
      const { equal, fewer, more } = words.compare;
      const { title } = other.plan;
      const share = Math.abs(own / its - 1);
      against.textContent = share < 0.005 ? equal(title)
        : (own < its ? fewer : more)(share, title);
    }
    const parting = this.#partings.find((one) => one.other === other);
    if (!parting || !this.over || !other.over) return;
    const title = other.plan.title;
    this.#foot.textContent = parting.at === null
      ? words.compare.same(title) : words.compare.differsAt(title, parting.at + 1);
  }

  /** How it went, in a sentence. */
  get summary() {
    return `${this.plan.title}: ${this.#foot.textContent || this.#state.textContent}`;
  }

  /** @param {string} piece @param {Spikes | null} counts @param {Progressing} so */
  #add(piece, counts, so) {
    this.#so = so;
    this.pieces.push(piece);
    this.#tally.add(counts);
    this.#frame ||= requestAnimationFrame(() => this.#flush());
  }

  /** Draws what has come since, once a frame. */
  #flush() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#sink ??= this.#host.sink(this.#text, {
      oncopy: (code, button) => this.#host.copy(button, code.textContent ?? ''),
      onspan: (token, span) => this.#spans.set(token, span),
    });
    for (; this.#drawn < this.pieces.length; this.#drawn++)
      this.#sink.write(this.pieces[this.#drawn], this.#drawn);
    const { spikes, operations, rate } = this.figures;
    const shown = {
      spikes: spikes === null ? '–' : formatShort(spikes),
      operations: operations === null ? '–' : formatShort(operations),
      rate: rate === null ? '–' : formatDecimal(rate),
    };
    for (const { name, dd } of this.#values) dd.textContent = shown[name];
    this.#mark();
  }

  /** Looks where this answer leaves the others, and marks it here and there. */
  #mark() {
    for (const parting of this.#partings) {
      const back = parting.other.#partings.find(({ other }) => other === this);
      parting.at ??= firstDifference(this, parting.other);
      if (!back || parting.at === null) continue;
      back.at = parting.at;
      this.#markAt(parting);
      parting.other.#markAt(back);
    }
  }

  /** @param {Parting} parting */
  #markAt(parting) {
    const { says, at } = parting;
    if (parting.shown || at === null) return;
    const span = this.#spans.get(at);
    // What the token says is not there yet, or it says nothing that is seen.
    if (!span && !this.over) return;
    parting.shown = true;
    const ends = at >= this.pieces.length;
    const mark = h('span', { class: 'parts' }, ends ? words.compare.endsHere : says);
    if (span && !ends) {
      // What Markdown makes of a token may be no text: a list's number, a heading's sign.
      if (span.dataset.column === String(at)) span.classList.add('differs');
      span.before(mark);
    } else if (!ends || !this.#text.querySelector('.parts.end')) {
      const last = this.#text.lastElementChild;
      (last?.matches('p') ? last : this.#text).append(mark);
      mark.classList.toggle('end', ends);
    }
  }
}
