// The package that dist/ is to those who build with npm's packages: as npm packs it, with the tiny
// model in the standard one's place. It is imported by Node, checked by TypeScript, and built into
// an app by Vite and by webpack, which runs in the browser under the policy that README asks for.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { build as buildWithVite, createLogger } from 'vite';
import webpack from 'webpack';
import { DIST, inPage } from './harness.mjs';
import { serve } from './server.mjs';
import { tinyGguf } from './tiny-gguf.mjs';

/** @import { Page } from 'playwright-core' */
/** @import { Site } from './server.mjs' */

const run = promisify(execFile);
const ROOT = path.join(import.meta.dirname, '../..');
const HERE = path.join(import.meta.dirname, 'package');
const STANDARD = 'models/smollm2-135m-instruct';

// What README asks for, and an icon.
const ASKED = 'default-src \'none\'; script-src \'self\' \'wasm-unsafe-eval\'; ' +
  'worker-src \'self\'; connect-src \'self\'; style-src \'self\'; img-src data:';
const TRUSTED = 'require-trusted-types-for \'script\'; trusted-types';
/** What each build runs under: webpack's can have a policy of Trusted Types. */
const POLICIES = { vite: ASKED, webpack: `${ASKED}; ${TRUSTED} app` };

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'spikechat-'));
const app = path.join(work, 'app');
const built = path.join(work, 'built');
/** @type {Site[]} */
const sites = [];

before(async () => {
  const folder = path.join(work, 'dist');
  fs.cpSync(DIST, folder, {
    recursive: true, filter: (from) => path.relative(DIST, from) !== STANDARD,
  });
  const { stdout } = await run('npm', [
    'pack', '--json', '--ignore-scripts', '--pack-destination', work, folder,
  ]);
  const [{ filename }] = JSON.parse(stdout);
  const packed = path.join(app, 'node_modules/spikechat');
  fs.mkdirSync(packed, { recursive: true });
  await run('tar', ['xzf', path.join(work, filename), '-C', packed, '--strip-components=1']);
  fs.cpSync(path.join(HERE, 'app'), app, { recursive: true });
  fs.cpSync(path.join(packed, 'models/tiny'), path.join(app, 'public', STANDARD),
    { recursive: true });
});

after(async () => {
  await Promise.all(sites.map((site) => site.close()));
  fs.rmSync(work, { recursive: true });
});

test('Node imports what the package offers, and nothing else', async () => {
  const script = `
    const { createEngine, DEFAULT_MODEL } = await import('spikechat');
    const { SpikeChat } = await import('spikechat/spike-chat');
    const { SpikeHeatmap } = await import('spikechat/spike-heatmap');
    const refused = await import('spikechat/api/engine.js').catch(({ code }) => code);
    console.log(JSON.stringify([
      typeof createEngine, typeof DEFAULT_MODEL, SpikeChat.name, SpikeHeatmap.name, refused,
    ]));`;
  const { stdout } = await run(
    process.execPath, ['--input-type=module', '-e', script], { cwd: app });
  assert.deepEqual(JSON.parse(stdout),
    ['function', 'string', 'SpikeChat', 'SpikeHeatmap', 'ERR_PACKAGE_PATH_NOT_EXPORTED']);
});

/**
 * Runs TypeScript over programs that use the package.
 * @param {string} folder that they are copied to
 * @param {string[]} programs
 * @param {string[]} packages that are there besides
 * @returns {Promise<string>} what it finds wrong
 */
async function check(folder, programs, packages) {
  const modules = path.join(folder, 'node_modules');
  for (const name of packages) {
    fs.mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
  }
  const from = path.join(app, 'node_modules/spikechat');
  fs.cpSync(from, path.join(modules, 'spikechat'), {
    recursive: true,
    filter: (file) => fs.statSync(file).isDirectory() || /(\.d\.ts|package\.json)$/.test(file),
  });
  for (const name of [...programs, 'tsconfig.json'])
    fs.cpSync(path.join(HERE, 'types', name), path.join(folder, name));
  fs.writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  return run(process.execPath, [tsc, '-p', folder])
    .then(({ stdout }) => stdout, ({ stdout, message }) => stdout || message);
}

test('TypeScript finds right what is right, and wrong what is wrong, without any framework',
  async () => {
    assert.equal(await check(path.join(work, 'plain'), ['plain.ts'], []), '');
  });

test('the same in templates of React, Preact, Vue and Svelte', async () => {
  const programs = ['react.tsx', 'preact.tsx', 'vue.ts', 'svelte.ts'];
  const packages = ['react', '@types/react', 'preact', 'vue', 'svelte'];
  assert.equal(await check(path.join(work, 'frameworks'), programs, packages), '');
});

