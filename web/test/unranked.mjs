// The tiny model without the rankings of its neurons, as format version 1 has it.

import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const FOLDER = '/models/unranked';
const HEADER_BYTES = 28;

/**
 * @param {string} dist the built site
 * @returns {{manifest: string, files: Map<string, Buffer>}} the manifest's path, and every file by
 *   its path
 */
export function unrankedTiny(dist) {
  const folder = path.join(dist, 'models/tiny');
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
  /** @type {Map<string, Buffer>} */
  const files = new Map();
  /** @type {{name: string, kind: string}[]} */
  const tensors = manifest.tensors;
  const kept = tensors.filter(({ kind }) => kind !== 'ranking');
  manifest.version = 1;
  manifest.tensors = kept;
  manifest.shards = manifest.shards.map(
    (/** @type {{file: string, completes?: string[]}} */ shard) => {
      const body = withoutRankings(fs.readFileSync(path.join(folder, shard.file)), tensors, kept);
      const sha256 = crypto.createHash('sha256').update(body).digest('hex');
      files.set(`${FOLDER}/${sha256}.bin`, body);
      return {
        file: `${sha256}.bin`,
        bytes: body.length,
        sha256,
        completes: shard.completes?.filter((name) => kept.some((tensor) => tensor.name === name)),
      };
    },
  );
  files.set(`${FOLDER}/manifest.json`, Buffer.from(JSON.stringify(manifest)));
  return { manifest: `${FOLDER}/manifest.json`, files };
}

/**
 * Drops the runs of rankings (FORMAT.md, "Shards") and counts the tensors of the others anew.
 * @param {Buffer} shard
 * @param {{name: string}[]} tensors
 * @param {{name: string}[]} kept
 */
function withoutRankings(shard, tensors, kept) {
  const runs = [];
  for (let at = 0; at < shard.length;) {
    const end = at + HEADER_BYTES + shard.readUInt32LE(at + 24);
    const run = Buffer.from(shard.subarray(at, end));
    const tensor = kept.indexOf(tensors[run.readUInt32LE(8)]);
    if (tensor >= 0) {
      run.writeUInt32LE(tensor, 8);
      runs.push(run);
    }
    at = end;
  }
  return Buffer.concat(runs);
}
