// The chat lies in a frame whose sandbox lets no form be submitted.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const CHAT = path.resolve(import.meta.dirname, '../../../chat');

test('nothing of the chat is a form, and no button submits one', () => {
  const files = fs.readdirSync(CHAT).filter((name) => name.endsWith('.js'));
  assert.ok(files.length > 10);
  for (const file of files) {
    const text = fs.readFileSync(path.join(CHAT, file), 'utf8');
    assert.doesNotMatch(text, /'form'|'submit'|onsubmit/, file);
    // Without a type a button submits.
    for (const [, given] of text.matchAll(/h\(\s*'button',\s*\{([^}]*)/g))
      assert.match(given, /type: 'button'/, `${file}: ${given}`);
  }
});
