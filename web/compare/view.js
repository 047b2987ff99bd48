// The comparison of answers to one question, over the place of the chat: what is compared, what it
// costs, and the answers side by side.

import { PRESETS } from '../shared/contract.js';
import { dissolveGroups, h } from '../shared/dom.js';
import { asSpikeError } from '../shared/errors.js';
import { saveFile } from '../shared/save.js';
import { words } from '../words/words.js';
import { codeOf } from './code.js';
import { Column } from './column.js';
import { toJson } from './export.js';
import { LesionControls } from './lesion-controls.js';
import { limitOf, planDamage, planPresets, planSteps, timeOf } from './plan.js';

/** @import { Preset } from '../shared/contract.js' */
/** @import { SpikeError } from '../shared/errors.js' */
/** @import { Asked, Host, Plan } from './types.js' */

/** @typedef {'steps' | 'presets' | 'damage'} Kind */

const SHEET = new URL('./compare.css', import.meta.url).href;

/** The view. */
export class ComparisonView {
  #asked;
  #host;
  #model;
  #limit;
  /** @type {Kind} */
  #kind = 'steps';
  /** @type {Column[]} those that are shown; the others are compared with the first */
  #columns = [];
  /** @type {Column | null} the healthy answer, which stays while the damage changes */
  #healthy = null;
  /** What one answer takes, as far as it is known. @type {number | null} */
  #time;
  #running = false;
  /** Every answer was stopped. */
  #stopped = false;
  #open = true;
  #title = h('h2', { tabindex: -1 }, words.compare.title);
  #kinds;
  #controls = h('div', { class: 'controls' });
  #lesions;
  #code = h('pre', { tabindex: 0, role: 'region' });
  #codeFold;
  /** @type {HTMLSelectElement} */
  #first;
  /** @type {HTMLSelectElement} */
  #second;
  #run = h('button', {
    class: 'primary', type: 'button', onclick: () => (this.#running ? this.stop() : this.run()),
  });
  #cost = h('p', { class: 'hint cost' });
  #list = h('div', { class: 'columns' });
  #keep = h('div', { class: 'row keep', hidden: true });
  element;

  /**
   * @param {Asked} asked
   * @param {Host} host with an engine
   */
  constructor(asked, host) {
    this.#asked = asked;
    this.#host = host;
    this.#limit = limitOf(asked.settings, asked.run);
    this.#time = asked.run ? timeOf(asked.run) : null;
    const info = host.engine()?.info;
    this.#model = {
      name: info?.name ?? '', sha256: info?.sha256 ?? '', layers: info?.layers ?? 1,
      heads: info?.heads ?? 1, presets: info?.presets ?? PRESETS,
    };
    const { presets } = this.#model;
    const text = words.compare;
    this.#lesions = new LesionControls(this.#model, () => this.#changed(), host.say);
    [this.#first, this.#second] = [text.first, text.second].map((label, i) => {
      const id = `compared-${i}`;
      const box = h('select', { id, onchange: () => this.#changed() },
        ...presets.map((name) => h('option', { value: name }, words.coding[name].title)));
      box.value = presets[i === 0 ? 0 : presets.length - 1];
      h('div', { class: 'field' }, h('label', { for: id }, label), box);
      return box;
    });
    this.#code.setAttribute('aria-label', words.lesions.code);
    const copyCode = button(words.markdown.copyCode, (pressed) => host.copy(pressed, this.#source));
    this.#codeFold = h('details', { ontoggle: () => this.#showCode() },
      h('summary', {}, words.lesions.code), this.#code, copyCode);
    /** @type {Kind[]} */
    const kinds = presets.length > 1 ? ['steps', 'presets', 'damage'] : ['steps', 'damage'];
    this.#kinds = h('div', { class: 'choices', role: 'radiogroup', 'aria-label': text.kind,
      onchange: (/** @type {Event} */ event) => {
        this.kind = /** @type {Kind} */ (/** @type {HTMLInputElement} */ (event.target).value);
      } },
    ...kinds.map((kind) => h('label', {},
      h('input', { type: 'radio', name: 'compared', value: kind }),
      h('span', {}, text.kinds[kind]))));
    this.#keep.append(
      button(text.copy, (pressed) => host.copy(pressed, this.#json)),
      button(words.chats.saveJson, () => this.#save()));
    const before = Math.floor(asked.messages.filter(({ role }) => role !== 'system').length / 2);
    const content = h('div', { class: 'compare-in' },
      h('header', {}, this.#title, button(words.link.close, () => this.close())),
      h('p', { class: 'asked' }, h('span', { class: 'hint' }, `${text.asked} `),
        h('q', { dir: 'auto' }, asked.question),
        ...(before > 0 ? [h('span', { class: 'hint' }, ` ${text.before(before)}`)] : [])),
      this.#kinds,
      this.#controls,
      h('div', { class: 'run' }, this.#run, this.#cost),
      this.#list,
      this.#keep);
    // Not shown bare, before its style sheet has come.
    content.hidden = true;
    const show = () => {
      content.hidden = false;
      this.#title.focus({ preventScroll: true });
    };
    this.element = h('section', { class: 'compare', 'aria-label': text.title },
      h('link', { rel: 'stylesheet', href: SHEET, onload: show, onerror: show }), content);
    this.kind = 'steps';
  }

  /** Whether answers are being given, or stopped. */
  get running() {
    return this.#running;
  }

  /** What is compared. @param {Kind} kind */
  set kind(kind) {
    this.#kind = kind;
    const radio = /** @type {HTMLInputElement | null} */ (
      this.#kinds.querySelector(`input[value="${kind}"]`));
    if (radio) radio.checked = true;
    const hint = h('p', { class: 'hint' }, words.compare.says[kind]);
    const more = kind === 'presets' ? [this.#first, this.#second].map((box) =>
      /** @type {HTMLElement} */ (box.parentElement))
      : kind === 'damage' ? [this.#lesions.element, h('div', { class: 'row' },
        button(words.lesions.reset, () => {
          this.#lesions.set({});
          this.#changed();
          this.#host.say(words.lesions.isHealthy);
        }), this.#codeFold)]
        : this.#model.presets.length > 1 ? []
          : [h('p', { class: 'hint' }, words.compare.noPresets)];
    this.#controls.replaceChildren(hint, ...more);
    this.#show([]);
    this.#changed();
  }

  /** Ends all answers. */
  stop() {
    if (!this.#running) return;
    this.#stopped = true;
    for (const column of this.#columns) column.stop();
  }

  /** Goes back to the chat; answers are stopped. */
  close() {
    if (!this.#open) return;
    this.#open = false;
    this.stop();
    // Out of the tree they could not leave.
    if (!this.#lesions.element.isConnected) this.#controls.append(this.#lesions.element);
    dissolveGroups(this.element);
    this.#host.onclose();
  }

  /** What is asked for now. @returns {Plan[]} */
  get #plans() {
    const { settings } = this.#asked;
    if (this.#kind === 'steps') return planSteps(settings, this.#limit);
    if (this.#kind === 'damage') return planDamage(settings, this.#limit, this.#lesions.value);
    const presets = [this.#first, this.#second].map((box) => /** @type {Preset} */ (box.value));
    return planPresets(settings, this.#limit, presets);
  }

  /** Why nothing can be asked now; empty where something can. */
  get #obstacle() {
    const { first, second } = { first: this.#first.value, second: this.#second.value };
    if (this.#kind === 'presets' && first === second) return words.compare.sameTwice;
    const healthy = Object.keys(this.#lesions.value).length === 0;
    return this.#kind === 'damage' && healthy ? words.lesions.nothing : '';
  }

  /** Another choice: what it costs, and as code. */
  #changed() {
    this.#run.textContent = this.#running ? words.compare.stopAll
      : this.#columns.length > 0 ? words.compare.again : words.compare.run;
    this.#run.classList.toggle('stop', this.#running);
    this.#showCost();
    this.#showCode();
  }

  #showCost() {
    const healthy = this.#kind === 'damage' && this.#healthy?.over ? 1 : 0;
    const count = this.#plans.length - healthy;
    const seconds = this.#time === null ? null : (count * this.#time) / 1000;
    this.#cost.textContent = this.#obstacle
      || words.compare.cost(count, this.#limit, seconds);
  }

  get #source() {
    const [, damaged] = planDamage(this.#asked.settings, this.#limit, this.#lesions.value);
    return codeOf(this.#asked.messages, damaged.settings);
  }

  #showCode() {
    if (this.#codeFold.open) this.#code.textContent = this.#source;
  }

  /** Gives all answers anew, but the healthy one where only the damage has changed. */
  async run() {
    if (this.#running) return;
    if (this.#obstacle) {
      this.#host.say(this.#obstacle);
      this.#cost.classList.add('attention');
      return;
    }
    this.#cost.classList.remove('attention');
    const columns = this.#plans.map((plan) => new Column(plan, this.#host));
    if (this.#kind === 'damage') {
      if (this.#healthy?.over) {
        columns[0] = this.#healthy;
        columns[0].forget();
      }
      this.#healthy = columns[0];
    }
    await this.#answer(columns);
  }

  /** Gives those again that have failed or did not come. */
  async #goOn() {
    if (this.#running) return;
    await this.#host.load();
    if (!this.#host.engine() || this.#running || !this.#open) return;
    this.#run.focus({ preventScroll: true });
    const columns = this.#columns.map((column) =>
      (column.over ? column : new Column(column.plan, this.#host)));
    for (const column of columns) column.forget();
    if (this.#kind === 'damage') this.#healthy = columns[0];
    await this.#answer(columns);
  }

  /** @param {Column[]} columns one after another: the engine gives one answer at a time */
  async #answer(columns) {
    this.#show(columns);
    this.#bringIntoView();
    const [first, ...others] = columns;
    for (const other of others) other.compareWith(first);
    this.#setRunning(true);
    this.#stopped = false;
    const waiting = columns.filter((column) => !column.over);
    try {
      for (const [i, column] of waiting.entries()) {
        if (this.#stopped) break;
        this.#host.say(words.compare.progress(i + 1, waiting.length, column.plan.title));
        try {
          await column.answer(this.#asked.messages);
        } catch (error) {
          this.#failed(column, asSpikeError(error));
          return;
        }
        if (column.run) this.#time = timeOf(column.run) ?? this.#time;
        for (const other of others) if (other.given && first.given) other.showAgainst(first);
      }
      const { finished, ended } = words.compare;
      if (this.#open) {
        this.#host.say(columns.some((one) => !one.over) ? ended
          : [finished, ...others.map((one) => one.summary)].join(' '));
      }
    } finally {
      for (const column of columns) column.skip();
      this.#setRunning(false);
    }
  }

  /** @param {boolean} running */
  #setRunning(running) {
    this.#running = running;
    for (const control of this.element.querySelectorAll('input, select, .controls button'))
      /** @type {HTMLInputElement} */ (control).disabled = running;
    this.#keep.hidden = running || !this.#columns.some((column) => column.given);
    this.#changed();
    this.#host.onrunning(running);
  }

  /** What is answered comes below what was chosen, and may be out of sight. */
  #bringIntoView() {
    const { element } = this;
    const { bottom } = element.getBoundingClientRect();
    if (this.#list.getBoundingClientRect().top > bottom - 200)
      this.#run.scrollIntoView({ block: 'start' });
  }

  /** @param {Column[]} columns */
  #show(columns) {
    this.#columns = columns;
    this.#list.replaceChildren(...columns.map(({ element }) => element));
    this.#keep.hidden = true;
  }

  /** Says what went wrong, with a way on. @param {Column} column @param {SpikeError} error */
  #failed(column, { code, message }) {
    const { title, advice } = this.#host.advice(code);
    const dead = code === 'engine_crashed' || code === 'out_of_memory' || code === 'timeout';
    if (dead) this.#host.lost();
    const text = words.compare;
    const { messages } = this.#asked;
    const way = code !== 'context_full'
      ? button(dead ? words.answer.startAgain : words.answer.tryAgain, () => this.#goOn())
      : messages.length > 1
        ? button(text.alone, () => {
          this.#asked = { ...this.#asked, messages: messages.slice(-1) };
          this.#healthy = null;
          this.#run.focus({ preventScroll: true });
          this.run();
        })
        : button(words.link.close, () => this.close());
    column.fail({ title, detail: `${advice} (${code}: ${message})` }, [way]);
    this.#host.say(title);
  }

  get #json() {
    const { messages } = this.#asked;
    const { name, sha256 } = this.#model;
    return toJson({ name, sha256 }, messages, this.#columns.map((column) => column.record));
  }

  #save() {
    saveFile('comparison.json', new Blob([this.#json], { type: 'application/json' }));
    this.#host.say(words.chats.saved);
  }
}

/** @param {string} name @param {(pressed: HTMLButtonElement) => void} work */
function button(name, work) {
  const one = h('button', {
    class: 'quiet framed', type: 'button', onclick: () => work(one),
  }, name);
  return one;
}
