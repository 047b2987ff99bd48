#!/usr/bin/env bash
# The streaming decoder of Hugging Face's tokenizers never gives a replacement character at the end.
#
# Version:  tokenizers 0.23.3 (Python)
# Expected: the pieces of DecodeStream, put together, are what decode gives for the same tokens
# Seen:     U+FFFD is a character like any other and texts have it, but the stream takes it for
#           the sign of an incomplete one and waits for more. It comes with the next token; at
#           the end of a text there is none, and nothing to call that says the text is over
# So what:  a page that shows the stream shows less than what the model said; compare with
#           decode at the end
# Needs:    python3
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

export PYTHONPATH=$dir/python
python3 -m pip install --quiet --disable-pip-version-check --target python tokenizers==0.23.3
python3 - <<'EOF' | tee seen
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

letters = sorted(pre_tokenizers.ByteLevel.alphabet())
tokenizer = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(letters)}, merges=[]))
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()

for text in ("é€", "a\ufffdb", "a\ufffd"):
    ids = tokenizer.encode(text).ids
    stream = decoders.DecodeStream()
    pieces = [stream.step(tokenizer, i) for i in ids]
    streamed = "".join(piece for piece in pieces if piece is not None)
    print(ascii(text), "decoded", ascii(tokenizer.decode(ids)), "streamed", ascii(streamed))
EOF

diff - seen <<'EOF'
'\xe9\u20ac' decoded '\xe9\u20ac' streamed '\xe9\u20ac'
'a\ufffdb' decoded 'a\ufffdb' streamed 'a\ufffdb'
'a\ufffd' decoded 'a\ufffd' streamed 'a'
EOF
