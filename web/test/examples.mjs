// The pages of web/examples on a site of their own, as somebody else's server has them: HOST is the
// product's site, which lies on another one, and the apps are built from their packages.

import fs from 'node:fs';
import path from 'node:path';
import vue from '@vitejs/plugin-vue';
import { build } from 'vite';
import { serve } from './server.mjs';

/** @import { Rollup } from 'vite' */
/** @import { Site } from './server.mjs' */

const FOLDER = path.join(import.meta.dirname, '../examples');

/**
 * Builds an app as its users do.
 * @param {string} name of a folder of web/examples
 * @returns {Promise<[string, Buffer][]>} files by their path
 */
async function buildApp(name) {
  const built = await build({
    root: path.join(FOLDER, name),
    base: './',
    configFile: false,
    logLevel: 'error',
    plugins: [
      vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.includes('-') } } }),
    ],
    build: { write: false },
  });
  const { output } = /** @type {Rollup.RollupOutput} */ (built);
  return output.map((file) => [
    `/${name}/${file.fileName}`, Buffer.from(file.type === 'chunk' ? file.code : file.source),
  ]);
}

/**
 * @param {string} product the address of embed.js without its name, and no slash
 * @param {Record<string, Record<string, string>>} headers of pages, by their path
 * @returns {Promise<Site>}
 */
export async function serveExamples(product, headers) {
  const site = await serve(FOLDER, '');
  const apps = await Promise.all(['react', 'vue'].map(buildApp));
  for (const [file, body] of apps.flat()) site.added.set(file, body);
  site.fault = ({ path: file, body }) => ({
    headers: headers[file],
    body: file.endsWith('.html')
      ? Buffer.from(body.toString().replaceAll('https://HOST', product)) : body,
  });
  return site;
}

/**
 * The built site with the tiny model in the standard one's place.
 * @param {string} dist
 * @returns {Promise<Site>} its address is of another site than that of localhost
 */
export async function serveProduct(dist) {
  const site = await serve(dist);
  site.url = site.url.replace('localhost', '127.0.0.1');
  const tiny = path.join(dist, 'models/tiny');
  for (const file of fs.readdirSync(tiny)) {
    site.added.set(
      `/models/smollm2-135m-instruct/${file}`, fs.readFileSync(path.join(tiny, file)));
  }
  return site;
}
