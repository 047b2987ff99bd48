// A plain static server over dist/, which can also misbehave on purpose.

import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
});

// The page's own policy comes in its meta element; as a header it binds the worker as well.
const HEADERS = fs.readFileSync(path.join(import.meta.dirname, '../_headers'), 'utf8');
const POLICY = /^ *Content-Security-Policy: (.*)$/m.exec(HEADERS)?.[1] ?? '';
/** Headers by the pattern of their paths; null where an earlier one is taken back. */
const RULES = HEADERS.trim().split('\n\n').map((rule) => {
  const [pattern, ...lines] = rule.split('\n').map((line) => line.trim());
  /** @type {[string, string | null][]} */
  const headers = lines.map((line) => {
    const [name, value] = line.split(/: (.*)/s, 2);
    return name.startsWith('! ') ? [name.slice(2), null] : [name, value];
  });
  return { pattern, headers };
});

/**
 * The headers that _headers has for a file.
 * @param {string} name
 * @returns {Record<string, string>}
 */
function headersOf(name) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const { pattern, headers } of RULES) {
    if (pattern.endsWith('*') ? !name.startsWith(pattern.slice(0, -1)) : name !== pattern) continue;
    for (const [header, value] of headers) {
      if (value === null) delete found[header];
      else found[header] = value;
    }
  }
  return found;
}

/** A page with nothing in it, for tests that bring their own. */
export const BLANK = '/blank.html';
/** The same, isolated from other sites: it may share memory with its workers. */
export const ISOLATED = '/blank-isolated.html';
/** Workers of such a page need these headers as well. */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * What to do to a file instead of serving it: see Site.fault. `dest` is what the browser wants it
 * for (Sec-Fetch-Dest): `empty` where fetch asks. `tag` is that of the copy which the browser has.
 * @typedef {(file: {path: string, body: Buffer, times: number, dest?: string, tag?: string}) => {
 *   status?: number, type?: string, body?: Buffer, cut?: number, location?: string,
 *   cache?: string, headers?: Record<string, string>, until?: Promise<unknown>} | null} Fault
 */

/**
 * @typedef {object} Site
 * @property {string} url without a slash at the end
 * @property {string[]} served paths, in order, with repeats
 * @property {Map<string, Buffer>} added files beside those of the root, by path
 * @property {Fault | null} fault asked for every file; `cut` breaks the connection after so many
 *   bytes, `location` is where a redirect leads, `cache` how long the answer may be kept,
 *   `headers` come beside the others, `until` is waited for first
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} root
 * @param {string} [policy] content security policy; none if empty
 * @returns {Promise<Site>}
 */
export async function serve(root, policy = POLICY) {
  /** @type {Record<string, string>} */
  const policyHeader = policy ? { 'Content-Security-Policy': policy } : {};
  /** @type {Map<string, number>} */
  const times = new Map();
  /** @type {Site} */
  const site = { url: '', served: [], added: new Map(), fault: null, close: async () => {} };
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = decodeURIComponent(pathname.replace(/\/$/, '/index.html'));
    if (name === BLANK || name === ISOLATED) {
      // An icon, or the browser would ask for one and find none.
      const isolation = name === ISOLATED ? ISOLATION : {};
      response.writeHead(200, { 'Content-Type': TYPES['.html'], ...policyHeader, ...isolation })
        .end('<!doctype html><title>Blank</title><link rel="icon" href="data:,">');
      return;
    }
    const file = path.join(root, path.normalize(name));
    site.served.push(name);
    times.set(name, (times.get(name) ?? 0) + 1);
    const added = site.added.get(name);
    if (!added && (!fs.existsSync(file) || !fs.statSync(file).isFile())) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
      return;
    }
    const whole = added ?? fs.readFileSync(file);
    const {
      status = 200,
      type,
      body = whole,
      cut,
      location,
      cache = 'no-cache',
      headers = {},
      until,
    } = site.fault?.({
      path: name, body: whole, times: times.get(name) ?? 1,
      dest: request.headers['sec-fetch-dest']?.toString(),
      tag: request.headers['if-none-match'],
    }) ?? {};
    if (until) await until;
    response.writeHead(status, {
      ...(policy === POLICY ? headersOf(name) : {
        ...policyHeader,
        'X-Content-Type-Options': 'nosniff',
        // Whoever is sent here may read it.
        ...(policy ? {} : { 'Access-Control-Allow-Origin': '*' }),
      }),
      'Content-Type': type ?? TYPES[path.extname(file)] ?? 'application/octet-stream',
      'Content-Length': body.length,
      'Cache-Control': cache,
      ...(location ? { Location: location } : {}),
      ...headers,
    });
    if (cut === undefined) response.end(body);
    else response.write(body.subarray(0, cut), () => response.destroy());
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  site.url = `http://localhost:${address.port}`;
  site.close = () => new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
  return site;
}
