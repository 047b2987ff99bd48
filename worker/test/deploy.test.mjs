// What is deployed: its limits, what make says, and that wrangler takes the released tree.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT } from './servers.mjs';

const RELEASE = path.join(ROOT, 'build/release');
const WRANGLER = path.join(ROOT, 'worker/node_modules/wrangler/bin/wrangler.js');
/** As on a machine that has never seen Cloudflare. */
const ENV = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^CLOUDFLARE/.test(name))),
  WRANGLER_SEND_METRICS: 'false',
  NO_COLOR: '1',
};

/** @type {string} */
let folder;
before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-deploy-')); });
after(() => fs.rmSync(folder, { recursive: true }));

/** @param {string} program @param {string[]} args @param {string} [cwd] */
function run(program, args, cwd = ROOT) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env: ENV, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

/**
 * @param {string} name
 * @param {{largest?: number, files?: number, worker?: number}} sizes
 */
function limits(name, { largest = 10, files = 1, worker = 10 }) {
  const [site, code] = ['site', 'worker'].map((part) => path.join(folder, name, part));
  fs.mkdirSync(site, { recursive: true });
  fs.mkdirSync(code);
  for (let i = 0; i < files; i++) fs.writeFileSync(path.join(site, String(i)), '');
  fs.truncateSync(path.join(site, '0'), largest);
  // Random bytes do not become smaller.
  for (let left = worker; left > 0; left -= 65536) {
    const some = crypto.getRandomValues(new Uint8Array(Math.min(left, 65536)));
    fs.appendFileSync(path.join(code, 'app.wasm'), some);
  }
  return run('tools/setup/cloudflare-limits.sh', [site, code]);
}

test('what fits is let through', () => {
  const { status, said } = limits('fits', { largest: 25 << 20, files: 20_000, worker: 1_990_000 });
  assert.equal(status, 0, said);
});

for (const [name, sizes, words] of /** @type {const} */ ([
  ['an asset that is too large', { largest: (25 << 20) + 1 }, /^make: .*0 has more than 25 MiB/m],
  ['too many assets', { files: 20_001 }, /^make: .* has 20001 files, of at most 20000/m],
  ['a Worker that is too large', { worker: 2_000_000 }, /^make: the Worker has \d+ bytes/m],
])) {
  test(`${name} is refused`, () => {
    const { status, said } = limits(name, sizes);
    assert.equal(status, 1);
    assert.match(said, words);
  });
}

test('without credentials everything is checked, and said what to set', () => {
  const { status, said } = run('tools/setup/deploy.sh', []);
  assert.equal(status, 1);
  assert.match(said, /--dry-run: exiting now/);
  assert.deepEqual(said.match(/^make: .*$/gm), [
    'make: nothing was deployed: set CLOUDFLARE_API_TOKEN, and CLOUDFLARE_ACCOUNT_ID where the ' +
      'token is of several accounts.',
  ]);
});

for (const environment of ['', 'r2']) {
  test(`wrangler takes the released tree, environment "${environment}"`, () => {
    const args = ['deploy', '--dry-run', '--env', environment];
    const { status, said } = run(process.execPath, [WRANGLER, ...args], RELEASE);
    assert.equal(status, 0, said);
    assert.match(said, /env\.ASSETS/);
    assert.equal(/env\.MODELS/.test(said), environment === 'r2', said);
    // Compressed as Cloudflare counts it.
    const [, kib] = /gzip: ([\d.]+) KiB/.exec(said) ?? [];
    assert.ok(Number(kib) > 100 && Number(kib) * 1024 < 2_000_000, said);
  });
}

test('the released tree is whole, and deploys with a script of its own', () => {
  for (const file of ['README.md', 'LICENSES.md', 'package-lock.json', 'site/index.html',
    'site/_headers', 'site/models.json', 'site/spikechat.wasm', 'worker/app.wasm'])
    assert.ok(fs.existsSync(path.join(RELEASE, file)), file);
  const { scripts, dependencies } = JSON.parse(
    fs.readFileSync(path.join(RELEASE, 'package.json'), 'utf8'),
  );
  assert.match(scripts.deploy, /^wrangler deploy/);
  assert.match(dependencies.wrangler, /^\d+\.\d+\.\d+$/);
  const readme = fs.readFileSync(path.join(RELEASE, 'README.md'), 'utf8');
  assert.match(readme, /https:\/\/deploy\.workers\.cloudflare\.com\/\?url=https:/);
});

test('the release tells the hash of its embed.v1.js', () => {
  const script = fs.readFileSync(path.join(RELEASE, 'site/embed.v1.js'));
  const hash = createHash('sha384').update(script).digest('base64');
  const readme = fs.readFileSync(path.join(RELEASE, 'README.md'), 'utf8');
  assert.deepEqual(readme.match(/integrity="[^"]*"/g), [`integrity="sha384-${hash}"`]);
  const frozen = path.join(ROOT, 'web/embed.v1.js');
  const source = fs.existsSync(frozen) ? frozen : path.join(ROOT, 'dist/embed.js');
  assert.ok(script.equals(fs.readFileSync(source)));
});
