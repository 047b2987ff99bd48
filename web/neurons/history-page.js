// One neuron at every token of the chat: its code over time, and the words that excited it most,
// which glow in the conversation.

import { populationLabel } from '../heatmap/figures.js';
import { h } from '../shared/dom.js';
import { SpikeError } from '../shared/errors.js';
import { words } from '../words/words.js';
import { historyOf, signed } from './charts.js';
import { isAsSeen, seenAt, strongest } from './figures.js';
import { spelled, tokenLabel } from './labels.js';
import { legend } from './legend.js';
import { Plot } from './plot.js';
import { fold, table } from './table.js';
import { wordAround, wordsOf } from './words-of.js';

/** @import { NeuronHistory } from '../shared/inspection.js' */
/** @import { Around, Page } from './page-types.js' */
/** @import { Seen, Spot } from './types.js' */

/** Words that glow, and those of them that are listed. */
const GLOWING = 40;
const LISTED = 8;

/** The page. @implements {Page} */
export class HistoryPage {
  #look;
  #spot;
  #expected;
  /** @type {NeuronHistory | null} */
  #history = null;
  /** @type {{at: number, code: number}[]} */
  #words = [];
  #plot;
  #readout = h('p', { class: 'readout' });
  #spoken = h('p', { class: 'unseen', 'aria-live': 'polite' });
  #body = h('div', { class: 'body' });
  element = h('div', { class: 'page' }, this.#body, this.#spoken);

  /**
   * @param {Around} look
   * @param {Spot & {neuron: number}} spot where it was picked
   * @param {Seen} expected what was seen of it there
   */
  constructor(look, spot, expected) {
    this.#look = look;
    this.#spot = spot;
    this.#expected = expected;
    const { over } = words.neurons;
    this.#plot = new Plot({
      label: over, kind: over,
      onpoint: (at, spoken) => {
        const text = at === null ? '' : this.#tell(at);
        this.#readout.textContent = text;
        if (spoken) this.#spoken.textContent = text;
      },
      onpick: (at) => this.#open(at),
    });
  }

  get title() {
    return words.neurons.history(this.#spot.neuron);
  }

  /** The page can be seen again. */
  shown() {
    this.#glow();
  }

  load() {
    const spot = this.#spot;
    return this.#look.run(this, async (reading, onprogress) => {
      const history = await reading.history(spot, onprogress);
      // The model may have read something else since the neuron was picked.
      const at = spot.position - 1;
      if (at >= history.tokens.length || !isAsSeen(this.#expected, seenAt(history, at)))
        throw new SpikeError('bad_request', 'other codes than were seen');
      return history;
    }, (history) => this.#show(history));
  }

  /** @param {NeuronHistory} history */
  #show(history) {
    const say = words.neurons;
    const { neuron, layer, population } = this.#spot;
    this.#history = history;
    const codes = history.codes.map((code, at) => code - history.rest[at]);
    const places = wordsOf(history.tokens, this.#look.said.map(({ text }) => text));
    const known = places.some((place) => place !== null);
    const { tokens } = history;
    this.#words = strongest(history,
      (at) => places[at] !== null && tokens[at].text.trim() !== '', GLOWING);
    const listed = this.#words.slice(0, LISTED);
    this.#plot.show(historyOf(codes, new Set(listed.map(({ at }) => at))));
    const list = listed.map(({ at, code }) => {
      const { before, after } = wordAround(tokens, at);
      return h('li', {}, h('button', {
        class: 'quiet word', type: 'button', onclick: () => this.#open(at),
      }, h('bdi', {}, h('small', {}, before), spelled(tokens[at].text), h('small', {}, after)),
      ` ${signed(code)}`));
    });
    this.#body.replaceChildren(
      h('p', {}, say.historyOf(neuron, layer, populationLabel(population))),
      h('h3', {}, say.strongest),
      ...(list.length > 0 ? [
        h('ol', { class: 'strongest' }, ...list),
        h('button', {
          class: 'quiet in-chat', type: 'button', onclick: () => this.#look.shrink(),
        }, say.inChat),
      ] : [h('p', {}, known ? say.nothing : say.elsewhere)]),
      h('h3', {}, say.over),
      this.#plot.element,
      legend([['strong', say.strong], ['above', say.above], ['below', say.below]]),
      this.#readout,
      h('p', { class: 'hint' }, say.marksToo),
      fold(say.table, () => [
        table([say.tokenRows.number, say.tokenRows.word, say.tokenRows.from],
          tokens.map(({ position, text }, at) =>
            [String(position + 1), tokenLabel(text), signed(codes[at])]))]),
    );
    this.#places = places;
    this.#glow();
  }

  /** @type {ReturnType<typeof wordsOf>} */
  #places = [];

  #glow() {
    const most = this.#words[0]?.code ?? 1;
    this.#look.glow(this.#words.flatMap(({ at, code }) => {
      const place = this.#places[at];
      // Half as excited as by the strongest is not much.
      return place && code > most / 3 ? [{ place, strength: (code / most - 1 / 3) * 1.5 }] : [];
    }));
  }

  /** @param {number} at */
  #tell(at) {
    const history = this.#history;
    if (!history) return '';
    return words.neurons.token(
      tokenLabel(history.tokens[at].text), signed(history.codes[at] - history.rest[at]));
  }

  /** Goes to its membrane at a token. @param {number} at */
  #open(at) {
    if (!this.#history) return;
    this.#look.openSpot({ ...this.#spot, position: at + 1, column: null },
      seenAt(this.#history, at));
  }
}
