// What a test server leaves out and Cloudflare does: pages and engine come compressed, and what a
// browser still has is not sent again.

import crypto from 'node:crypto';
import path from 'node:path';
import zlib from 'node:zlib';

/** @import { Fault } from '../web/test/server.mjs' */

/** What is compressed. Shards are not: their names end in .bin for that. */
const KINDS = new Set(['.html', '.js', '.css', '.json', '.wasm']);
/** As quick as a server that compresses while it sends. */
const QUALITY = { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 };

/** @returns {Fault} for a site of web/test/server.mjs */
export function asDeployed() {
  /** @type {Map<string, {body: Buffer, headers: Record<string, string>}>} by path */
  const files = new Map();
  return ({ path: name, body, tag }) => {
    const file = files.get(name) ?? prepared(name, body);
    files.set(name, file);
    return tag === file.headers.ETag ? { ...file, status: 304, body: Buffer.alloc(0) } : file;
  };
}

/**
 * @param {string} name
 * @param {Buffer} body
 * @returns {{body: Buffer, headers: Record<string, string>}}
 */
function prepared(name, body) {
  const tag = `"${crypto.createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
  if (!KINDS.has(path.extname(name))) return { body, headers: { ETag: tag } };
  return {
    body: zlib.brotliCompressSync(body, { params: QUALITY }),
    headers: { 'Content-Encoding': 'br', ETag: `W/${tag}` },
  };
}
