// The site behind the fault server: worker/ serves dist/, tools/faults stands before it. Both are
// processes of their own, so that nothing a test does holds up the line.

import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/**
 * A rule of tools/faults, whose rules.go describes each field.
 * @typedef {object} Rule
 * @property {string} path
 * @property {number} [times]
 * @property {number} [cut]
 * @property {number} [flip]
 * @property {number} [stall]
 * @property {number} [status]
 * @property {string} [retry_after]
 * @property {string} [type]
 * @property {string} [swap]
 * @property {number} [bytes_per_second]
 */

/** @typedef {{path: string, fault?: string, bytes: number}} Served */

/**
 * @typedef {object} FaultySite
 * @property {string} url without a slash at the end
 * @property {(rules: Rule[], bytesPerSecond?: number) => Promise<void>} obey rules from now on
 * @property {() => Promise<Served[]>} served what was, since the last forget
 * @property {() => Promise<void>} forget
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} dist
 * @returns {Promise<FaultySite>}
 */
export async function serveFaulty(dist) {
  const server = await build('worker', ['-root', dist, '-port', '0']);
  const site = await standBefore(server.url);
  return { ...site, close: async () => { await Promise.all([site.close(), server.end()]); } };
}

/**
 * Puts the fault server before another one.
 * @param {string} url of that
 * @returns {Promise<FaultySite>}
 */
export async function standBefore(url) {
  const proxy = await build('tools/faults', ['-to', url]);
  /** @param {string} method @param {string} what @param {unknown} [body] */
  const control = async (method, what, body) => {
    const answer = await fetch(`${proxy.url}/.faults/${what}`, {
      method, body: body === undefined ? null : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`the fault server: ${await answer.text()}`);
    return answer;
  };
  return {
    url: proxy.url,
    async obey(rules, bytesPerSecond = 0) {
      await control('PUT', 'rules', { rules, bytes_per_second: bytesPerSecond });
    },
    async served() { return (await control('GET', 'served')).json(); },
    async forget() { await control('DELETE', 'served'); },
    close: proxy.end,
  };
}

/**
 * Builds a server of ours and starts it.
 * @param {string} program its package, in a folder of this repository
 * @param {string[]} args
 */
async function build(program, args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-faults-'));
  execFileSync('go', ['build', '-o', `${folder}/`, `./${program}`], {
    cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'],
  });
  const { url, end } = await begin(path.join(folder, path.basename(program)), args);
  return {
    url,
    async end() {
      await end();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a server.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<{url: string, end: () => Promise<void>}>} the first address it says
 */
async function begin(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { child.once('exit', () => resolve(undefined)); });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/[^/ ]+/.exec(line)?.[0];
    if (!url) continue;
    child.stdout.resume();
    return { url, end: async () => { child.kill(); await ended; } };
  }
  throw new Error(`${path.basename(program)} ended before it said its address`);
}
