// <spike-chat> as a reader uses it, through a driver. The functions that run in the page use
// nothing but their argument.

/** @import { SpikeChat } from '../../chat/element.js' */
/** @import { Driver } from './driver.mjs' */

/** @typedef {{text: string, spikes: number[][]}} Token what the chat tells of one: see place */

/**
 * Puts a chat into the page in place of the one that is there, and keeps what it tells of tokens.
 * @param {Driver} driver
 * @param {Record<string, string>} attributes
 */
export function place(driver, attributes) {
  return driver.evaluate((all) => {
    const chat = document.createElement('spike-chat');
    for (const [name, value] of Object.entries(all)) chat.setAttribute(name, value);
    /** @type {Token[]} */
    const tokens = [];
    chat.addEventListener('token', (event) => {
      const { text, spike } = /** @type {CustomEvent} */ (event).detail;
      const { active, strong, spikes, executed, levels } = spike;
      const counts = [active, strong, spikes, executed, levels];
      tokens.push({ text, spikes: counts.map((some) => [...some]) });
    });
    document.querySelector('spike-chat')?.replaceWith(chat);
    Object.assign(window, { tokens });
  }, attributes);
}

/** How long the page may take to say something: the slowest build needs a minute for an answer. */
const PATIENCE_MS = 120_000;

/**
 * Waits until a part of the chat says something.
 * @param {Driver} driver
 * @param {string} selector
 * @param {string} words a regular expression that its text fits
 * @returns {Promise<{x: number, y: number}>} its middle then, in CSS pixels
 */
export function shown(driver, selector, words) {
  return driver.evaluate(async ({ selector, words, ms }) => {
    for (const began = performance.now(); ;) {
      const part = document.querySelector('spike-chat')?.shadowRoot?.querySelector(selector);
      const said = part?.textContent ?? 'nothing';
      const { left, top, width, height } = part?.getBoundingClientRect() ?? new DOMRect();
      if (new RegExp(words).test(said) && width > 0) {
        return { x: left + width / 2, y: top + height / 2 };
      }
      if (performance.now() - began > ms) throw new Error(`${selector} says ${said}, not ${words}`);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
  }, { selector, words, ms: PATIENCE_MS });
}

/**
 * Presses a button of the chat, as soon as it is there and can be pressed.
 * @param {Driver} driver
 * @param {string} name its whole text
 */
export async function press(driver, name) {
  const { x, y } = await driver.evaluate(async ({ name, ms }) => {
    for (const began = performance.now(); ;) {
      const root = document.querySelector('spike-chat')?.shadowRoot;
      const button = [...root?.querySelectorAll('button') ?? []].find((one) =>
        one.textContent === name && !one.disabled && one.getBoundingClientRect().width > 0);
      if (button) {
        button.scrollIntoView({ block: 'nearest', behavior: 'instant' });
        const { left, top, width, height } = button.getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2 };
      }
      if (performance.now() - began > ms) throw new Error(`there is no button ${name}`);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
  }, { name, ms: PATIENCE_MS });
  await driver.click(x, y);
}

/**
 * @param {Driver} driver
 * @param {string} selector
 * @returns {Promise<string[]>} what each such part of the chat says
 */
export function textsOf(driver, selector) {
  return driver.evaluate((given) => {
    const root = document.querySelector('spike-chat')?.shadowRoot;
    return [...root?.querySelectorAll(given) ?? []].map((part) => part.textContent ?? '');
  }, selector);
}

/**
 * What is seen of the chat.
 * @param {Driver} driver
 */
export function look(driver) {
  return driver.evaluate(async () => {
    // What is drawn waits for a frame.
    await new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    });
    const chat = /** @type {SpikeChat} */ (document.querySelector('spike-chat'));
    const { tokens, errors } = /** @type {{tokens: Token[], errors: string[]}} */ (
      /** @type {unknown} */ (window));
    const root = /** @type {ShadowRoot} */ (chat.shadowRoot);
    const canvas = root.querySelector('spike-heatmap')?.shadowRoot?.querySelector('canvas');
    if (!canvas) throw new Error('there is no heatmap');
    const { width, height } = canvas;
    const image = canvas.getContext('2d')?.getImageData(0, 0, width, height);
    const pixels = new Set(new Uint32Array(image?.data.buffer ?? []));
    // Red is the lowest byte.
    const hex = (/** @type {number} */ byte) => (byte & 255).toString(16).padStart(2, '0');
    return {
      build: chat.engine?.info.build,
      simd: chat.engine?.info.simd,
      kernel: chat.engine?.info.kernel,
      focus: root.activeElement?.id,
      answer: root.querySelector('.message.model:last-of-type .text')?.textContent ?? '',
      notices: root.querySelector('.notices')?.textContent ?? '',
      tokens,
      stats: await chat.engine?.stats(),
      colors: [...pixels].map((color) => `#${hex(color)}${hex(color >>> 8)}${hex(color >>> 16)}`),
      errors,
    };
  });
}

/**
 * What the page reported as errors until now.
 * @param {Driver} driver
 * @returns {Promise<string[]>}
 */
export function errorsOf(driver) {
  return driver.evaluate(() => /** @type {any} */ (window).errors);
}

/**
 * Has the page itself strike Escape at a token: from outside it would come many tokens later.
 * @param {Driver} driver
 * @param {number} token from 1 on, of the next answer
 */
export function stopAt(driver, token) {
  return driver.evaluate((last) => {
    const { tokens } = /** @type {any} */ (window);
    tokens.length = 0;
    const chat = document.querySelector('spike-chat');
    chat?.addEventListener('token', () => {
      if (tokens.length !== last) return;
      const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true });
      chat.shadowRoot?.querySelector('textarea')?.dispatchEvent(escape);
    });
  }, token);
}
