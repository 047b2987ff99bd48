// Builds the apps of this folder as their users do, into memory.

import vue from '@vitejs/plugin-vue';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';

/** @import { Rollup } from 'vite' */

/** Entries, by the name that a test knows them by. */
export const APPS = Object.freeze({
  react: 'react.jsx', vue: 'vue.js', preact: 'preact.jsx', svelte: 'svelte.js', plain: 'plain.js',
});

/**
 * @param {(keyof typeof APPS)[]} names
 * @param {'production' | 'development'} kind of the frameworks
 * @returns {Promise<Map<string, Buffer>>} files by their name
 */
export async function buildApps(names, kind) {
  const built = await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': JSON.stringify(kind) },
    plugins: [
      vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.includes('-') } } }),
      svelte({ configFile: false }),
    ],
    build: {
      write: false,
      rollupOptions: {
        checks: { bundlerTimings: false },
        input: Object.fromEntries(names.map((name) => [name, APPS[name]])),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  const { output } = /** @type {Rollup.RollupOutput} */ (built);
  return new Map(output.map((file) =>
    [file.fileName, Buffer.from(file.type === 'chunk' ? file.code : file.source)]));
}
