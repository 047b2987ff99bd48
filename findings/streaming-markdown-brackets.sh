#!/usr/bin/env bash
# streaming-markdown: a word in brackets is a link to nowhere, and its brackets are gone.
#
# Version:  npm streaming-markdown 0.2.15, Node.js 20
# Expected: a[0] is text as it was written, as CommonMark has it where nothing defines [0]; and
#           a link has an address, told with set_attr
# Seen:     a LINK token opens at "[" and closes at "]" with no address, then or later; the text
#           that is shown is a0. A streamed "[" cannot be taken back, so the parser decides early
# So what:  indexes and citations of an answer lose their brackets; a renderer that makes the
#           element at once leaves links without an address in the page
# Needs:    node, npm
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund streaming-markdown@0.2.15

cat >show.mjs <<'EOS'
import { LINK, PARAGRAPH, parser, parser_end, parser_write } from 'streaming-markdown';

const names = { [LINK]: 'link', [PARAGRAPH]: 'paragraph' };
for (const text of ['a[0] = 1', 'as shown [12].', 'a[i][j]', 'the [name](http://x/)']) {
  let seen = '';
  const p = parser({
    data: null,
    add_token: (_, token) => { seen += `<${names[token]}>`; },
    end_token: () => { seen += '</>'; },
    add_text: (_, piece) => { seen += piece; },
    set_attr: (_, name, value) => { seen += `{${value}}`; },
  });
  parser_write(p, text);
  parser_end(p);
  console.log(`${text}: ${seen}`);
}
EOS
node show.mjs | tee seen

diff - seen <<'EOS'
a[0] = 1: <paragraph>a<link>0</> = 1
as shown [12].: <paragraph>as shown <link>12</>.
a[i][j]: <paragraph>a<link>i</><link>j</>
the [name](http://x/): <paragraph>the <link>name{http://x/}</>
EOS
