// Settings of docs/hosting for other servers: nginx runs with its own, GitHub's is parsed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../../web/test/browser.mjs';
import { ask } from './calls.mjs';
import { chats } from './chats.mjs';
import { ROOT, freePort } from './servers.mjs';

/** @import { ChildProcess } from 'node:child_process' */

const HOSTING = path.join(ROOT, 'docs/hosting');
const DIST = path.join(ROOT, 'dist');
const NGINX = process.env.NGINX ?? '';

/** @type {ChildProcess} */
let nginx;
/** @type {string} */
let folder;
/** @type {string} */
let url;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-nginx-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const settings = fs.readFileSync(path.join(HOSTING, 'nginx.conf'), 'utf8');
  assert.ok(settings.includes('listen 8080;') && settings.includes('root /srv/spikechat;'));
  const server = settings.replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replace('root /srv/spikechat;', `root ${DIST};`);
  // All that Debian's own settings keep elsewhere.
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder};`);
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  fs.writeFileSync(path.join(folder, 'nginx.conf'), `${user}
    daemon off; master_process off; pid ${folder}/pid; error_log stderr warn;
    events {} http { access_log off; ${temporary.join(' ')} ${server} }`);
  // To nginx itself a variable of this name holds sockets that it is to take over.
  const { NGINX: _, ...env } = process.env;
  nginx = spawn(NGINX, ['-e', 'stderr', '-c', path.join(folder, 'nginx.conf')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const began = Date.now(); ;) {
    if (await fetch(url).then(() => true, () => false)) break;
    assert.ok(nginx.exitCode === null && Date.now() - began < 20_000, 'nginx does not answer');
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
});

after(async () => {
  if (nginx?.exitCode === null) {
    const ended = once(nginx, 'exit');
    nginx.kill('SIGKILL');
    await ended;
  }
  fs.rmSync(folder, { recursive: true });
});

test('nginx sends what _headers says, with refusals too', async () => {
  const rules = fs.readFileSync(path.join(ROOT, 'web/_headers'), 'utf8').trim().split('\n\n')
    .map((rule) => ({
      pattern: /^.*/.exec(rule)?.[0] ?? '',
      headers: [...rule.matchAll(/^ +([\w-]+): (.*)$/gm)].map(([, name, value]) => [name, value]),
    }));
  assert.ok(rules.length > 3);
  /** @param {string} target @returns {Record<string, string>} of all rules: the last one counts */
  const headersOf = (target) => Object.fromEntries(rules
    .filter(({ pattern }) => (pattern.endsWith('*')
      ? target.startsWith(pattern.slice(0, -1)) : target === pattern))
    .flatMap(({ headers }) => headers));
  for (const [method, target, status, type] of /** @type {[string, string, number, string][]} */ ([
    ['GET', '/', 200, 'text/html; charset=utf-8'],
    ['GET', '/page.js', 200, 'text/javascript; charset=utf-8'],
    ['GET', '/page.css', 200, 'text/css; charset=utf-8'],
    ['GET', '/api/engine.js', 200, 'text/javascript; charset=utf-8'],
    ['GET', '/spikechat.wasm', 200, 'application/wasm'],
    ['GET', '/models/tiny/manifest.json', 200, 'application/json'],
    ['GET', '/models/tiny/activity.json', 200, 'application/json'],
    ['GET', '/embed.js', 200, 'text/javascript; charset=utf-8'],
    ['GET', '/embed/', 200, 'text/html; charset=utf-8'],
    ['GET', '/embed/hello.js', 200, 'text/javascript; charset=utf-8'],
    ['GET', '/embed/missing', 404, 'text/html; charset=utf-8'],
    ['GET', '/missing.bin', 404, 'text/html; charset=utf-8'],
    ['GET', '/models/', 404, 'text/html; charset=utf-8'],
    ['GET', '/_headers', 404, 'text/html; charset=utf-8'],
    ['GET', '/.git/config', 404, 'text/html; charset=utf-8'],
    ['POST', '/page.js', 405, 'text/html; charset=utf-8'],
  ])) {
    const { headers, ...got } = await ask(url, { method, path: target });
    assert.equal(got.status, status, target);
    assert.equal(headers['content-type'], type, target);
    for (const [name, value] of Object.entries(headersOf(target)))
      assert.equal(headers[name.toLowerCase()], value, `${target}: ${name}`);
    if (!target.startsWith('/embed'))
      assert.equal(headers['access-control-allow-origin'], undefined, target);
  }
});

test('the page answers from nginx', async () => {
  const browser = await launch();
  try {
    await chats(browser, url, '/models/tiny/manifest.json');
  } finally {
    await browser.close();
  }
});

test('the workflow of GitHub Pages builds, and publishes what was built', async () => {
  const { parse } = await import(path.join(ROOT, 'worker/node_modules/yaml/dist/index.js'));
  const workflow = parse(fs.readFileSync(path.join(HOSTING, 'github-pages.yml'), 'utf8'));
  assert.deepEqual(workflow.permissions, { contents: 'read', pages: 'write', 'id-token': 'write' });
  /** @type {{uses?: string, run?: string, with?: {path?: string}}[]} */
  const steps = workflow.jobs.deploy.steps;
  const [build, upload, deploy] = [
    steps.findIndex(({ run }) => run === 'make build'),
    steps.findIndex(({ uses }) => uses?.startsWith('actions/upload-pages-artifact@')),
    steps.findIndex(({ uses }) => uses?.startsWith('actions/deploy-pages@')),
  ];
  assert.ok(build > 0 && build < upload && upload < deploy);
  assert.equal(steps[upload].with?.path, 'dist');
});
