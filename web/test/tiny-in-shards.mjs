// The tiny model with the last rows of its embedding's upper planes in a shard, and each low plane
// in another, as those of a large model are: a chat can begin after the first shard.

import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const FOLDER = '/models/in-shards';
const HEADER_BYTES = 28;
const TABLE = 'token_embd.weight';
const LOW_PLANES = 4;
/** The marks of so small a model (core.EarlyRows): the first that has all bytes. */
const FIRST_ROWS = 272;
const TILE_ROWS = 16;
const GROUP_COLUMNS = 32;

/** What has come of the embedding after the first shard, after the second, and in the end. */
export const FEW = { planes: 8 - LOW_PLANES, of: 8, rows: FIRST_ROWS, of_rows: 325 };
export const MORE = { ...FEW, rows: FEW.of_rows };
export const ALL = { ...MORE, planes: FEW.of };

/**
 * @param {string} dist the built site
 * @returns {{manifest: string, late: string[], files: Map<string, Buffer>}} the paths of the
 *   manifest and of the late shards, and every file by its path
 */
export function tinyInShards(dist) {
  const folder = path.join(dist, 'models/tiny');
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
  const [shard] = manifest.shards;
  const body = fs.readFileSync(path.join(folder, shard.file));
  const table = manifest.tensors.findIndex((/** @type {{name: string}} */ t) => t.name === TABLE);
  const { cols } = manifest.tensors[table];
  const firstBlocks = (FIRST_ROWS / TILE_ROWS) * (cols / GROUP_COLUMNS);
  /** @type {Buffer[][]} runs by shard */
  const parts = [[]];
  for (let at = 0; at < body.length;) {
    const end = at + HEADER_BYTES + body.readUInt32LE(at + 24);
    const ofTable = body.readUInt32LE(at + 8) === table;
    const low = ofTable && body.readUInt32LE(at + 12) < LOW_PLANES;
    const last = ofTable && body.readUInt32LE(at + 16) >= firstBlocks;
    if (low || (last && parts.length === 1)) parts.push([]);
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
