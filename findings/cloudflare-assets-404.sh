#!/usr/bin/env bash
# Cloudflare's asset server tells browsers to keep "not found" for a year.
#
# Version:  miniflare 4.20260730.0 (npm), Cloudflare's own server for development, with its
#           asset Worker
# Expected: a rule of _headers with "Cache-Control: immutable", meant for files whose names are
#           hashes, goes with those files; a 404 says nothing or no-cache
# Seen:     the rule goes with whatever the address gets: 404 pages and 405 too
# So what:  a browser that asks for a new file a moment before it is there has the 404 for a year,
#           and reloading the page does not ask again; a loader must repeat a failed request with
#           cache: 'reload'
# Needs:    node, npm; Linux, macOS or Windows on which workerd runs
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --ignore-scripts --no-audit --no-fund --silent miniflare@4.20260730.0
mkdir -p assets/files
echo content >assets/files/present.bin
cat >assets/_headers <<'EOF'
/files/*.bin
  Cache-Control: public, max-age=31536000, immutable
EOF
cat >main.mjs <<'EOF'
import { Miniflare } from 'miniflare';

const server = new Miniflare({
  modules: true,
  script: 'export default { fetch: (request, env) => env.ASSETS.fetch(request) }',
  compatibilityDate: '2026-04-01',
  assets: { directory: 'assets', binding: 'ASSETS' },
});
for (const [method, path] of [['GET', '/files/present.bin'], ['GET', '/files/missing.bin'],
  ['POST', '/files/present.bin'], ['GET', '/missing.bin']]) {
  const answer = await server.dispatchFetch(`http://localhost${path}`, { method });
  await answer.arrayBuffer();
  console.log(method, path, answer.status, answer.headers.get('Cache-Control'));
}
await server.dispose();
EOF
node main.mjs | tee seen

diff - seen <<'EOF'
GET /files/present.bin 200 public, max-age=31536000, immutable
GET /files/missing.bin 404 public, max-age=31536000, immutable
POST /files/present.bin 405 public, max-age=31536000, immutable
GET /missing.bin 404 null
EOF
