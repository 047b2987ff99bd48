// The tiny model with the low planes of its embedding in a shard each, as those of a large model
// are: a chat can begin after the first shard.

import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const FOLDER = '/models/in-shards';
const HEADER_BYTES = 28;
const TABLE = 'token_embd.weight';
export const LOW_PLANES = 4;

/**
 * @param {string} dist the built site
 * @returns {{manifest: string, late: string[], files: Map<string, Buffer>}} the paths of the
 *   manifest and of the shards with low planes, and every file by its path
 */
export function tinyInShards(dist) {
  const folder = path.join(dist, 'models/tiny');
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
  const [shard] = manifest.shards;
  const body = fs.readFileSync(path.join(folder, shard.file));
  const table = manifest.tensors.findIndex((/** @type {{name: string}} */ t) => t.name === TABLE);
  /** @type {Buffer[][]} runs by shard */
  const parts = [[]];
  for (let at = 0; at < body.length;) {
    const end = at + HEADER_BYTES + body.readUInt32LE(at + 24);
    const late = body.readUInt32LE(at + 8) === table && body.readUInt32LE(at + 12) < LOW_PLANES;
    if (late) parts.push([]);
    parts.at(-1)?.push(body.subarray(at, end));
    at = end;
  }
  const names = shard.completes.filter((/** @type {string} */ name) => name !== TABLE);
  /** @type {Map<string, Buffer>} */
  const files = new Map();
  manifest.shards = parts.map((runs, i) => {
    const data = Buffer.concat(runs);
    const sha256 = crypto.createHash('sha256').update(data).digest('hex');
    files.set(`${FOLDER}/${sha256}.bin`, data);
    const completes = i === 0 ? names : i === parts.length - 1 ? [TABLE] : undefined;
    return { file: `${sha256}.bin`, bytes: data.length, sha256, completes };
  });
  const late = [...files.keys()].slice(1);
  files.set(`${FOLDER}/manifest.json`, Buffer.from(JSON.stringify(manifest)));
  return { manifest: `${FOLDER}/manifest.json`, late, files };
}
