// A GGUF file of the reader's becomes a model in the page, and stands on the shelf beside those of
// the site: it chats without network, can be ranked, and is gone when it is deleted.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { inPage, noWorkers, site, until, withEngine } from './harness.mjs';
import { loaded, stream } from './in-page.mjs';
import { tinyGguf } from './tiny-gguf.mjs';

/** @import { Page } from 'playwright-core' */

/** @type {Buffer} */
let gguf;
before(() => { gguf = tinyGguf(); });

const NAME = 'My Tiny.Q8_0.gguf';
const OWN = 'own:my-tiny';

/** @param {Page} page @param {RegExp} text of the status line */
const status = (page, text) =>
  page.getByRole('status').filter({ hasText: text }).waitFor({ timeout: 60_000 });

/** Chooses a file by the picker. @param {Page} page @param {Buffer} file @param {string} [name] */
async function choose(page, file, name = NAME) {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.locator('.loader').getByRole('button', { name: 'Open a GGUF file' }).click(),
  ]);
  await chooser.setFiles({ name, mimeType: '', buffer: file });
}

/** Drops a file on the chat. @param {Page} page @param {Buffer} file @param {string} [name] */
async function drop(page, file, name = NAME) {
  const transfer = await page.evaluateHandle(([data, called]) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const made = new DataTransfer();
    made.items.add(new File([bytes], called));
    return made;
  }, [file.toString('base64'), name]);
  const over = page.getByRole('log');
  // It is said again and again, as long as the file is held there.
  for (const end = Date.now() + 10_000; await page.locator('.app.dropping').count() === 0;) {
    assert.ok(Date.now() < end, 'nothing shows that the file will be taken');
    await over.dispatchEvent('dragover', { dataTransfer: transfer });
  }
  await over.dispatchEvent('drop', { dataTransfer: transfer });
  assert.equal(await page.locator('.app.dropping').count(), 0);
}

/** @param {Page} page */
async function openShelf(page) {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByText('Models', { exact: true }).click();
  await page.locator('[data-model]').first().waitFor();
}

/** Paths in the store. @param {Page} page @returns {Promise<string[]>} */
const kept = (page) => page.evaluate(async () => {
  const cache = await caches.open('spikechat-shards-v1');
  return (await cache.keys()).map(({ url }) => decodeURIComponent(new URL(url).pathname));
});

/** The first answer's words. @param {Page} page @param {string} question */
async function answer(page, question) {
  await page.getByRole('textbox', { name: 'Your message' }).fill(question);
  await page.getByRole('button', { name: 'Send' }).click();
  await status(page, /^Done/);
  return page.locator('.message.model').last().innerText();
}

test('a file that is dropped becomes a model, and answers as the same model of the site does', () =>
  inPage(async (page, { requests }) => {
    await page.getByRole('button', { name: /^Download/ }).waitFor();
    assert.ok(!requests.some((url) => /\/(packing|shelf)\//.test(url)),
      'fetched before it was wanted');
    await drop(page, gguf);
    await status(page, /^Ready/);
    await noCard(page);
    assert.equal(new URL(page.url()).searchParams.get('model'), OWN);
    assert.ok(!requests.some((url) => url.includes('/models/tiny')), 'the site was asked for it');
    const request = {
      messages: [{ role: /** @type {const} */ ('user'), content: 'Hello.' }], temperature: 0,
      max_tokens: 12, preset: /** @type {const} */ ('best'),
    };
    const own = await loaded(page, { model: OWN, useCache: false });
    assert.deepEqual(own.info.presets, ['best']);
    assert.equal(own.info.name, 'my-tiny');
    const said = await stream(page, request);
    await loaded(page, { model: 'tiny' });
    const want = await stream(page, request);
    assert.equal(said.text, want.text);
    assert.deepEqual(said.spikes, want.spikes);
  }));

/** @param {Page} page */
const noCard = (page) => page.locator('.loader.work').waitFor({ state: 'hidden' });

test('it chats after a reload without network, is listed with its size, and can be deleted', () =>
  inPage(async (page) => {
    await choose(page, gguf);
    await status(page, /^Ready/);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller);
    await page.context().setOffline(true);
    await page.reload();
    await page.locator('.loader .primary').click();
    await status(page, /^Ready/);
    assert.notEqual(await answer(page, 'Hello.'), '');
    await page.context().setOffline(false);

    await openShelf(page);
    const item = page.locator(`[data-model="${OWN}"]`);
    assert.match(await item.innerText(), /my-tiny\s+from your file · in use\s+0\.2 MB · cc0-1\.0/);
    assert.match(await page.locator('[data-model="tiny"]').innerText(), /0\.2 MB · cc0-1\.0/);
    await item.getByRole('button', { name: 'Delete my-tiny' }).click();
    await item.getByRole('button', { name: /^Really delete/ }).click();
    await status(page, /deleted from this browser/);
    assert.equal(await item.count(), 0);
    await noWorkers(page);
    assert.deepEqual((await kept(page)).filter((path) => !path.includes('/models/')), []);
    assert.equal(await page.locator('spike-chat').getAttribute('model'), null);
  }, { context: { serviceWorkers: 'allow' }, errors: /Failed to (load|fetch)/ }));

