#!/usr/bin/env bash
# Playwright's waitForFunction takes an async function of the page for true.
#
# Version:  playwright-core 1.65.1 (npm), with the Chromium of $CHROMIUM or the PATH
# Expected: waitForFunction waits until what the function gives is true, as it does for a function
#           that is not async, and as evaluate does, which awaits a promise
# Seen:     the promise itself is what is looked at, and is truthy: the wait is over at once, and
#           its result is the awaited value, false
# So what:  a wait for what a page keeps (caches.match, navigator.serviceWorker) waits for nothing,
#           and the test goes on too early on a slow machine alone
# Needs:    node, npm, Chromium
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
chromium=${CHROMIUM:-$(command -v chromium)}
cd "$dir"

echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --silent playwright-core@1.65.1
cat >run.mjs <<'END'
import { chromium } from 'playwright-core';

const browser = await chromium.launch({ executablePath: process.argv[2], args: ['--no-sandbox'] });
const page = await browser.newPage();
const said = (wait) => wait.then(
  async (handle) => `ends with ${await handle.jsonValue()}`, (error) => error.name);
const options = { timeout: 2000 };
console.log('() => false:', await said(page.waitForFunction(() => false, null, options)));
console.log('async () => false:',
  await said(page.waitForFunction(async () => false, null, options)));
console.log('evaluate(async () => false):', await page.evaluate(async () => false));
await browser.close();
END
node run.mjs "$chromium" | tee seen

diff - seen <<'END'
() => false: TimeoutError
async () => false: ends with false
evaluate(async () => false): false
END
