// A recorded answer on the first screen: its words and its picture come as they came when it was
// recorded. Once the model is here, this machine gives the answer again.

import { h } from '../shared/dom.js';
import { looksInto } from '../shared/making-way.js';
import { words } from '../words/words.js';
import { readRecording } from './read.js';
import { reproduce } from './reproduce.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { Spikes } from '../shared/spikes.js' */
/** @import { Recording } from './read.js' */
/** @import { Verdict } from './reproduce.js' */

// Tokens a second: at its own speed nobody could follow it.
const READABLE = 7;
// A frame that comes later than this does not make the words jump: the page was hidden.
const LONGEST_FRAME_MS = 100;

/**
 * @typedef {object} Picture where the tokens are drawn
 * @property {() => void} begin takes away what is drawn
 * @property {(text: string, spikes: Spikes, word: HTMLElement) => void} add
 * @property {(word: HTMLElement | null) => void} highlight
 */

/**
 * The recording, if there is one of the model.
 * @param {string} sha256 of the model's manifest
 * @returns {Promise<Recording | null>} null also where the file is damaged or does not come
 */
export async function recordingOf(sha256) {
  try {
    const response = await fetch(new URL('./recording.json', import.meta.url));
    const recording = readRecording(await response.json());
    return recording.model.sha256 === sha256 ? recording : null;
  } catch {
    return null;
  }
}

/** @param {() => void} onclick */
const tool = (onclick) => h('button', { class: 'quiet tool', type: 'button', onclick });

