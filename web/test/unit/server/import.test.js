// Frameworks import on a server what they use in the browser.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

const WEB = path.resolve(import.meta.dirname, '../../..');

for (const [file, names] of /** @type {const} */ ([
  ['engine.js', [
    'DEFAULT_MODEL', 'Engine', 'SpikeError', 'createEngine', 'deleteModelInCache',
    'hasModelInCache', 'openModelFile', 'ownModels', 'rankModel',
  ]],
  ['spike-chat.js', ['SpikeChat']],
  ['spike-heatmap.js', ['SpikeHeatmap']],
])) {
  test(`${file} can be imported in Node, and leaves nothing behind`, () => {
    const script = `
      const before = Object.getOwnPropertyNames(globalThis);
      const module = await import(${JSON.stringify(path.join(WEB, file))});
      const after = Object.getOwnPropertyNames(globalThis);
      console.log(JSON.stringify([
        Object.keys(module), after.filter((name) => !before.includes(name)),
      ]));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8', timeout: 20_000,
    });
    assert.deepEqual(JSON.parse(out), [[...names], []]);
  });
}

test('what needs a browser says so', async () => {
  const { createEngine } = await import('../../../engine.js');
  await assert.rejects(createEngine({ model: 'http://localhost/m.json' }), {
    code: 'unsupported_browser',
    message: 'workers cannot be started here',
  });
});
