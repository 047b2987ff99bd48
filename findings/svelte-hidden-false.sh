#!/usr/bin/env bash
# Svelte hides a custom element of which it was told that it is not hidden.
#
# Version:  svelte 5.57.3 (npm), in the document of happy-dom 20.0.0
# Expected: hidden={false} leaves <x-chat> visible, as it does a <div>, whether the element is
#           defined when the component is mounted or later
# Seen:     where it is not defined yet, Svelte writes the attribute hidden="false", and in HTML any
#           value of that attribute hides. Defining the element later takes nothing back
# So what:  an element that is loaded after the app is never seen; hidden={x || undefined} is right
#           in both cases, and docs/bundlers.md says so
# Needs:    node, npm
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --silent svelte@5.57.3 happy-dom@20.0.0
cat >run.mjs <<'EOF'
import fs from 'node:fs';
import { Window } from 'happy-dom';
import { compile } from 'svelte/compiler';

const window = new Window();
for (const name of ['document', 'customElements', 'HTMLElement', 'Element', 'Node', 'Text',
  'Comment', 'DocumentFragment', 'HTMLMediaElement', 'navigator'])
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
globalThis.window = window;

const { mount, flushSync } = await import('svelte');
const source = (hidden) => `<div hidden={${hidden}}></div><x-chat hidden={${hidden}}></x-chat>`;
async function shown(name, hidden) {
  const { js } = compile(`<script>let no = $state(false)</script>${source(hidden)}`, {});
  fs.writeFileSync(`${name}.mjs`, js.code);
  const { default: App } = await import(`./${name}.mjs`);
  const target = document.createElement('main');
  document.body.append(target);
  mount(App, { target });
  flushSync();
  return [...target.children].map((one) => one.outerHTML.replace(/<\/.*/, '')).join(' ');
}

console.log('not defined:', await shown('early', 'no'));
console.log('not defined, or undefined:', await shown('other', 'no || undefined'));
customElements.define('x-chat', class extends HTMLElement {});
console.log('defined since:', document.querySelector('x-chat').outerHTML.replace(/<\/.*/, ''));
console.log('defined:', await shown('late', 'no'));
EOF
node --conditions browser run.mjs | tee seen

diff - seen <<'EOF'
not defined: <div> <x-chat hidden="false">
not defined, or undefined: <div> <x-chat>
defined since: <x-chat hidden="false">
defined: <div> <x-chat>
EOF
