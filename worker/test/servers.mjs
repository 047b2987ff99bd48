// The two servers that are compared: the native one, and Cloudflare's runtime as wrangler brings it
// to a developer's machine. Both serve the built site and one store of objects, and nothing that
// they start is left.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const WRANGLER = path.join(ROOT, 'worker/node_modules/wrangler');
const CONFIG = path.join(ROOT, 'worker/wrangler.jsonc');
const TINY = path.join(ROOT, 'models/tiny');
const START_MS = 60_000;
// Nothing is asked of the network, and nothing reported.
const QUIET = { WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', NO_COLOR: '1' };

/** @typedef {{url: string, close: () => Promise<void>}} Server url without a slash at the end */

/**
 * The tiny model's manifest and shard under their hashes, as they are kept outside a deployment.
 * @returns {Map<'bin' | 'json', {name: string, bytes: Uint8Array}>}
 */
export function objects() {
  const files = fs.readdirSync(TINY).filter((name) => /\.bin$|^manifest\.json$/.test(name));
  return new Map(files.map((file) => {
    // A copy: wrangler's own transport takes no Buffer.
    const bytes = Uint8Array.from(fs.readFileSync(path.join(TINY, file)));
    const kind = file.endsWith('.bin') ? 'bin' : 'json';
    return [kind, { name: `${createHash('sha256').update(bytes).digest('hex')}.${kind}`, bytes }];
  }));
}

/** @returns {Promise<Server>} */
export async function startNative() {
  const store = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-store-'));
  for (const { name, bytes } of objects().values()) fs.writeFileSync(path.join(store, name), bytes);
  const port = await freePort();
  const program = path.join(ROOT, 'build/worker-native');
  const args = ['-root', path.join(ROOT, 'dist'), '-store', store, '-port', String(port)];
  return start(program, args, `http://127.0.0.1:${port}`, store);
}

/** @returns {Promise<Server>} */
export async function startCloudflare() {
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-wrangler-'));
  Object.assign(process.env, QUIET);
  const { getPlatformProxy } = await import(path.join(WRANGLER, 'wrangler-dist/cli.js'));
  const bindings = await getPlatformProxy({
    configPath: CONFIG,
    environment: 'r2',
    persist: { path: path.join(state, 'v3') },
  });
  try {
    for (const { name, bytes } of objects().values()) {
      await bindings.env.MODELS.put(`m/${name}`, bytes);
    }
  } finally {
    await bindings.dispose();
  }
  const port = await freePort();
  const args = [
    path.join(WRANGLER, 'bin/wrangler.js'), 'dev', '--config', CONFIG, '--env', 'r2',
    '--ip', '127.0.0.1', '--port', String(port), '--inspector-port', String(await freePort()),
    '--persist-to', state, '--log-level', 'error', '--show-interactive-dev-session', 'false',
  ];
  return start(process.execPath, args, `http://127.0.0.1:${port}`, state);
}

/**
 * Starts a server and waits until it answers.
 * @param {string} program
 * @param {string[]} args
 * @param {string} url
 * @param {string} folder removed at the end
 * @returns {Promise<Server>}
 */
async function start(program, args, url, folder) {
  // A process group of its own: wrangler starts others, which end with it.
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (/** @type {Buffer} */ text) => { said += text; });
  }
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => { child.once('close', () => resolve()); });
  const kill = () => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  process.once('exit', kill);
  const close = async () => {
    kill();
    await ended;
    process.removeListener('exit', kill);
    fs.rmSync(folder, { recursive: true, force: true });
  };
  for (const began = Date.now(); ;) {
    const up = await fetch(`${url}/api/health`).then(({ ok }) => ok, () => false);
    if (up) return { url, close };
    if (child.exitCode !== null || Date.now() - began > START_MS) {
      await close();
      throw new Error(`${path.basename(program)} ${args[0]} does not answer: ${said}`);
    }
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

/** @returns {Promise<number>} a port that nothing uses */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === 'object' ? address.port : 0));
    });
  });
}
