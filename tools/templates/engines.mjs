// engines.mjs FOLDER NAME: renders chat templates by a JavaScript engine of FOLDER/node_modules, in
// the protocol of tools/pack/jinja: a line of JSON in, a line of JSON out. NAME is minijinja-js or
// @huggingface/jinja.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [folder, name] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${folder}/`));
const library = require(name);

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August',
  'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const two = (/** @type {number} */ n) => String(n).padStart(2, '0');

/** strftime. @param {string} format @param {string} date */
function written(format, date) {
  const day = new Date(`${date}T00:00:00Z`);
  const [month, weekday] = [MONTHS[day.getUTCMonth()], DAYS[day.getUTCDay()]];
  /** @type {Record<string, string>} */
  const parts = {
    d: two(day.getUTCDate()), m: two(day.getUTCMonth() + 1), y: date.slice(2, 4),
    Y: date.slice(0, 4), B: month, b: month.slice(0, 3), A: weekday, a: weekday.slice(0, 3),
    '%': '%',
  };
  return format.replace(/%(.)/g, (_, part) => {
    if (!(part in parts)) throw new Error(`no %${part}`);
    return parts[part];
  });
}

/** What the template raises. @type {string | null} */
let raised = null;

/** @param {any} call */
function valuesOf(call) {
  return {
    ...call.special, messages: call.messages, tools: null, documents: null,
    add_generation_prompt: true,
    ...(call.thinking
      ? { enable_thinking: call.thinking === 'on', thinking: call.thinking === 'on' } : {}),
    // It is not thrown: minijinja's module ends where something is thrown through it.
    raise_exception: (/** @type {unknown} */ message) => {
      raised ??= String(message);
      return '';
    },
    strftime_now: (/** @type {string} */ format) =>
      (call.date ? written(format, call.date) : `\0${format}\0`),
  };
}

/** @type {(template: string, values: object) => string} */
const render = name === 'minijinja-js'
  ? (template, values) => {
    const environment = new library.Environment();
    environment.trimBlocks = environment.lstripBlocks = true;
    environment.enablePyCompat();
    // It has no {% generation %}, which marks what is trained on and writes what is inside.
    const known = template.replace(/(\{%[-+]?)\s*generation\s*([-+]?%\})/g, '$1 if true $2')
      .replace(/(\{%[-+]?)\s*endgeneration\s*([-+]?%\})/g, '$1 endif $2');
    try {
      return environment.renderStr(known, values);
    } finally {
      environment.free();
    }
  }
  : (() => {
    // As its class Template does, which sets raise_exception and strftime_now itself.
    const { Environment, Interpreter, parse, tokenize } = library;
    let [source, program] = ['', parse([])];
    return (/** @type {string} */ next, /** @type {object} */ values) => {
      if (next !== source) {
        program = parse(tokenize(next, { lstrip_blocks: true, trim_blocks: true }));
        source = next;
      }
      const environment = new Environment();
      const range = (/** @type {number} */ from, /** @type {number} */ to, step = 1) => {
        const [first, last] = to === undefined ? [0, from] : [from, to];
        const list = [];
        for (let i = first; step > 0 ? i < last : i > last; i += step) list.push(i);
        return list;
      };
      const all = { true: true, false: false, none: null, True: true, False: false, None: null };
      for (const [name, value] of Object.entries({ ...all, range, ...values }))
        environment.set(name, value);
      return new Interpreter(environment).run(program).value;
    };
  })();

let template = '';
for await (const line of createInterface({ input: process.stdin })) {
  const call = JSON.parse(line);
  if (call.template !== null) template = call.template;
  raised = null;
  let answer;
  try {
    answer = { text: render(template, valuesOf(call)) };
  } catch (error) {
    answer = { error: String(error).slice(0, 500) };
  }
  if (raised !== null) answer = { raised };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
