// What the reader sees of the engine: that its model can be loaded, is being loaded, is here or why
// not, and what runs.

import { toAddress } from '../api/address.js';
import { DEFAULT_MODEL } from '../api/own-files.js';
import { downloadSize } from '../delivery/download-size.js';
import { askToPersist, keeping } from '../delivery/keeping.js';
import { ShardCache } from '../delivery/shard-cache.js';
import { PRESETS } from '../shared/contract.js';
import { ownName } from '../shared/own-model.js';
import { words } from '../words/words.js';
import { prepareKit } from './answer-kit-loader.js';
import { LoadingCard } from './loading-card.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { ErrorCode, SpikeError } from '../shared/errors.js' */
/** @import { Composer } from './composer.js' */
/** @import { EngineKeeper } from './engine-keeper.js' */
/** @import { RecordedPlace } from './recorded-place.js' */
/** @import { SettingsPanel } from './settings-panel.js' */
/** @import { StatusLine } from './status-line.js' */

/**
 * @typedef {object} Host
 * @property {SettingsPanel} settings
 * @property {StatusLine} line
 * @property {RecordedPlace} recorded
 * @property {Composer} composer
 * @property {() => boolean} answering whether the conversation gets an answer
 * @property {() => EngineKeeper} keeper
 * @property {() => string} model the address of its manifest
 * @property {() => void} start loads the model
 * @property {() => void} pick has the reader choose a file of a model
 */

/** Shows where the engine stands. */
export class EngineView {
  #host;
  /** The reader pressed the button that loads, so that what follows may move the focus. */
  #pressed = false;
  card = new LoadingCard(
    () => {
      if (this.#host.keeper().engine) {
        this.#host.keeper().complete();
        return;
      }
      this.#pressed = true;
      if (this.card.keep) askToPersist();
      this.#host.start();
    },
    () => this.#host.keeper().cancel(),
    () => this.deleteModel(),
    () => this.#host.pick(),
  );

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** Shows it as it is, where another app was before. */
  takeOver() {
    const { engine, loading, progress } = this.#host.keeper();
    if (loading) {
      this.showLoading();
      if (progress) this.card.progress(progress);
    } else if (engine) {
      this.#show(engine);
    } else {
      this.offer();
    }
  }

  /** Asks before anything large is fetched. */
  offer() {
    const { settings, line, recorded, keeper, start } = this.#host;
    const model = this.#host.model();
    settings.running = null;
    settings.presets = PRESETS; // until the model says which
    line.status = '';
    this.card.offer(null);
    this.card.element.hidden = false;
    this.#showKept();
    // Loading says what is wrong before it fetches anything.
    const address = toAddress(model);
    if (!address) {
      start();
    } else {
      // Without network there is none to wait for.
      if (recorded.model === null) recorded.expect(model === DEFAULT_MODEL && navigator.onLine);
      Promise.all([downloadSize(model), keeping()]).then(([size, kept]) => {
        const { loading, engine } = keeper();
        if (loading || engine || model !== this.#host.model()) return;
        if (ownName(address) && !(size && size.cached === size.bytes)) this.card.lacks();
        else this.card.offer(size, kept);
        recorded.offer(size?.sha256 ?? null, size !== null && size.cached < size.bytes);
      });
    }
  }

  /** Shows how much of the model this browser keeps, with what removes it. */
  async #showKept() {
    const address = toAddress(this.#host.model());
    const bytes = address ? await new ShardCache().bytes(address) : 0;
    this.card.kept = bytes;
    this.#host.settings.kept = bytes;
  }

  /** Removes it from this browser. An engine that has it goes on. */
  async deleteModel() {
    const { keeper, line, model } = this.#host;
    const address = toAddress(model());
    const { engine, loading } = keeper();
    const { planes, of } = engine?.info.precision ?? { planes: 0, of: 0 };
    // While it comes it is being kept.
    if (!address || loading || planes < of) return;
    await new ShardCache().remove(address);
    if (keeper().idle) this.offer();
    else await this.#showKept();
    line.status = words.loading.deleted;
  }

  /** Loading has begun. */
  showLoading() {
    const { settings, line, recorded } = this.#host;
    this.card.element.hidden = false;
    settings.loading = true;
    line.status = words.chat.loading;
    recorded.loading();
    prepareKit();
    line.notices.replaceChildren();
  }

  /** @param {number} left tokens of the question that are still to read */
  showReading(left) {
    const { line, answering } = this.#host;
    // What is read beside the conversation is nobody's question.
    if (left > 0 && answering()) line.rate = words.chat.reading(left);
  }

  /** @param {{code: ErrorCode, message: string}} notice of the engine */
  showNotice({ code, message }) {
    /** @type {Partial<Record<ErrorCode, string>>} */
    const known = words.notices;
    this.#host.line.addNotice(known[code] ?? message);
  }

  /** @param {SpikeError} error of loading */
  showFailure(error) {
    const { settings, line, model } = this.#host;
    settings.loading = false;
    line.status = this.card.fail(error, toAddress(model()) ?? '');
    this.#showKept();
  }

  /** The model is loaded. @param {Engine} engine */
  showReady(engine) {
    this.#show(engine);
    this.#host.line.status = words.chat.ready;
  }

  /** More of the model has come. @param {Engine} engine */
  showPrecision({ info }) {
    this.card.answers(info.precision);
    if (this.card.element.hidden) this.#showKept();
  }

  /** @param {SpikeError} error of loading the rest of it */
  showLate(error) {
    this.#host.line.status = this.card.fail(error, toAddress(this.#host.model()) ?? '');
  }

  /** An answer may have found the faster kernel. */
  async showRunning() {
    const { keeper, settings } = this.#host;
    const { engine } = keeper();
    // An engine that has gone meanwhile has nothing to show.
    const stats = await engine?.stats().catch(() => null);
    if (!engine || !stats || engine !== keeper().engine) return;
    const { kernel, prompt_kernel, why } =
      /** @type {{kernel: string, prompt_kernel: string, why: string}} */ (stats);
    const fewer = keeper().fewer !== null;
    settings.running = { ...engine.info, kernel, prompt_kernel, why, fewer };
  }

  /**
   * The button that was pressed has gone: goes on for the reader who pressed it.
   * @param {boolean} waits whether a question waits for the model
   */
  goOn(waits) {
    const { composer, recorded, keeper } = this.#host;
    // Whoever has the focus since keeps it: in a frame that may be the page around. At the top
    // hasFocus says whether the window has it: no matter here.
    const { activeElement, body } = document;
    const free = (window === window.top || document.hasFocus())
      && (activeElement === null || activeElement === body);
    if (this.#pressed && free) composer.focus();
    // A page that has loaded the model itself may want to ask it first, and without SIMD a question
    // would have to wait for seconds.
    const info = keeper().engine?.info;
    const whole = info?.precision.planes === info?.precision.of;
    if (this.#pressed && !waits && info?.simd && whole) recorded.check();
    this.#pressed = false;
  }

  /** @param {Engine} engine */
  #show(engine) {
    const { settings, line, recorded } = this.#host;
    const { info } = engine;
    recorded.ready(engine);
    settings.loading = false;
    this.card.answers(info.precision);
    settings.running = { ...info, fewer: this.#host.keeper().fewer !== null };
    settings.presets = info.presets;
    settings.chat = info.chat;
    this.#showKept();
    line.context = info.context;
  }
}
