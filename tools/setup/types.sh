#!/bin/sh
# types.sh: TypeScript's declarations of what web/ offers, written from its comments into dist/,
# each beside its module. elements.d.ts, which is by hand, comes with the page.
set -eu
rm -rf build/types
mkdir -p build/types dist
node node_modules/typescript/bin/tsc -p tools/setup/types.json
find dist -name '*.d.ts' ! -path dist/elements.d.ts -exec rm {} +
cp -R build/types/. dist/
