// The table of testdata/calls.json, tried on a running server. worker/calls_test.go tries it on the
// handler alone, and says there what the words in braces are.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { ROOT, objects } from './servers.mjs';

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string} [method]
 * @property {string} path
 * @property {[string, string][]} [headers]
 * @property {number} status
 * @property {[number, number]} [part]
 * @property {string} [text]
 * @property {string} [code]
 * @property {'json' | 'file'} [like]
 * @property {Record<string, string>} [want]
 * @property {string[]} [absent]
 */

/** @type {Record<'json' | 'file', Record<string, string>> & {cases: Case[]}} */
const table = JSON.parse(
  fs.readFileSync(path.join(ROOT, 'worker/testdata/calls.json'), 'utf8'),
);
export const { cases } = table;

/**
 * One request, with headers and path as they are given: fetch would tidy both.
 * @param {string} url of the server
 * @param {{path: string, method?: string, headers?: [string, string][]}} request
 * @returns {Promise<{status: number, headers: http.IncomingHttpHeaders, body: Buffer}>}
 */
export function ask(url, { path: target, method = 'GET', headers = [] }) {
  const { hostname, port } = new URL(url);
  /** @type {Record<string, string[]>} */
  const lines = {};
  for (const [name, value] of headers) (lines[name] ??= []).push(value);
  return new Promise((resolve, reject) => {
    const how = { hostname, port, path: target, method, headers: lines, agent: false };
    http.request(how, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks),
      }));
    }).on('error', reject).end();
  });
}

/**
 * Fills a server's own values into the table's words.
 * @param {string} url
 * @returns {Promise<(text: string) => string>}
 */
export async function filler(url) {
  const shard = objects().get('bin');
  const manifest = objects().get('json');
  assert.ok(shard && manifest);
  const { headers } = await ask(url, { path: `/api/m/${shard.name}`, method: 'HEAD' });
  const { etag, 'last-modified': changed } = headers;
  assert.match(etag ?? '', /^"[^"]+"$/);
  const hour = (/** @type {number} */ n) =>
    new Date(Date.parse(changed ?? '') + n * 3_600_000).toUTCString();
  /** @type {Record<string, string>} */
  const words = {
    bin: shard.name,
    json: manifest.name,
    BIN: shard.name.replace(/^\w+/, (hash) => hash.toUpperCase()),
    etag: etag ?? '',
    changed: hour(0),
    before: hour(-1),
    after: hour(1),
    size: String(shard.bytes.length),
    models: fs.readFileSync(path.join(ROOT, 'dist/models.json'), 'utf8'),
    manifest: Buffer.from(manifest.bytes).toString(),
    any: '{any}',
  };
  return (text) => text.replace(/\{(\w+)\}/g, (_, word) => words[word]);
}

/**
 * Tries one case.
 * @param {string} url
 * @param {(text: string) => string} fill
 * @param {Case} one
 * @returns {Promise<Record<string, unknown>>} what came, without what is a server's own: to be the
 *   same on all
 */
export async function tryCase(url, fill, one) {
  const { status, headers, body } = await ask(url, {
    ...one,
    path: fill(one.path),
    headers: one.headers?.map(([name, value]) => [name, fill(value)]),
  });
  assert.equal(status, one.status, `status, with ${body.subarray(0, 200)}`);
  for (const [name, value] of Object.entries({ ...one.like && table[one.like], ...one.want })) {
    const got = headers[name.toLowerCase()];
    if (value === '{any}') assert.ok(got, name);
    else assert.equal(got, fill(value), name);
  }
  for (const name of one.absent ?? []) assert.equal(headers[name.toLowerCase()], undefined, name);
  if (one.part) {
    const whole = objects().get('bin')?.bytes ?? new Uint8Array();
    const [first, last] = one.part;
    const want = whole.subarray(first, last < 0 ? whole.length : last + 1);
    assert.ok(body.equals(want), `${body.length} bytes that are not ${first} to ${last}`);
  } else if (one.text !== undefined) {
    // Braces of JSON are no words of the table.
    const want = /^\{\w+\}$/.test(one.text) ? fill(one.text) : one.text;
    assert.equal(body.toString(), want);
  } else {
    const { error } = JSON.parse(body.toString());
    assert.equal(error.code, one.code);
    assert.ok(error.message.length > 0);
  }
  const { date: _, connection, etag, 'keep-alive': _alive, 'last-modified': changed, ...rest } =
    headers;
  return { status, etag: !!etag, changed: !!changed, body: body.toString('latin1'), ...rest };
}
