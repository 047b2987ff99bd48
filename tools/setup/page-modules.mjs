// page-modules.mjs LIST: writes the modules of the page that LIST names into dist/, without their
// comments, which are a third of what a visitor would download of them. Names and lines stay, so
// that people can read what their browser runs. embed.js, which lies in the pages of others, is
// made as small as it gets.

import fs from 'node:fs';
import path from 'node:path';
import { minify } from 'terser';

/** @type {import('terser').MinifyOptions} */
const READABLE = {
  module: true, compress: false, mangle: false,
  format: { comments: false, beautify: true, indent_level: 1 },
};
/** @type {import('terser').MinifyOptions} */
const SMALL = { module: true, compress: { passes: 3 }, mangle: true, ecma: 2022 };

for (const file of fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
  const source = fs.readFileSync(`web/${file}`, 'utf8');
  const { code } = await minify({ [file]: source }, file === 'embed.js' ? SMALL : READABLE);
  fs.mkdirSync(path.dirname(`dist/${file}`), { recursive: true });
  fs.writeFileSync(`dist/${file}`, `${code}\n`);
}
