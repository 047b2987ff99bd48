// agree.mjs: what Go and JavaScript both state is the same in both. Prints one sentence for each
// difference and fails. Go's side comes from `go run ./wasm contract`, which also tries what the
// page lets through, so that nothing is refused by the engine alone.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { MAX_STOP_LENGTH } from '../../web/api/request.js';
import * as page from '../../web/shared/contract.js';
import { CODES } from '../../web/shared/errors.js';
import { CACHE, CACHE_COUNTS, COUNTS, LOOK_BACK } from '../../web/shared/spikes.js';
import { CONTROL_TOKEN, FINISH, HEADER_BYTES } from '../../web/worker/token-record.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const { KERNELS, PRESETS, RANGES, ROLES, STEPS } = page;
const PAGES = ['index.html', 'embed/index.html', 'embed/engine/index.html'];

/** @type {string[]} */
const differences = [];
/** @param {string} what @param {unknown} js @param {unknown} go */
const same = (what, js, go) => {
  const [ours, theirs] = [js, go].map((value) => JSON.stringify(value));
  if (ours !== theirs) differences.push(`${what} is ${ours} in JavaScript and ${theirs} in Go`);
};

const QUESTION = [{ role: 'user', content: 'x' }];
/** @param {object} fields of a request @param {object[]} [messages] */
const begin = (fields, messages = QUESTION) => ({ begin: { messages, ...fields } });
/** The extremes of what the page lets through, as the worker would send them. */
const messages = [
  ...Object.entries(RANGES).flatMap(([name, ends]) => ends.map((end) => begin({ [name]: end }))),
  ...[0, ...STEPS].flatMap((steps) => [begin({ steps }), begin({ cache_steps: steps })]),
  ...STEPS.flatMap((low) => [0, 1].map((cache_share) => (
    begin({ cache_steps: STEPS.at(-1), cache_low: low, cache_share })))),
  ...PRESETS.map((preset) => begin({ preset })),
  // Three bytes are the most that one UTF-16 unit takes.
  begin({ stop: Array(page.MAX_STOPS).fill('\uffff'.repeat(MAX_STOP_LENGTH)) }),
  begin({}, [...ROLES.map((role) => ({ role, content: 'x' })), ...QUESTION]),
  ...[1, page.MAX_RAISE].map((factor) => begin({ lesions: { thresholds: [{ factor }] } })),
  begin({ lesions: { silenced: Array(page.MAX_LESIONS).fill({ layer: 0, head: 0 }) } }),
  begin({
    lesions: {
      silenced: Object.keys(page.POPULATIONS).map((population) => ({ population })),
      dropped_planes: 0,
    },
  }),
  begin({ aside: true }),
  ...page.PARTS.map((part) => begin({ lesions: { silenced: [{ part }] } })),
  ...KERNELS.map((kernel) => ({ finish: { kernel, context: page.MAX_CONTEXT } })),
];

const go = JSON.parse(execFileSync('go', ['run', './wasm', 'contract', 'models/tiny'], {
  cwd: ROOT, input: messages.map((message) => JSON.stringify(message)).join('\n'), encoding: 'utf8',
  stdio: ['pipe', 'pipe', 'inherit'],
}));

same('the number of bytes in one call', page.EXCHANGE_BYTES, go.exchange_bytes);
same('the number of bytes in a manifest', page.EXCHANGE_BYTES, go.max_manifest_bytes);
same('the default context', page.DEFAULT_CONTEXT, go.default_context);
same('the longest context', page.MAX_CONTEXT, go.max_context);
same('the largest vocabulary', page.MAX_VOCABULARY, go.max_vocabulary);
same('the number of stop strings', page.MAX_STOPS, go.max_stops);
same('the most of |k| in one step', page.STEP_LEVELS, go.step_levels);
same('the highest factor of a threshold', page.MAX_RAISE, go.max_raise);
same('the number of lesions', page.MAX_LESIONS, go.max_lesions);
same('the number of planes', page.MAX_PLANES, go.max_planes);
same('the list of parts', page.PARTS, go.parts);
same('the list of inspections', page.INSPECTIONS, go.inspections);
same('the list of presets', PRESETS, go.presets);
same('the default preset', PRESETS[0], go.default_preset);
same('the list of populations', Object.keys(page.POPULATIONS), go.populations);
same('the list of roles', ROLES, go.roles);
same('the list of counts', COUNTS, go.counts);
same('the list of counts of keys and values', CACHE_COUNTS, go.cache_counts);
same('the list of keys and values', CACHE, go.cache);
same('the list of looking back', LOOK_BACK, go.look_back);
same('the header of a record', HEADER_BYTES, go.record_header_bytes);
same('the mark of a control token', CONTROL_TOKEN, go.control_token);
same('the most of top_logprobs', RANGES.top_logprobs[1], go.max_top_logprobs);
same('the end "stop" of a record', FINISH.indexOf('stop'), go.finish.stop);
same('the end "length" of a record', FINISH.indexOf('length'), go.finish.length);
same('the number of ends of a record', FINISH.length - 1, Object.keys(go.finish).length);
for (const code of go.codes) {
  if (!CODES.includes(code)) differences.push(`JavaScript lacks Go's error code ${code}`);
}
for (const refused of go.refused) {
  differences.push(`the engine refuses what the page lets through: ${refused}`);
}

// The policies of the pages' own meta elements, which cannot say frame-ancestors, are those of
// _headers.
const policies = (/** @type {string} */ file, /** @type {RegExp} */ pattern) =>
  [...fs.readFileSync(path.join(ROOT, 'web', file), 'utf8').matchAll(pattern)]
    .map(([, text]) => text.split(';').map((part) => part.trim())
      .filter((part) => !part.startsWith('frame-ancestors')).join('; '));
const [policy, ...others] = [
  ...policies('_headers', /Content-Security-Policy: (.*)/g),
  ...PAGES.flatMap((page) => policies(page, /Content-Security-Policy" content="([^"]*)"/g)),
];
if (others.length !== 1 + PAGES.length || others.some((other) => other !== policy)) {
  differences.push(
    `_headers and ${PAGES.join(', ')} have other policies: ${[policy, ...others].join(' | ')}`,
  );
}

for (const difference of differences) console.error(`make: ${difference}`);
process.exitCode = differences.length > 0 ? 1 : 0;
