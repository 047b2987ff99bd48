import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberOf } from '../../../chat/attributes.js';

/** @import { NumberField } from '../../../chat/attributes.js' */

test('an attribute is its number, or left out where the engine would refuse it', () => {
  for (const [
    field,
    text,
    expected,
  ] of /** @type {[NumberField, string | null, number | undefined][]} */ ([
    ['temperature', '0.35', 0.35],
    ['temperature', '0', 0],
    ['temperature', ' 2 ', 2],
    ['temperature', '2.1', undefined],
    ['temperature', '-1', undefined],
    ['temperature', '', undefined],
    ['temperature', ' ', undefined],
    ['temperature', 'warm', undefined],
    ['temperature', 'Infinity', undefined],
    ['temperature', null, undefined],
    ['max_tokens', '30', 30],
    ['max_tokens', '1.5', undefined],
    ['max_tokens', '0', undefined],
    ['max_tokens', '', undefined],
    ['max_tokens', '1e9', undefined],
    ['threads', '8', 8],
    ['threads', '9', undefined],
    ['threads', '0', undefined],
    ['threads', 'auto', undefined],
    ['seed', '0', 0],
    ['seed', '1.5', undefined],
    ['seed', '', undefined],
    ['seed', '1e300', undefined],
    ['steps', '4', 4],
    ['steps', '3', undefined],
    ['steps', '', undefined],
  ]))
    assert.equal(numberOf(text, field), expected, `${field}="${text}"`);
});
