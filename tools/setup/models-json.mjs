// models-json.mjs DIST: writes DIST/models.json, the list of the models in DIST/models: of each its
// name, the bytes of its shards, its licence, where its manifest is, and the manifest's SHA-256,
// which names every bit of the model. /api/models answers with it.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const dist = process.argv[2];
const folder = path.join(dist, 'models');

const models = fs.readdirSync(folder).sort().flatMap((name) => {
  const file = path.join(folder, name, 'manifest.json');
  if (name.startsWith('.') || !fs.existsSync(file)) return [];
  const bytes = fs.readFileSync(file);
  /** @type {{license?: string, shards: {bytes: number}[]}} */
  const { license = '', shards } = JSON.parse(bytes.toString());
  return [{
    name,
    bytes: shards.reduce((sum, shard) => sum + shard.bytes, 0),
    license,
    manifest: `models/${name}/manifest.json`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }];
});

const list = path.join(dist, 'models.json');
fs.writeFileSync(`${list}.new`, `${JSON.stringify({ models }, null, 1)}\n`);
fs.renameSync(`${list}.new`, list);