test('what cannot be used is refused by name before anything of it is kept', () =>
  inPage(async (page) => {
    const text = gguf.toString('latin1');
    const other = Buffer.from(text.replace('general.architecture\x08\0\0\0\x05\0\0\0\0\0\0\0llama',
      'general.architecture\x08\0\0\0\x05\0\0\0\0\0\0\0mamba'), 'latin1');
    // One of the two engines takes the empty text for false.
    const unlike = Buffer.from(text.replace('You are a tiny model with random weights',
      '\' ~    (\'A\' if \'\' == false else \'B\') ~ \''), 'latin1');
    for (const changed of [other, unlike]) {
      assert.notDeepEqual(changed, gguf);
      assert.equal(changed.length, gguf.length);
    }
    for (const [file, title, reason] of /** @type {[Buffer, RegExp, RegExp][]} */ ([
      [Buffer.from('not a model'), /The model is not valid/, /model_invalid: .*neither a GGUF/],
      [gguf.subarray(0, 100_000), /The model is not valid/, /model_invalid: /],
      [other, /This file cannot be used/, /model_unsupported: .*architecture "mamba"/],
      [unlike, /This file cannot be used/,
        /model_unsupported: .*chat_template: .*two engines read it differently: .*A.*B|B.*A/],
    ])) {
      await drop(page, file);
      const card = page.locator('.loader.work.failed');
      await card.filter({ hasText: title }).waitFor({ timeout: 30_000 });
      assert.match(await card.innerText(), reason);
      await status(page, title);
      assert.deepEqual(await kept(page), []);
      assert.ok(await card.getByRole('button', { name: 'Choose another file' })
        .evaluate((button) => button.matches(':focus')), 'the focus is on what comes next');
      await card.getByRole('button', { name: 'Close' }).click();
    }
    await noWorkers(page);
    await page.getByRole('button', { name: /^Download/ }).waitFor();
  }));

test('packing can be cancelled, and leaves nothing behind', () => inPage(async (page) => {
  await page.route('**/packing/packer.wasm', async (route) => {
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
    await route.continue().catch(() => {});
  });
  await choose(page, gguf);
  const cancel = page.getByRole('button', { name: 'Cancel' });
  await cancel.waitFor();
  assert.ok(await cancel.evaluate((button) => button.matches(':focus')), 'the focus is lost');
  const offer = page.getByRole('button', { name: /^Download/ });
  assert.ok(!await offer.isVisible(), 'another is offered');
  await cancel.click();
  await status(page, /^Cancelled/);
  await offer.waitFor();
  await noCard(page);
  await noWorkers(page);
  assert.deepEqual(await kept(page), []);
}));

