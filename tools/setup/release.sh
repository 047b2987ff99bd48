#!/bin/sh
# release.sh: build/release, a tree that deploys without Go: site, Worker, wrangler's settings and
# lock file. It appears whole. embed.v1.js never changes once it is published, because pages name
# its hash: it is web/embed.v1.js where that is there, and else what embed.js is now.
set -eu
new=build/release.new
rm -rf $new
mkdir -p $new
tools/setup/cloudflare-limits.sh dist build/worker
cp -R dist $new/site
cp -R build/worker $new/worker
[ -e $new/site/embed.v1.js ] || cp $new/site/embed.js $new/site/embed.v1.js
integrity=sha384-$(node -p "require('crypto').createHash('sha384')
  .update(require('fs').readFileSync('$new/site/embed.v1.js')).digest('base64')")
sed -e 's,"\.\./build/worker/,"worker/,' -e 's,"\.\./dist","site",' worker/wrangler.jsonc \
  >$new/wrangler.jsonc
cp worker/package.json worker/package-lock.json LICENSES.md $new/
sed "s,INTEGRITY,$integrity," worker/release.md >$new/README.md
rm -rf build/release
mv $new build/release
echo "build/release is complete"
