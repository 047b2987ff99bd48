import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { withExpiry } from '../../../../tools/setup/security-txt.mjs';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const SOURCE = fs.readFileSync(path.join(ROOT, 'web/.well-known/security.txt'), 'utf8');

/** @param {string} text @returns {[string, string][]} name and value, by RFC 9116, 2.3 and 4 */
const fieldsOf = (text) => text.trimEnd().split('\n').filter((line) => !line.startsWith('#'))
  .map((line) => {
    const [, name, value] = /^([A-Za-z][A-Za-z-]*): (\S.*)$/.exec(line) ?? [];
    assert.ok(name, `no field: ${line}`);
    return [name.toLowerCase(), value];
  });

test('security.txt has the fields of RFC 9116, and expires a year after its build', () => {
  for (const [built, expires] of [
    ['2026-11-29T22:31:07.123Z', '2027-11-29T00:00:00Z'],
    ['2028-02-29T00:00:00Z', '2029-03-01T00:00:00Z'],
    ['2026-12-31T23:59:59Z', '2027-12-31T00:00:00Z'],
  ]) {
    const text = withExpiry(SOURCE, new Date(built));
    const fields = fieldsOf(text);
    const names = fields.map(([name]) => name);
    assert.deepEqual(names, ['contact', 'preferred-languages', 'expires']);
    assert.equal(fields[2][1], expires);
    const days = (Date.parse(expires) - Date.parse(built)) / 86_400_000;
    assert.ok(days > 364 && days <= 366, `${days} days`);
    assert.ok(text.endsWith('Z\n'));
  }
});

test('its contact is that of the module', () => {
  const [, module] = /^module (\S+)$/m.exec(fs.readFileSync(path.join(ROOT, 'go.mod'), 'utf8'))
    ?? [];
  const [[, contact]] = fieldsOf(SOURCE);
  assert.equal(contact, `https://${module}/security/advisories/new`);
  assert.doesNotMatch(SOURCE, /^Expires/im, 'the build writes it');
});
