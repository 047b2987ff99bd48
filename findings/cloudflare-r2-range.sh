#!/usr/bin/env bash
# Cloudflare's R2 has two answers to a range that begins behind an object's end.
#
# Version:  miniflare 4.20260730.0 (npm), Cloudflare's own server for development
# Expected: get takes a range as numbers or as the request's headers, and says the same of both: an
#           error, or nothing, from which a Worker makes the status 416 that HTTP has for it
# Seen:     as numbers it throws "not satisfiable"; as headers it gives the whole object, and its
#           range is that of the whole. So it does for two ranges at once
# So what:  a Worker that hands on the request's headers and answers 206 with the range it is told
#           sends a file from its beginning to someone who asked to go on at its end. Compare with
#           the size before, or the range after
# Needs:    node, npm; Linux, macOS or Windows on which workerd runs
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --ignore-scripts --no-audit --no-fund --silent miniflare@4.20260730.0
cat >worker.mjs <<'EOF'
export default {
  async fetch(request, { BUCKET }) {
    await BUCKET.put('file', '0123456789');
    const lines = [];
    const get = async (name, range) => {
      try {
        const object = await BUCKET.get('file', { range });
        lines.push(`${name}: ${await object.text()} ${JSON.stringify(object.range)}`);
      } catch (error) {
        lines.push(`${name}: ${error.message}`);
      }
    };
    await get('offset 7', { offset: 7 });
    await get('offset 20', { offset: 20 });
    for (const range of ['bytes=7-', 'bytes=20-', 'bytes=0-0,5-6']) {
      await get(range, new Headers({ Range: range }));
    }
    return new Response(lines.join('\n'));
  },
};
EOF
cat >main.mjs <<'EOF'
import { Miniflare } from 'miniflare';

const server = new Miniflare({
  modules: true, scriptPath: 'worker.mjs', compatibilityDate: '2026-04-01', r2Buckets: ['BUCKET'],
});
console.log(await (await server.dispatchFetch('http://localhost/')).text());
await server.dispose();
EOF
node main.mjs | tee seen

diff - seen <<'EOF'
offset 7: 789 {"offset":7,"length":3}
offset 20: get: The requested range is not satisfiable (10039)
bytes=7-: 789 {"offset":7,"length":3}
bytes=20-: 0123456789 {"offset":0,"length":10}
bytes=0-0,5-6: 0123456789 {"offset":0,"length":10}
EOF
