// The tiny model as the GGUF file that it is packed of.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** @returns {Buffer} */
export function tinyGguf() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-gguf-'));
  try {
    const file = path.join(folder, 'tiny.gguf');
    execFileSync(
      'go', ['run', './tools/pack', 'tiny', '-o', path.join(folder, 'model'), '-gguf', file],
      {
        cwd: ROOT, env: { ...process.env, GOEXPERIMENT: 'simd' },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    return fs.readFileSync(file);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
