import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceFor, adviceForLoading } from '../../../chat/advice.js';
import {
  CODES, SpikeError, asSpikeError, fromRecord, messageOf, toRecord,
} from '../../../shared/errors.js';

/** @import { ErrorCode } from '../../../shared/errors.js' */

test('errors cross as plain records; codes from a newer engine become a known one', () => {
  for (const record of /** @type {import('../../../shared/errors.js').ErrorRecord[]} */ ([
    { code: 'shard_corrupt', message: 'm', retryable: true, url: 'u' },
    { code: 'http_status', message: 'm', retryable: false, url: 'u', status: 404 },
    { code: 'busy', message: 'm', retryable: true },
  ]))
    assert.deepEqual(toRecord(fromRecord(record)), record);
  assert.deepEqual(toRecord(new Error('x')), {
    code: 'engine_crashed',
    message: 'x',
    retryable: false,
  });
  assert.equal(
    fromRecord(/** @type {any} */ ({ code: 'new_code', message: 'm' })).code,
    'engine_crashed',
  );
});

test('what the code says is not said twice', () => {
  const words = (/** @type {any} */ record) => fromRecord(record).message;
  assert.equal(words({ code: 'bad_request', message: 'bad request: 3 steps' }), '3 steps');
  assert.equal(words({ code: 'context_full', message: 'context full: 9' }), '9');
  assert.equal(words({ code: 'busy', message: 'bad request: 3' }), 'bad request: 3');
  assert.equal(words({ code: 'bad_request', message: 'bad request' }), 'bad request');
});

test('every code is there once, has its advice, and crosses as itself', () => {
  assert.equal(new Set(CODES).size, CODES.length);
  for (const code of CODES) {
    assert.ok(adviceFor(code).title && adviceFor(code).advice, code);
    assert.equal(fromRecord({ code, message: '' }).code, code);
  }
});

test('a model that is not there is told from another missing file, and from a refusal', () => {
  const manifest = 'http://x/m/manifest.json';
  const title = (/** @type {number} */ status, /** @type {string} */ url) => {
    const error = new SpikeError('http_status', 'm', { status, url });
    return adviceForLoading(error, manifest, true).title;
  };
  const other = adviceFor('http_status').title;
  assert.match(title(404, manifest), /no model/);
  assert.match(title(410, manifest), /no model/);
  assert.equal(title(403, manifest), other);
  assert.equal(title(404, 'http://x/m/aa.bin'), other);
});

test('that what came is kept is said where it is, and the next load goes on behind it', () => {
  const advice = (/** @type {ErrorCode} */ code, /** @type {boolean} */ kept) =>
    adviceForLoading(new SpikeError(code, 'm'), 'http://x/m/manifest.json', kept).advice;
  const online = 'Try again when you are online.';
  assert.equal(advice('offline', true), `What was downloaded is kept. ${online}`);
  assert.equal(advice('offline', false), online);
  assert.equal(advice('timeout', true), 'Try again.');
  assert.equal(advice('aborted', true), 'What was downloaded is kept.');
  assert.equal(advice('aborted', false), '');
});

test('whatever is thrown has words', () => {
  const thrower = () => { throw new Error('mine'); };
  for (const [thrown, words] of /** @type {[any, string][]} */ ([
    [new Error('x'), 'x'], ['x', 'x'], [undefined, 'undefined'], [Symbol('x'), 'Symbol(x)'],
    [{ toString: thrower }, 'an error that cannot be read'],
    [new Proxy({}, { getPrototypeOf: thrower }), 'an error that cannot be read'],
    [Object.create(Error.prototype, { message: { get: thrower } }), 'an error that cannot be read'],
  ])) {
    assert.equal(messageOf(thrown), words);
    if (words === 'x') assert.equal(asSpikeError(thrown).message, words);
  }
});
