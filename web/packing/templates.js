// Two engines for chat templates, which a file is read by when it is packed. Neither is Jinja2
// itself: where they do not agree the file is refused (tools/pack/chat). Both are programs of
// others, run on a text of anyone's, in a worker that holds nothing but the file.

import { Environment as Values, Interpreter, Template } from '../vendor/jinja.js';
import init, { Environment } from '../vendor/minijinja.js';
import { compile } from '../worker/start-engine.js';

// Written out, because bundlers look for such expressions.
const MINIJINJA = new URL('../vendor/minijinja_js_bg.wasm', import.meta.url);
// Far above what the longest published template takes.
const FUEL = 1e7;

/** As tools/pack/wasm/templates.go has them. */
const OUTCOME = Object.freeze({ text: 0, raised: 1, failed: 2 });

/**
 * @typedef {object} Call
 * @property {string} template
 * @property {{role: string, content: string}[]} messages
 * @property {{name: string, text: string}[]} special
 * @property {'' | 'on' | 'off'} thinking
 * @property {string} date
 */

/** @typedef {(template: string, values: Record<string, unknown>) => string} Render */

/** A day or month in English. */
const nameOf = (/** @type {Intl.DateTimeFormatOptions} */ name, /** @type {Date} */ date) =>
  new Intl.DateTimeFormat('en-US', { ...name, timeZone: 'UTC' }).format(date);

/**
 * Python's strftime in English, for what core/text writes.
 * @param {string} day such as 2026-11-30
 * @param {string} format
 */
function strftime(day, format) {
  const date = new Date(`${day}T00:00:00Z`);
  const [year, month, number] = day.split('-');
  /** @type {Record<string, string>} */
  const parts = {
    Y: year, y: year.slice(2), m: month, d: number, '%': '%',
    b: nameOf({ month: 'short' }, date), B: nameOf({ month: 'long' }, date),
    a: nameOf({ weekday: 'short' }, date), A: nameOf({ weekday: 'long' }, date),
  };
  return format.replace(/%(.)/g, (all, letter) => parts[letter] ?? all);
}

/** What a template asks for, as transformers gives it. */
class Asked {
  /** What it said by raise_exception. @type {string | null} */
  raised = null;
  values;

  /** @param {Call} call */
  constructor({ messages, special, thinking, date }) {
    this.values = {
      ...Object.fromEntries(special.map(({ name, text }) => [name, text])),
      messages, tools: null, documents: null, add_generation_prompt: true,
      ...(thinking ? { enable_thinking: thinking === 'on', thinking: thinking === 'on' } : {}),
      strftime_now: (/** @type {string} */ format) =>
        (date ? strftime(date, format) : `\0${format}\0`),
    };
  }

  /** @param {unknown} message */
  raise(message) {
    this.raised ??= String(message);
    return '';
  }
}

/** Writes {% generation %}, which marks what is trained on, as a block that is always there. */
const withoutGeneration = (/** @type {string} */ template) => template
  .replace(/(\{%[-+]?\s*)generation(\s*[-+]?%\})/g, '$1if true$2')
  .replace(/(\{%[-+]?\s*)endgeneration(\s*[-+]?%\})/g, '$1endif$2');

/** @param {Asked} asked @param {string} template @returns {string} */
function byMinijinja(asked, template) {
  const { strftime_now, ...plain } = asked.values;
  const environment = new Environment();
  environment.trimBlocks = environment.lstripBlocks = true;
  environment.fuel = FUEL;
  environment.enablePyCompat();
  // What a function throws ends the whole module: raise_exception only notes it.
  environment.addGlobal('raise_exception',
    (/** @type {unknown} */ message) => asked.raise(message));
  environment.addGlobal('strftime_now', strftime_now);
  // Its own escapes what HTML would.
  environment.addFilter('tojson', (value) => JSON.stringify(value));
  return environment.renderStr(withoutGeneration(template), plain);
}

/** Python's. @param {number} first @param {number} [end] @param {number} [step] */
function range(first, end, step = 1) {
  const [from, to] = end === undefined ? [0, first] : [first, end];
  const length = Math.max(Math.ceil((to - from) / step), 0);
  return Array.from({ length }, (_, i) => from + i * step);
}

/** The last template that it has read: one is rendered some hundred times. */
let parsed = /** @type {{template: string, program: Template['parsed']} | null} */ (null);

/**
 * Its own way to render has today's date, and lets nobody declare another.
 * @param {Asked} asked
 * @param {string} template
 * @returns {string}
 */
function byHuggingFace(asked, template) {
  const values = new Values();
  const all = {
    true: true, false: false, none: null, True: true, False: false, None: null, range,
    raise_exception: (/** @type {unknown} */ message) => {
      throw new Error(asked.raise(message));
    },
    ...asked.values,
  };
  for (const [name, value] of Object.entries(all)) values.set(name, value);
  if (parsed?.template !== template) parsed = { template, program: new Template(template).parsed };
  return new Interpreter(values).run(parsed.program).value;
}

/** In the order of tools/pack/wasm/main_js.go. */
const ENGINES = [byMinijinja, byHuggingFace];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Fetches the engines.
 * @param {() => ArrayBuffer} memory of the module that asks
 * @param {(on: boolean) => void} onrender is called before an engine executes a template, which
 *   nothing here can end, and behind it
 * @returns {Promise<Record<string, (...args: number[]) => number>>} what the module imports
 */
export async function templateEngines(memory, onrender) {
  await init({ module_or_path: await compile(MINIJINJA.href, () => {}) });
  let said = new Uint8Array();
  return {
    render: (engine, at, n) => {
      const call = JSON.parse(decoder.decode(new Uint8Array(memory(), at >>> 0, n)));
      const asked = new Asked(call);
      /** @type {number} */
      let outcome = OUTCOME.text;
      let text = '';
      onrender(true);
      try {
        text = ENGINES[engine](asked, call.template);
      } catch (error) {
        outcome = OUTCOME.failed;
        text = String(error instanceof Error ? error.message : error);
      } finally {
        onrender(false);
      }
      if (asked.raised !== null) {
        outcome = OUTCOME.raised;
        text = asked.raised;
      }
      said = encoder.encode(text);
      return outcome;
    },
    rendered_len: () => said.length,
    rendered: (at) => {
      new Uint8Array(memory(), at >>> 0, said.length).set(said);
      return 0;
    },
  };
}
