// What is released is gone in a browser too, where a closed port is another thing than in Node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inPage } from './harness.mjs';
import { BLANK } from './server.mjs';

test('buffers of the page and of a stream are released, at once and later', () =>
  inPage(
    async (page) => {
      const left = await page.evaluate(async () => {
        const module = '/delivery/release-buffer.js';
        /** @type {typeof import('../delivery/release-buffer.js')} */
        const { release } = await import(module);
        const sizes = [];
        for (let round = 0; round < 3; round++) {
          const own = new Uint8Array(1 << 20);
          release(own);
          sizes.push(own.buffer.byteLength);
          const reader = (await fetch('/spikechat.wasm')).body?.getReader();
          for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
            release(read.value);
            sizes.push(read.value.buffer.byteLength);
          }
          await new Promise((resolve) => {
            setTimeout(resolve, 100);
          });
        }
        return sizes;
      });
      assert.ok(left.length >= 6);
      assert.ok(
        left.every((bytes) => bytes === 0),
        left.join(),
      );
    },
    { url: BLANK },
  ));
