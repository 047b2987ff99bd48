import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeAddress, withoutPunctuation } from '../../../markdown/links.js';

test('addresses that become links', () => {
  for (const [given, whole] of [
    ['https://example.org', 'https://example.org/'],
    ['HTTP://EXAMPLE.org/a?b#c', 'http://example.org/a?b#c'],
    ['https://example.org/a_(b)', 'https://example.org/a_(b)'],
    ['mailto:a@example.org', 'mailto:a@example.org'],
  ]) assert.equal(safeAddress(given), whole);
});

test('addresses that stay text', () => {
  for (const address of [
    '', 'javascript:alert(1)', ' javascript:alert(1)', 'JAVASCRIPT:alert(1)', 'java\nscript:x',
    'data:text/html,x', 'vbscript:x', 'blob:https://a/1', 'file:///x', 'about:blank', 'ftp://a/x',
    '//example.org', '/x', 'x', '#x', 'https:example.org', 'https:/example.org', 'https://',
    'https://user@example.org', 'https://user:word@example.org', 'https://exam\u00adple.org/\u202e',
    'https://example.org/a b', `https://example.org/${'x'.repeat(2000)}`,
  ]) assert.equal(safeAddress(address), null, address);
});

test('what ends a sentence is not part of an address', () => {
  assert.equal(withoutPunctuation('https://example.org/x).'), 'https://example.org/x');
  assert.equal(withoutPunctuation('https://example.org/x/'), 'https://example.org/x/');
});
