import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkEngineOptions } from '../../../api/request.js';
import { SpikeError } from '../../../shared/errors.js';

Object.assign(globalThis, { document: { baseURI: 'http://localhost/app/' } });

/** @param {unknown} model */
const addressOf = (model) => checkEngineOptions({ model }).model;

test('the model is an address of http or https, against the document\'s own', () => {
  for (const [model, href] of [
    ['m/manifest.json', 'http://localhost/app/m/manifest.json'],
    ['/m.json?v=1#x', 'http://localhost/m.json?v=1#x'],
    ['https://x/m.json', 'https://x/m.json'],
    [new URL('http://x/m.json'), 'http://x/m.json'],
  ]) assert.equal(addressOf(model), href);
});

test('an address that cannot be fetched is a bad request at once', () => {
  for (const [model, message] of /** @type {[string, RegExp][]} */ ([
    ['data:application/json,{}', /^model must be an address of http or https$/],
    ['blob:http://localhost/1-2', /^model must be an address of http or https$/],
    ['file:///m/manifest.json', /^model must be an address of http or https$/],
    ['javascript:1', /^model must be an address of http or https$/],
    ['about:blank', /^model must be an address of http or https$/],
    ['ftp://x/m.json', /^model must be an address of http or https$/],
    ['ws://x/m.json', /^model must be an address of http or https$/],
    ['http://user@x/m.json', /^model must be an address without user name and password$/],
    ['http://user:word@x/m.json', /^model must be an address without user name and password$/],
    ['//:word@x/m.json', /^model must be an address without user name and password$/],
    ['http://[', /^model is not an address$/],
  ])) {
    const parsed = URL.canParse(model, document.baseURI);
    for (const one of parsed ? [model, new URL(model, document.baseURI)] : [model]) {
      assert.throws(() => addressOf(one), (error) => {
        assert.ok(error instanceof SpikeError && error.code === 'bad_request');
        assert.match(error.message, message);
        return true;
      }, String(one));
    }
  }
});
