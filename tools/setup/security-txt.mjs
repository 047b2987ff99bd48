// security-txt.mjs FOLDER: ends FOLDER/.well-known/security.txt with an Expires field (RFC 9116,
// 2.5.5), a year after this build. A date in the source would pass some day in every checkout that
// somebody still uses, and fail whatever test looks at it. So the field says what it is for: nobody
// has built and deployed this site for a year, and whether the contact still holds is not known.

import fs from 'node:fs';
import path from 'node:path';

/**
 * @param {string} text of the source, without Expires
 * @param {Date} built
 * @returns {string}
 */
export function withExpiry(text, built) {
  const expires = new Date(Date.UTC(
    built.getUTCFullYear() + 1, built.getUTCMonth(), built.getUTCDate()));
  return `${text.trimEnd()}\nExpires: ${expires.toISOString().replace('.000', '')}\n`;
}

if (import.meta.filename === process.argv[1]) {
  const file = path.join(process.argv[2], '.well-known/security.txt');
  fs.writeFileSync(file, withExpiry(fs.readFileSync(file, 'utf8'), new Date()));
}