/** The card. */
export class RecordingCard {
  #recording;
  #picture;
  #slow = true;
  /** Tokens that are shown. */
  #shown = 0;
  /** Milliseconds of the recording that have been played. */
  #at = 0;
  #frame = 0;
  #pause = tool(() => (this.#frame ? this.#stop() : this.play()));
  #skip = tool(() => {
    this.end();
    this.#pause.focus();
  });
  #speed = tool(() => {
    this.#slow = !this.#slow;
    this.#say();
  });
  #check = tool(() => this.check());
  /** @type {Engine | null} */
  #engine = null;
  #label = h('p', { class: 'recording-label', 'aria-live': 'polite' });
  #note = h('p', { class: 'recording-note' });
  #spans;
  element;

  /**
   * @param {Recording} recording
   * @param {Picture} picture
   */
  constructor(recording, picture) {
    this.#recording = recording;
    this.#picture = picture;
    // All words are there from the start, unseen: the place of the card does not grow.
    this.#spans = recording.tokens.map(({ text }) => h('span', { class: 'coming' }, text));
    const answer = h('p', { class: 'recording-answer', dir: 'auto', lang: 'en' }, ...this.#spans);
    answer.addEventListener('pointerover', ({ target }) =>
      picture.highlight(this.#spans.find((span) => span === target) ?? null));
    answer.addEventListener('pointerleave', () => picture.highlight(null));
    this.element = h('div', { class: 'recording', role: 'group' },
      this.#label,
      h('p', { class: 'recording-question', dir: 'auto', lang: 'en' }, recording.question),
      answer,
      h('div', { class: 'recording-tools' }, this.#pause, this.#skip, this.#speed, this.#check),
      this.#note);
    this.#check.hidden = true;
    this.#say();
  }

  /** How fast the tokens came, one a second. */
  get #rate() {
    const [, ...later] = this.#recording.tokens;
    return 1000 * later.length / later.reduce((ms, { ms: one }) => ms + one, 0);
  }

  /** How many times slower it is shown. */
  get #slowness() {
    return this.#slow ? Math.max(1, Math.round(this.#rate / READABLE)) : 1;
  }

  /** Names what the buttons do now. */
  #say() {
    const { model, machine, tokens } = this.#recording;
    const text = words.recording;
    const playing = this.#frame !== 0;
    const ended = this.#shown === tokens.length;
    this.element.setAttribute('aria-label', text.title);
    this.#pause.textContent = playing ? text.pause : ended ? text.again : text.play;
    this.#skip.textContent = text.skip;
    this.#skip.hidden = ended;
    this.#speed.textContent = this.#slow ? text.real : text.slow;
    this.#speed.hidden = this.#slow && this.#slowness === 1;
    this.#check.textContent = text.check;
    this.#note.textContent = text.note(model.name, this.#rate, machine, this.#slowness);
  }

  /** Plays on, or from the start. */
  play() {
    if (this.#shown === this.#spans.length) this.#rewind();
    if (this.#shown === 0) this.#picture.begin();
    let before = performance.now();
    const step = (/** @type {number} */ now) => {
      // Nobody has to wait longer than it took for the first word.
      const slow = this.#shown > 0 ? this.#slowness : 1;
      this.#at += Math.min(now - before, LONGEST_FRAME_MS) / slow;
      before = now;
      this.#show();
      this.#frame = this.#shown < this.#spans.length ? requestAnimationFrame(step) : 0;
      if (this.#frame === 0) this.#say();
    };
    this.#frame = requestAnimationFrame(step);
    this.#say();
  }

  /** Shows all that there is. */
  end() {
    if (this.#shown === 0) this.#picture.begin();
    this.#at = Infinity;
    this.#show();
    this.#stop();
  }

  /** The picture has been taken away: the words alone stay. */
  leave() {
    for (const span of this.#spans) span.classList.remove('coming');
    this.#shown = this.#spans.length;
    this.#stop();
  }

  #rewind() {
    this.#shown = this.#at = 0;
    for (const span of this.#spans) span.classList.add('coming');
  }

  #stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#say();
  }

  /** Shows what has come by now. */
  #show() {
    const { tokens } = this.#recording;
    let due = tokens.slice(0, this.#shown + 1).reduce((ms, one) => ms + one.ms, 0);
    while (this.#shown < tokens.length && due <= this.#at) {
      const { text, spikes } = tokens[this.#shown];
      const span = this.#spans[this.#shown++];
      span.classList.remove('coming');
      this.#picture.add(text, spikes, span);
      due += tokens[this.#shown]?.ms ?? 0;
    }
  }

  /** There is no model here that could give it. @param {string} label what is said instead */
  withdrawCheck(label) {
    this.#engine = null;
    this.#check.hidden = true;
    this.#tell(label);
  }

  /** The model is here, and can give the answer again. @param {Engine} engine */
  offerCheck(engine) {
    this.#engine = engine;
    this.#check.hidden = false;
    this.#tell(words.recording.after);
  }

  /** Has it do so, and compares. */
  async check() {
    const engine = this.#engine;
    if (!engine) return;
    this.#check.hidden = true;
    this.#tell(words.recording.checking);
    const abort = new AbortController();
    /** @type {Promise<Verdict | null>} */
    let over = Promise.resolve(null);
    const free = looksInto(engine, async () => {
      abort.abort();
      await over;
    });
    over = free.then(() => reproduce(engine, this.#recording, abort.signal)).catch(() => null);
    const verdict = await over;
    // It may have been ended.
    if (engine !== this.#engine) return;
    this.#check.hidden = verdict !== null;
    this.#tell(verdict ? sentenceOf(verdict) : words.recording.notChecked,
      verdict !== null && !verdict.difference);
  }

  /** @param {string} label @param {boolean} [same] */
  #tell(label, same = false) {
    this.#label.textContent = label;
    this.#label.classList.toggle('same', same);
  }
}

/** @param {Verdict} verdict */
function sentenceOf({ tokens, counts, difference }) {
  const text = words.recording;
  if (!difference) return text.same(tokens, counts);
  const { token, was, is, place } = difference;
  if (was !== is) return text.otherWord(token + 1, was ?? '', is ?? '');
  if (!place) return text.otherCounts(token + 1);
  return text.otherSpikes(token + 1, place.layer, place.was, place.is);
}
