#!/usr/bin/env bash
# Cloudflare's asset server answers a request for a part of a file with the whole file.
#
# Version:  miniflare 4.20260730.0 (npm), Cloudflare's own server for development, with its
#           asset Worker
# Expected: what static servers do since HTTP/1.1: 206 and the bytes asked for
# Seen:     Range is not looked at: 200, all bytes, and no Accept-Ranges that could be asked first
# So what:  a download that broke off starts again at its first byte, and readers of a few tensors
#           from a large file fetch all of it; cut models into files beforehand
# Needs:    node, npm; Linux, macOS or Windows on which workerd runs
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --ignore-scripts --no-audit --no-fund --silent miniflare@4.20260730.0
mkdir assets
printf 0123456789 >assets/file.bin
cat >main.mjs <<'EOF'
import { Miniflare } from 'miniflare';

const server = new Miniflare({
  modules: true,
  script: 'export default { fetch: (request, env) => env.ASSETS.fetch(request) }',
  compatibilityDate: '2026-04-01',
  assets: { directory: 'assets', binding: 'ASSETS' },
});
for (const range of ['bytes=2-4', 'bytes=-1', 'bytes=5-']) {
  const answer = await server.dispatchFetch('http://localhost/file.bin', { headers: { range } });
  const text = await answer.text();
  console.log(range, answer.status, text, answer.headers.get('Accept-Ranges'));
}
await server.dispose();
EOF
node main.mjs | tee seen

diff - seen <<'EOF'
bytes=2-4 200 0123456789 null
bytes=-1 200 0123456789 null
bytes=5- 200 0123456789 null
EOF