/** @type {Record<keyof typeof POLICIES, (out: string) => Promise<string[]>>} warnings of a build */
const BUNDLERS = {
  async vite(out) {
    /** @type {string[]} */
    const warnings = [];
    const customLogger = createLogger('warn');
    customLogger.warn = customLogger.warnOnce = (message) => warnings.push(message);
    await buildWithVite({
      root: app, configFile: false, base: './', logLevel: 'warn', customLogger,
      // A style sheet inside a script is an address that the policy does not have.
      build: {
        outDir: out, emptyOutDir: true, assetsInlineLimit: 0,
        rollupOptions: { checks: { bundlerTimings: false } },
      },
    });
    return warnings;
  },

  async webpack(out) {
    const compiler = webpack({
      mode: 'production', context: app, entry: './main.js',
      output: { path: out, trustedTypes: { policyName: 'app' } }, performance: { hints: false },
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    const { errors = [], warnings = [] } =
      stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
    fs.cpSync(path.join(app, 'public'), out, { recursive: true });
    const html = fs.readFileSync(path.join(app, 'index.html'), 'utf8');
    fs.writeFileSync(path.join(out, 'index.html'), html.replace('type="module"', 'defer'));
    return [...errors, ...warnings].map(({ message }) => message);
  },
};

/** @param {string} policy */
async function siteWith(policy) {
  const site = await serve(built, policy);
  sites.push(site);
  return site;
}

/** What the app has found. @param {Page} page @returns {Promise<any>} */
const result = async (page) => {
  await page.waitForFunction(() => 'result' in window);
  return page.evaluate(() => /** @type {any} */ (window).result);
};

/** @type {string[]} */
const answers = [];
for (const name of /** @type {const} */ (['vite', 'webpack'])) {
  test(`a build of ${name} answers`, async () => {
    assert.deepEqual(await BUNDLERS[name](path.join(built, name)), []);
    const at = await siteWith(POLICIES[name]);
    await inPage(async (page, { requests }) => {
      const { model, build, content, tokens } = await result(page);
      assert.equal(model, `${at.url}/${name}/${STANDARD}/manifest.json`);
      assert.deepEqual([build, tokens], ['relaxed', 3]);
      answers.push(content);
      // Of the package only what a bundler has put there is asked for.
      const names = requests.map((url) => new URL(url).pathname.slice(`/${name}/`.length));
      assert.deepEqual(names.filter((one) => /^(api|chat|shared|worker|package)\//.test(one)), []);

      await page.getByRole('button', { name: /^Start/ }).click();
      await page.getByRole('status').filter({ hasText: 'Ready.' }).waitFor();
      const sheets = await page.locator('spike-chat').evaluate((chat) => {
        const roots = [chat, chat.shadowRoot?.querySelector('spike-heatmap')];
        return roots.map((one) => [...one?.shadowRoot?.querySelectorAll('link') ?? []]
          .map(({ sheet }) => Boolean(sheet?.cssRules.length)));
      });
      for (const rules of sheets) assert.ok(rules.length > 0 && rules.every(Boolean), `${sheets}`);
    }, { at, url: `/${name}/index.html` });
  });
}

for (const name of /** @type {const} */ (['vite', 'webpack'])) {
  test(`a build of ${name} opens a GGUF file`, async () => {
    const at = await siteWith(POLICIES[name]);
    await inPage(async (page) => {
      await result(page);
      const { model, content, message } = await page.evaluate(async (data) => {
        const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
        return /** @type {any} */ (window).openFile(new File([bytes], 'mine.gguf'));
      }, tinyGguf().toString('base64'));
      assert.deepEqual({ model, content }, { model: 'own:mine', content: answers[0] }, message);
    }, { at, url: `/${name}/index.html` });
  });
}

test('a build of vite answers without its server where its own service worker keeps its files',
  async () => {
    const at = await siteWith(POLICIES.vite);
    const folder = path.join(built, 'vite');
    const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      !name.startsWith('models') && fs.statSync(path.join(folder, name)).isFile());
    at.added.set('/vite/sw.js', Buffer.from(`
      addEventListener('install', (event) => event.waitUntil(
        caches.open('app').then((app) => app.addAll(${JSON.stringify(files)}))));
      addEventListener('fetch', (event) => event.respondWith(
        caches.match(event.request).then((kept) => kept ?? fetch(event.request))));`));
    await inPage(async (page) => {
      const { content } = await result(page);
      await page.evaluate(async () => {
        await navigator.serviceWorker.register('sw.js');
        await navigator.serviceWorker.ready;
      });
      await at.close();
      await page.reload();
      assert.equal((await result(page)).content, content);
    }, {
      at, url: '/vite/index.html', context: { serviceWorkers: 'allow' },
      // Of what neither keeps, as the page sees it, or as it comes through the service worker.
      errors: /ERR_(CONNECTION_REFUSED|FAILED)/,
    });
  });

test('both builds give one answer', () => {
  assert.equal(answers.length, 2);
  assert.equal(answers[0], answers[1]);
});

for (const [directive, policy, words] of /** @type {const} */ ([
  [
    'worker-src', 'worker-src \'none\'',
    /^the content security policy that the page is sent with refuses it: its worker-src must /,
  ],
  [
    'trusted-types', `${TRUSTED} spikechat`,
    /^Trusted Types are required: the trusted-types directive must allow a policy named default/,
  ],
])) {
  test(`a build under ${directive} says what is against its worker`, async () => {
    const at = await siteWith(policy);
    await inPage(async (page) => {
      const { code, message } = await result(page);
      assert.equal(code, 'blocked_by_policy', message);
      assert.match(message, words);
    }, { at, url: '/vite/index.html', errors: /policy|requires|TrustedScriptURL/i });
  });
}
