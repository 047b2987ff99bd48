// The place of the recording in the greeting. The card itself comes after the first screen, where
// there is a recording of the model.

import { PRESETS } from '../shared/contract.js';
import { words } from '../words/words.js';

/** @import { Engine } from '../api/engine.js' */
/** @import { RecordingCard } from '../recording/card.js' */
/** @import { ActivityPanel } from './activity-panel.js' */
/** @import { Transcript } from './transcript.js' */

// Without the picture the words are played alone.
const WAIT_FOR_PICTURE_MS = 2000;

/** The place. */
export class RecordedPlace {
  #element;
  #transcript;
  #activity;
  #manifest;
  /** @type {RecordingCard | null} */
  #card = null;
  /** Of the model whose recording is shown, or looked for. @type {string | null} */
  #sha256 = null;
  /** Tells the card where the page stands. @type {(card: RecordingCard) => void} */
  #tell = () => {};

  /**
   * @param {HTMLElement} element in the greeting
   * @param {Transcript} transcript
   * @param {ActivityPanel} activity
   * @param {() => string} manifest address of the model's
   */
  constructor(element, transcript, activity, manifest) {
    this.#element = element;
    this.#transcript = transcript;
    this.#activity = activity;
    this.#manifest = manifest;
    // A conversation begins, or is taken away: its picture is its own.
    transcript.ongreeting = () => this.#leave();
  }

  /** The model whose recording is shown, or looked for. */
  get model() {
    return this.#sha256;
  }

  /**
   * Goes on where another app was: nothing is played again by itself.
   * @param {string | null} model
   */
  takeOver(model) {
    this.#bring(model, false);
  }

  /** A recording may come: its place is kept. @param {boolean} expected */
  expect(expected) {
    this.#element.classList.toggle('expected', expected);
  }

  /**
   * A model can be downloaded: plays the recording of it, if there is one.
   * @param {string | null} sha256 of its manifest, where it is known
   * @param {boolean} missing whether there is something to download
   */
  offer(sha256, missing) {
    this.#now((card) =>
      card.withdrawCheck(missing ? words.recording.before : words.recording.here));
    if (sha256 !== this.#sha256) this.#bring(sha256, true);
    else this.expect(false);
  }

  /** The model is being loaded. */
  loading() {
    this.#now((card) => card.withdrawCheck(words.recording.loading));
    if (this.#sha256 === null) this.expect(false);
  }

  /** The model is here. @param {Engine} engine */
  ready(engine) {
    if (engine.info.sha256 === this.#sha256) this.#now((card) => card.offerCheck(engine));
    else this.#remove(null);
  }

  /** Has the answer given again without being asked for. */
  check() {
    if (this.#transcript.isEmpty) this.#card?.check();
  }

  /** @param {(card: RecordingCard) => void} tell */
  #now(tell) {
    this.#tell = tell;
    if (this.#card) tell(this.#card);
  }

  /** @param {string | null} sha256 of the model that is here now */
  #remove(sha256) {
    this.#sha256 = sha256;
    this.#leave();
    this.#card = null;
    this.#element.replaceChildren();
    if (sha256 === null) this.expect(false);
  }

  /** The picture is not of the recording any more. */
  #leave() {
    this.#card?.leave();
    if (!this.#activity.recorded) return;
    this.#activity.clear();
    this.#transcript.spans.clear();
  }

  /** @param {string | null} sha256 @param {boolean} play */
  async #bring(sha256, play) {
    this.#remove(sha256);
    if (sha256 === null) return;
    const [transcript, activity] = [this.#transcript, this.#activity];
    const came = await import('../recording/card.js').catch(() => null);
    const recording = await came?.recordingOf(sha256);
    await Promise.race([
      customElements.whenDefined('spike-heatmap'),
      new Promise((resolve) => { setTimeout(resolve, WAIT_FOR_PICTURE_MS); }),
    ]);
    if (sha256 !== this.#sha256) return;
    this.expect(false);
    if (!came || !recording) return;
    const [{ spikes: { layers, populations } }] = recording.tokens;
    const usual = import('./usual-levels.js').then(({ usualLevels }) => usualLevels.of(
      { sha256, layers, populations, presets: PRESETS }, this.#manifest(), recording.settings,
    )).catch(() => null);
    /** @type {Map<HTMLElement, number>} */
    const columns = new Map();
    this.#card = new came.RecordingCard(recording, {
      begin: () => {
        activity.clear();
        activity.begin(usual);
        activity.recorded = true;
      },
      add: (text, spikes, word) => {
        const column = activity.addRecorded(text, spikes);
        if (column === null) return;
        columns.set(word, column);
        transcript.spans.set(column, word);
      },
      highlight: (word) => {
        const column = word && activity.recorded ? columns.get(word) ?? null : null;
        transcript.highlight(column);
        activity.highlight(column);
      },
    });
    this.#tell(this.#card);
    this.#element.replaceChildren(this.#card.element);
    if (!play || !transcript.isEmpty) this.#card.leave();
    else if (matchMedia('(prefers-reduced-motion: reduce)').matches) this.#card.end();
    else this.#card.play();
  }
}
