// <spike-chat>: the whole chat over engine.js.
//
// Attributes, by when they are read:
//   once, when the element is first connected: steps, kernel, temperature, seed (the settings panel has them from then
//   on), placeholder
//   whenever it is connected: load (click, eager)
//   whenever a model is loaded: model (the manifest's address), build
//   for every answer: system, max-tokens
//   always: theme (auto, light, dark)
// Events (CustomEvent): ready, progress, token {text, spike}, message {role, content}, error {code, message, retryable}.

import { adviceFor } from './advice.js';
import { Composer } from './composer.js';
import { fillShadow, h } from './dom.js';
import { DEFAULT_MODEL, SpikeError, createEngine } from './engine.js';
import { Figures } from './figures.js';
import { formatCount, formatSeconds, plural } from './format.js';
import { SpikeHeatmap } from './heatmap-element.js';
import { Loader } from './loader.js';
import { modelSize } from './model-size.js';
import { toAddress } from './request.js';
import { SettingsPanel } from './settings.js';
import { Transcript } from './transcript.js';

const EXAMPLES = ['What is a neuron?', 'Write a short poem about the sea.', 'Give me three tips for a good night’s sleep.'];
// What the model's makers advise for chat (model card of SmolLM2-135M-Instruct).
const TEMPERATURE = 0.2;
const TOP_P = 0.9;

/** @typedef {import('./protocol.js').Message} Message */

/** The element. Registered by spike-chat.js. */
export class SpikeChat extends HTMLElement {
  /** @type {import('./engine.js').Engine | null} */
  #engine = null;
  /** @type {Promise<void> | null} */
  #loading = null;
  /** @type {AbortController | null} */
  #loadAbort = null;
  /** @type {AbortController | null} the answer being given */
  #answering = null;
  /** @type {string | null} asked while loading */
  #queued = null;
  /** @type {Message[]} */
  #messages = [];
  /** Counts new chats, so that an answer to an old one is not added to the new. */
  #chat = 0;
  #built = false;

  #loader = new Loader(() => { this.load(); }, () => this.#loadAbort?.abort());
  #settings = new SettingsPanel({ steps: 4, kernel: 'auto', temperature: TEMPERATURE, seed: null }, () => this.#restart());
  #composer = new Composer((text) => this.#submit(text), () => this.abort());
  #figures = new Figures();
  #heatmap = new SpikeHeatmap();
  #greeting = h('div', { class: 'greeting' },
    h('h2', {}, 'A small language model that runs on spikes, in your browser.'),
    h('p', {}, 'SmolLM2 works here as a spiking neural network, on your own processor. With 135 million weights it writes fluently and is often wrong: ',
      'do not rely on what it says. Nothing you type leaves this page.'),
    h('div', { class: 'examples', role: 'group', 'aria-label': 'Examples' }, ...EXAMPLES.map((example) =>
      h('button', { class: 'example', type: 'button', onclick: () => this.#example(example) }, example))));
  #transcript = new Transcript(this.#greeting, (column) => {
    this.#transcript.highlight(column);
    this.#heatmap.highlight(column);
  });
  #status = h('span', { class: 'status', role: 'status' });
  #rate = h('span', { class: 'rate' });
  #context = h('meter', { class: 'context', min: 0, max: 2048, value: 0, 'aria-label': 'Context in use' });
  #contextShown = h('span', { class: 'context-shown' });
  #notice = h('p', { class: 'notice', hidden: true });
  #more = h('button', {
    class: 'quiet more', type: 'button', 'aria-expanded': 'false',
    onclick: () => {
      this.#more.setAttribute('aria-expanded', String(this.#activity.classList.toggle('open')));
      this.#heatmap.layout();
    },
  }, 'Details');
  // On a narrow page the picture stands alone until it is asked for more; before the first token it is not there.
  #activity = h('aside', { class: 'activity bare', 'aria-label': 'Spike activity' },
    h('h2', {}, 'Activity'), this.#more, this.#heatmap, this.#figures.element);
  #new = h('button', { class: 'quiet', type: 'button', onclick: () => this.clear() }, 'New chat');

