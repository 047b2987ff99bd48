// Which models a reload stays with.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stayWith } from '../../../chat/page-address.js';

/** @param {string} from @param {string | null} model @returns {string} the page's address then */
function addressWith(from, model) {
  let href = from;
  const globals = /** @type {any} */ (globalThis);
  globals.location = { href };
  globals.history = {
    state: null,
    replaceState: (/** @type {unknown} */ _, /** @type {string} */ __, /** @type {URL} */ url) => {
      ({ href } = url);
    },
  };
  stayWith(/** @type {any} */ ({ getAttribute: () => model }));
  delete globals.location;
  delete globals.history;
  return href;
}

test('a reload stays with a model that has a name', () => {
  assert.equal(addressWith('http://a/?x=1', 'tiny'), 'http://a/?x=1&model=tiny');
  assert.equal(addressWith('http://a/', 'own:my-tiny'), 'http://a/?model=own%3Amy-tiny');
  assert.equal(addressWith('http://a/?model=tiny', 'tiny'), 'http://a/?model=tiny');
  assert.equal(addressWith('http://a/?model=tiny&x=1', null), 'http://a/?x=1');
});

test('an address that the page would refuse is never written', () => {
  for (const model of ['/models/tiny/manifest.json', 'http://b/manifest.json', '.hidden', '-x', 'own:']) {
    assert.equal(addressWith('http://a/?model=tiny', model), 'http://a/?model=tiny', model);
  }
});