test('neurons are ranked when the reader says so, and all qualities can be chosen then', () =>
  inPage(async (page) => {
    await choose(page, gguf);
    await status(page, /^Ready/);
    await openShelf(page);
    const balanced = page.getByRole('radio', { name: 'Balanced' });
    assert.ok(await balanced.isDisabled());
    await page.getByRole('button', { name: /^Rank neurons.*my-tiny/ }).click();
    await status(page, /^(The neurons of my-tiny are ranked|Ready)/);
    await page.getByRole('radio', { name: 'Balanced', disabled: false }).waitFor();
    await noCard(page);
    await page.getByRole('button', { name: /^Rank neurons/ }).waitFor({ state: 'detached' });
    const { info } = await loaded(page, { model: OWN });
    assert.deepEqual(info.presets, ['best', 'balanced', 'fewest']);
  }));

test('a model of the site is chosen from the shelf by its name', () => inPage(async (page) => {
  await page.getByRole('button', { name: /^Download/ }).waitFor();
  await openShelf(page);
  await page.getByRole('button', { name: 'Use tiny' }).click();
  await page.locator('.loader-title').filter({ hasText: 'tiny' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.loader .primary').click();
  await status(page, /^Ready/);
  assert.equal(new URL(page.url()).searchParams.get('model'), 'tiny');
}));

test('what a tab left unfinished is removed when the next file is opened', () =>
  inPage(async (page) => {
    await page.evaluate(async () => {
      const cache = await caches.open('spikechat-shards-v1');
      const list = encodeURIComponent('https://own.invalid/left/manifest.json');
      const hash = '0'.repeat(64);
      await cache.put(`/spikechat-manifest/${list}`, Response.json([hash]));
      await cache.put(`/spikechat-shard/${hash}`, new Response('left'));
    });
    await choose(page, gguf);
    await status(page, /^Ready/);
    assert.ok(!(await kept(page)).some((path) => /left|000000/.test(path)));
  }));


test('a model that is deleted while it is ranked does not come back without its weights', () =>
  inPage(async (page) => {
    const { code, own } = await page.evaluate(async (data) => {
      const module = '/engine.js';
      /** @type {typeof import('../engine.js')} */
      const { deleteModelInCache, openModelFile, ownModels, rankModel } = await import(module);
      const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
      const name = await openModelFile(new File([bytes], 'tiny.gguf'));
      /** @type {Promise<unknown> | null} */
      let gone = null;
      const error = await rankModel(name, {
        onprogress: ({ phase }) => {
          if (phase === 'rank') gone ??= deleteModelInCache(name);
        },
      }).then(() => null, (/** @type {{code: string}} */ failed) => failed);
      await gone;
      return { code: error?.code ?? null, own: await ownModels() };
    }, gguf.toString('base64'));
    assert.deepEqual({ code, own }, { code: 'shard_corrupt', own: [] });
  }));

/** @param {Page} page that has a service worker then, and everything it keeps */
async function isKept(page) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
}

test('a file is opened on a second visit as on the first, and without network from then on', () =>
  inPage(async (page) => {
    await choose(page, gguf);
    await status(page, /^Ready/);
    await isKept(page);
    // What packs came before the page had a service worker.
    await until(page, async () => (await caches.match(
      new URL('packing/packer.wasm', location.href), { ignoreSearch: true })) !== undefined);
    const context = page.context();
    const { origin } = new URL(page.url());
    await page.close();
    for (const [offline, name] of /** @type {[boolean, string][]} */ (
      [[false, 'second'], [true, 'third']])) {
      await context.setOffline(offline);
      const next = await context.newPage();
      await next.goto(origin);
      await next.locator('.loader .primary').waitFor();
      // Without network no place is kept for a recording that cannot come.
      if (offline)
        assert.equal((await next.locator('.recorded-place').boundingBox())?.height, 0);
      await choose(next, gguf, `${name}.gguf`);
      await status(next, /^Ready/);
      await next.close();
    }
  }, { context: { serviceWorkers: 'allow' }, errors: /Failed to (load|fetch)/ }));

test('what packs a file has to come once over the network, and the page says so', () =>
  inPage(async (page) => {
    await page.locator('.loader .primary').click();
    await status(page, /^Ready/);
    await isKept(page);
    await page.context().setOffline(true);
    await page.reload();
    await page.locator('.loader .primary').waitFor();
    await drop(page, gguf);
    const card = page.locator('.loader.work.failed');
    await card.filter({ hasText: 'The network is away' }).waitFor();
    assert.match(await card.innerText(), /comes over the network once.*\(offline: /);
    assert.ok(!await card.getByText('engine', { exact: false }).count());
    assert.deepEqual(await kept(page).then((all) => all.filter((path) => /own/.test(path))), []);
    await page.context().setOffline(false);
    await card.getByRole('button', { name: 'Close' }).click();
    await choose(page, gguf);
    await status(page, /^Ready/);
    assert.equal(new URL(page.url()).searchParams.get('model'), OWN);
  }, { url: '/?model=tiny', context: { serviceWorkers: 'allow' },
    errors: /Failed to (load|fetch)|net::ERR/ }));

test('what reads chat templates is missed by name as well', () => inPage(async (page) => {
  await page.route('**/vendor/jinja.js', (route) => route.abort());
  await choose(page, gguf);
  const card = page.locator('.loader.work.failed');
  await card.filter({ hasText: 'The network is away' }).waitFor();
  assert.match(await card.innerText(), /comes over the network once/);
}, { errors: /Failed to (load|fetch)|net::ERR/ }));

test('of a model that was made of a file and is not here the file is asked for', () =>
  inPage(async (page) => {
    const card = page.locator('.loader').filter({ hasText: 'There is no model of this name' });
    await card.waitFor();
    assert.match(await card.innerText(), /This browser has no such model/);
    assert.equal(await card.getByRole('button').count(), 1);
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'), page.locator('.loader .primary').click()]);
    await chooser.setFiles({ name: NAME, mimeType: '', buffer: gguf });
    await status(page, /^Ready/);
    // One of which a part is lost can be had of its file alone as well.
    await page.evaluate(async () => {
      const cache = await caches.open('spikechat-shards-v1');
      const shard = (await cache.keys()).find(({ url }) => url.includes('/spikechat-shard/'));
      if (shard) await cache.delete(shard);
    });
    await page.reload();
    await card.waitFor();
    assert.equal(await page.locator('.loader .primary').innerText(), 'Open a GGUF file…');
    // So does a program that asks for it.
    await page.evaluate(() => document.querySelector('spike-chat')?.start());
    await page.locator('.loader.failed').filter({ hasText: 'no such model' }).waitFor();
    assert.equal(await page.locator('.loader .primary').innerText(), 'Open a GGUF file…');
  }, { url: '/?model=own:nothing' }));

test('the shelf says what is loaded and what is only chosen, and what tiny is', () =>
  inPage(async (page) => {
    await page.getByRole('button', { name: /^Download/ }).waitFor();
    await openShelf(page);
    const tiny = page.locator('[data-model="tiny"]');
    assert.match(await tiny.innerText(), /chosen, not loaded[^]*its weights are random/);
    assert.doesNotMatch(await page.locator('.settings').innerText(), /in use/);
    assert.match(await page.locator('.settings').innerText(), /GGUF is the file format/);
    await page.keyboard.press('Escape');
    await page.locator('.loader .primary').click();
    await status(page, /^Ready/);
    await page.getByRole('button', { name: 'Settings' }).click();
    await tiny.filter({ hasText: 'in use' }).waitFor();
  }, { url: '/?model=tiny' }));

test('a program hears which model is not there, and where it was looked for', () =>
  withEngine(async (page) => {
    const of = (/** @type {string} */ model) => page.evaluate(async (name) => {
      const module = '/engine.js';
      /** @type {typeof import('../engine.js')} */
      const { createEngine } = await import(module);
      return createEngine({ model: name }).then(() => null, (error) => error.message);
    }, model);
    const at = `${new URL(page.url()).origin}/models/smollm/manifest.json`;
    assert.equal(await of('smollm'), `no model "smollm" (status 404) at ${at}`);
    assert.equal(await of('own:mine'), 'this browser has no model "own:mine" of a file');
  }, { errors: /404/ }));

/** A disk that takes a while for each shard of a file that is packed. */
function slowDisk() {
  const slow = 'const { put } = Cache.prototype;'
    + 'Cache.prototype.put = async function (at, of) {'
    + 'const bytes = await of.arrayBuffer();'
    + 'if (at.includes("shard/")) {'
    + 'new BroadcastChannel("test").postMessage("writing");'
    + 'await new Promise((end) => setTimeout(end, 1000)); }'
    + 'return put.call(this, at, new Response(bytes)); };\n';
  site.fault = ({ path, body }) => (path.endsWith('/packing/worker.js')
    ? { body: Buffer.concat([Buffer.from(slow), body]) } : null);
}

/**
 * Opens a file by the API, which is called `tiny.gguf`.
 * @param {Page} page
 * @param {Buffer} file
 * @param {'cancel' | 'keep'} [then] cancel: as soon as another tab writes
 */
const openFile = (page, file, then = 'keep') => page.evaluate(async ([data, what]) => {
  const module = '/engine.js';
  /** @type {typeof import('../engine.js')} */
  const { openModelFile } = await import(module);
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const abort = new AbortController();
  let writing = 0;
  // Its own worker is heard as well.
  new BroadcastChannel('test').onmessage = () => {
    if (++writing === 2 && what === 'cancel') abort.abort();
  };
  return openModelFile(new File([bytes], 'tiny.gguf'), { signal: abort.signal })
    .catch((/** @type {{code: string, message: string}} */ { code, message }) =>
      (code === 'aborted' ? code : message));
}, /** @type {const} */ ([file.toString('base64'), then]));

/** @param {Page} page @returns {Promise<Page>} of the same browser */
async function nextTab(page) {
  const other = await page.context().newPage();
  await other.goto(page.url());
  return other;
}

test('two tabs that pack different files of one name at once keep both', () =>
  inPage(async (page) => {
    const other = await nextTab(page);
    const changed = Buffer.from(gguf);
    // A weight of the last tensor.
    changed[changed.length - 1] ^= 1;
    slowDisk();
    const names = await Promise.all([openFile(page, gguf), openFile(other, changed)]);
    assert.deepEqual(names.toSorted(), ['own:tiny', 'own:tiny-2']);
    site.fault = null;
    for (const model of names) await loaded(page, { model });
  }));

test('who cancels a file leaves the work of a tab that packs the same one', () =>
  inPage(async (page) => {
    const other = await nextTab(page);
    slowDisk();
    const ends = await Promise.all([openFile(page, gguf, 'cancel'), openFile(other, gguf)]);
    assert.deepEqual(ends, ['aborted', 'own:tiny']);
    site.fault = null;
    await loaded(page, { model: 'own:tiny' });
  }));

/**
 * The tiny model's file with another chat template.
 * @param {string} template
 */
function withTemplate(template) {
  const key = Buffer.from('tokenizer.chat_template\x08\0\0\0');
  const at = gguf.indexOf(key) + key.length;
  const bytes = Number(gguf.readBigUInt64LE(at));
  // What lies behind it stays aligned.
  let text = Buffer.from(template);
  const padding = (bytes - text.length) % 32;
  text = Buffer.concat([text, Buffer.alloc(padding < 0 ? padding + 32 : padding, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([
    gguf.subarray(0, at), length, text, gguf.subarray(at + 8 + bytes)]);
}

test('a template that never ends is refused after a while, and shows what is being done', () =>
  inPage(async (page) => {
    // The engine that has fuel takes the empty text for no false.
    const loops = [...'abc'].map((name) => `{% for ${name} in range(99999) %}`).join('');
    const endless = `{% if '' == false %}${loops}${'{% endfor %}'.repeat(3)}{% endif %}{{ 'x' }}`
      + '{% for m in messages %}{{ m.content }}{% endfor %}';
    await drop(page, withTemplate(endless));
    const card = page.locator('.loader.work');
    await card.getByText('Reading its chat template').waitFor({ timeout: 30_000 });
    const failed = page.locator('.loader.work.failed');
    await failed.waitFor({ timeout: 60_000 });
    assert.match(await failed.innerText(),
      /model_unsupported: tokenizer\.chat_template: executing it takes more than 20 s/);
    await noWorkers(page);
    assert.deepEqual(await kept(page), []);
  }));