  constructor() {
    super();
    this.#heatmap.addEventListener('spike-column', (event) =>
      this.#transcript.highlight(/** @type {CustomEvent} */ (event).detail.column));
    const mark = h('span', { class: 'mark', 'aria-hidden': 'true' }, ...Array.from({ length: 9 }, () => h('i')));
    const content = h('div', {
      class: 'app', part: 'panel',
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== 'Escape') return;
        if (this.#settings.open) {
          this.#settings.toggle(false);
          this.#settings.button.focus();
        } else {
          this.abort();
        }
      },
      onpointerdown: (/** @type {PointerEvent} */ event) => {
        const path = event.composedPath();
        if (!path.includes(this.#settings.element) && !path.includes(this.#settings.button)) this.#settings.toggle(false);
      },
    },
    h('header', { part: 'header' }, mark, h('h1', {}, 'SpikeChat'), this.#new, this.#settings.button, this.#settings.element),
    h('main', {}, this.#transcript.element),
    h('section', { class: 'dock', 'aria-label': 'Your message' }, this.#loader.element, this.#notice, this.#composer.element,
      h('div', { class: 'line' }, this.#status, this.#rate, h('span', { class: 'meter' }, this.#contextShown, this.#context))),
    this.#activity);
    fillShadow(this.attachShadow({ mode: 'open' }), ['./style.css'], content);
  }

  connectedCallback() {
    if (!this.#built) {
      this.#built = true;
      this.#readAttributes();
      this.#showContext(0);
    }
    // An element that was only moved keeps its engine.
    if (this.#engine || this.#loading) return;
    if (this.getAttribute('load') === 'eager') this.load();
    else this.#offer();
  }

  /** The worker must not outlive the element. */
  disconnectedCallback() {
    // An element that is only moved is connected again at once.
    queueMicrotask(() => { if (!this.isConnected) this.unload(); });
  }

  /** The manifest's address; the attribute as it stands where it is none. */
  get model() {
    const model = this.getAttribute('model') ?? DEFAULT_MODEL;
    return toAddress(model)?.href ?? model;
  }

  /** The engine, once it is loaded. */
  get engine() {
    return this.#engine;
  }

  /** The conversation so far. @returns {Message[]} */
  get messages() {
    return this.#messages.map((message) => ({ ...message }));
  }

  /** Loads the model. Errors are shown in the element and told by the event `error`. @returns {Promise<void>} */
  load() {
    if (this.#engine) return Promise.resolve();
    this.#loading ??= this.#load().finally(() => { this.#loading = null; });
    return this.#loading;
  }

  /**
   * Asks a question as if it were typed.
   * @param {string} text
   * @returns {boolean} whether it was taken: not while an answer is being given, nor before loading was begun
   */
  send(text) {
    return this.#submit(text);
  }

  /** Stops the answer being given. */
  abort() {
    this.#answering?.abort();
  }

  /** Begins a new chat. */
  clear() {
    this.abort();
    this.#chat++;
    this.#messages = [];
    this.#queued = null;
    this.#transcript.clear();
    this.#heatmap.clear();
    this.#activity.classList.add('bare');
    this.#rate.textContent = '';
    this.#showContext(0);
    this.#status.textContent = this.#engine ? 'New chat.' : '';
    this.#composer.focus();
  }

  /** Gives the engine's memory back. The chat is kept, and the model is offered again. */
  async unload() {
    await this.#end();
    if (this.isConnected && !this.#loading) this.#offer();
  }

  /** Ends the engine, or its loading. */
  async #end() {
    const [engine, loading] = [this.#engine, this.#loading];
    this.abort();
    this.#loadAbort?.abort();
    this.#engine = null;
    await engine?.unload();
    await loading;
  }

  /** Asks before anything large is fetched. */
  #offer() {
    this.#settings.running = null;
    this.#status.textContent = '';
    this.#loader.offer(null);
    this.#loader.element.hidden = false;
    const { model } = this;
    // Loading says what is wrong before it fetches anything.
    if (!toAddress(model)) this.load();
    else modelSize(model).then((size) => { if (!this.#loading && !this.#engine) this.#loader.offer(size); });
  }

  #readAttributes() {
    const number = (/** @type {string} */ name) => (this.hasAttribute(name) ? Number(this.getAttribute(name)) : NaN);
    const steps = number('steps');
    const [temperature, seed, kernel] = [number('temperature'), number('seed'), this.getAttribute('kernel')];
    this.#settings.set({
      ...(steps === 1 || steps === 2 || steps === 4 ? { steps } : {}),
      ...(temperature >= 0 ? { temperature } : {}),
      ...(seed >= 0 ? { seed } : {}),
      ...(kernel === 'lookup' || kernel === 'popcount' ? { kernel } : {}),
    });
    const placeholder = this.getAttribute('placeholder');
    if (placeholder) this.#composer.placeholder = placeholder;
  }

  async #load() {
    this.#loadAbort = new AbortController();
    this.#loader.element.hidden = false;
    this.#settings.loading = true;
    this.#status.textContent = 'Loading the model.';
    const build = this.getAttribute('build');
    try {
      this.#engine = await createEngine({
        model: this.model, kernel: this.#settings.value.kernel, signal: this.#loadAbort.signal,
        build: build === 'simd' || build === 'plain' ? build : 'auto',
        onprogress: (progress) => {
          this.#loader.progress(progress);
          this.#tell('progress', progress);
        },
        onprefill: (left) => { if (left > 0) this.#rate.textContent = `reading the question, ${plural(left, 'token')} left`; },
        onnotice: ({ message }) => this.#showNotice(message),
      });
    } catch (error) {
      this.#loader.fail(asSpikeError(error));
      this.#status.textContent = adviceFor(asSpikeError(error).code).title;
      this.#tell('error', asSpikeError(error));
      return;
    } finally {
      this.#loadAbort = null;
      this.#settings.loading = false;
    }
    this.#loader.element.hidden = true;
    this.#settings.running = this.#engine.info;
    this.#context.max = this.#engine.info.context;
    this.#showContext(this.#context.value);
    this.#status.textContent = 'Ready.';
    this.#tell('ready', this.#engine.info);
    this.#composer.focus();
    const queued = this.#queued;
    this.#queued = null;
    if (queued !== null) this.#answer(queued);
  }

  async #restart() {
    if (!this.#engine) return;
    await this.#end();
    await this.load();
  }

  /** @param {string} text */
  #example(text) {
    if (!this.#submit(text)) this.#composer.text = text;
  }

  /** @param {string} text @returns {boolean} */
  #submit(text) {
    if (this.#answering || this.#queued !== null) return false;
    if (!this.#engine && !this.#loading) {
      this.#status.textContent = 'Download the model first: your text is kept.';
      return false;
    }
    this.#transcript.addQuestion(text);
    if (this.#engine) {
      this.#answer(text);
    } else {
      this.#queued = text;
      this.#status.textContent = 'Will be sent when the model is ready.';
    }
    return true;
  }

  /** @param {string} text a question that already stands in the transcript */
  async #answer(text) {
    const engine = this.#engine;
    if (!engine) return;
    const { steps, temperature, seed: chosen } = this.#settings.value;
    const seed = chosen ?? crypto.getRandomValues(new Uint32Array(1))[0];
    const system = this.getAttribute('system');
    const maxTokens = Number(this.getAttribute('max-tokens'));
    /** @type {Message} */
    const question = { role: 'user', content: text };
    const view = this.#transcript.addAnswer();
    const chat = this.#chat;
    const abort = this.#answering = new AbortController();
    const asked = performance.now();
    let first = 0;
    let content = '';
    /** @type {import('./protocol.js').FinishReason | null} */
    let reason = null;

    this.#composer.answering = true;
    this.#transcript.busy = true;
    this.#status.textContent = 'Answering.';
    this.#figures.reset();
    this.#heatmap.divide();
    try {
      const chunks = await engine.chat.completions.create({
        messages: [...(system ? [/** @type {Message} */ ({ role: 'system', content: system })] : []), ...this.#messages, question],
        stream: true, stream_options: { include_usage: true }, steps, temperature, top_p: TOP_P, seed,
        ...(maxTokens > 0 ? { max_tokens: maxTokens } : {}),
      }, { signal: abort.signal });
      for await (const { choices: [choice], spike, usage } of chunks) {
        if (usage && chat === this.#chat) this.#showContext(usage.total_tokens);
        if (!choice) continue;
        reason = choice.finish_reason;
        if (reason) continue;
        first ||= performance.now();
        const piece = choice.delta.content ?? '';
        content += piece;
        // A new chat may have begun while this answer was being stopped.
        if (chat !== this.#chat) continue;
        view.append(piece, this.#heatmap.push(piece, spike));
        this.#figures.add(spike);
        if (spike) {
          this.#activity.classList.remove('bare');
          this.#showContext(spike.position + 1);
        }
        if (this.#figures.rate > 0) this.#rate.textContent = `${this.#figures.rate.toFixed(1)} tokens/s`;
        this.#tell('token', { text: piece, spike });
      }
      if (chat !== this.#chat) return;
      const words = content.split(/\s+/).filter(Boolean).length;
      this.#status.textContent = `${reason === 'abort' ? 'Stopped' : 'Done'}, ${plural(words, 'word')}.`;
      view.finish([
        ...(reason === 'abort' ? ['stopped'] : reason === 'length' ? ['cut at the longest length'] : []),
        ...(first ? [`first token after ${formatSeconds((first - asked) / 1000)}`] : []),
        ...(this.#figures.rate > 0 ? [`${this.#figures.rate.toFixed(1)} tokens/s`] : []),
        `T = ${steps}`, `seed ${seed}`,
      ].join(' · '));
      // An answer stopped before its first word leaves nothing to go on from.
      if (content !== '') this.#messages.push(question, { role: 'assistant', content });
      this.#tell('message', { role: 'assistant', content });
    } catch (error) {
      this.#failed(asSpikeError(error), view, text);
    } finally {
      this.#answering = null;
      this.#composer.answering = false;
      this.#transcript.busy = false;
    }
  }

  /**
   * @param {SpikeError} error
   * @param {import('./transcript.js').Answer} view
   * @param {string} text the question
   */
  #failed(error, view, text) {
    const { title, advice } = adviceFor(error.code);
    const full = error.code === 'context_full';
    // These leave no engine to ask again.
    const dead = error.code === 'engine_crashed' || error.code === 'timeout';
    if (dead) {
      this.#engine = null;
      this.#offer();
    }
    const chat = this.#chat;
    // While loading, the reader may ask something else or begin a new chat.
    const free = () => !this.#answering && chat === this.#chat;
    const again = async () => {
      if (!free()) return;
      await this.load();
      if (!this.#engine || !free()) return;
      view.element.remove();
      this.#answer(text);
    };
    const action = h('button', { class: 'quiet', type: 'button', onclick: full ? () => this.clear() : again }, full ? 'New chat' : dead ? 'Start the engine again' : 'Try again');
    view.fail({ title, detail: `${advice} (${error.code}: ${error.message})` }, action);
    this.#status.textContent = title;
    this.#tell('error', error);
  }

  /** @param {string} message */
  #showNotice(message) {
    this.#notice.textContent = `Note: ${message}.`;
    this.#notice.hidden = false;
  }

  /** @param {number} tokens */
  #showContext(tokens) {
    this.#context.value = tokens;
    this.#contextShown.textContent = `${formatCount(tokens)} of ${formatCount(this.#context.max)} tokens`;
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, composed: true }));
  }
}

/** @param {unknown} error @returns {SpikeError} */
function asSpikeError(error) {
  return error instanceof SpikeError ? error : new SpikeError('engine_crashed', error instanceof Error ? error.message : String(error), { cause: error });
}
