#!/bin/sh
# release.sh: build/release, a tree that deploys without Go: site, Worker, wrangler's settings and
# lock file. It appears whole.
set -eu
new=build/release.new
rm -rf $new
mkdir -p $new
tools/setup/cloudflare-limits.sh dist build/worker
cp -R dist $new/site
cp -R build/worker $new/worker
sed -e 's,"\.\./build/worker/,"worker/,' -e 's,"\.\./dist","site",' worker/wrangler.jsonc \
  >$new/wrangler.jsonc
cp worker/package.json worker/package-lock.json LICENSES.md $new/
cp worker/release.md $new/README.md
rm -rf build/release
mv $new build/release
echo "build/release is complete"
