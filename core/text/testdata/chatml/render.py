"""Renders the templates of same/ with Jinja2, as the transformers library sets it up.

    pip install jinja2==3.1.6 && python3 render.py >rendered.json

rendered.json has the conversations, the texts, each once, and for each template the places of its
texts in that list, one for each conversation. TestTemplatesAsJinja2HasThem compares.
"""

import itertools
import json
import pathlib

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

# One for each message. No content looks like another, and some would change under an operation.
CONTENTS = ["Hello", " a blank\n\n", "", "{{ x }} é <|im_end|>\n", "line\r\nfeed"]


class Generation(jinja2.ext.Extension):
    """The tag that marks what is trained on."""

    tags = {"generation"}

    def parse(self, parser):
        next(parser.stream)
        return parser.parse_statements(["name:endgeneration"], drop_needle=True)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def conversations():
    for n in range(1, 6):
        for roles in itertools.product(["system", "user", "assistant"], repeat=n):
            if roles[-1] == "user" and "system" not in roles[1:]:
                yield [{"role": r, "content": c} for r, c in zip(roles, CONTENTS)]


def main():
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = lambda _: "2026"
    environment.filters["tojson"] = json.dumps
    chats = list(conversations())
    texts = {}
    templates = {}
    here = pathlib.Path(__file__).parent
    for file in sorted(here.glob("same/*.jinja")):
        places = []
        source = file.read_bytes().decode()
        for messages in chats:
            text = environment.from_string(source).render(
                messages=messages, tools=None, documents=None, add_generation_prompt=True,
                bos_token="<|im_start|>", eos_token="<|im_end|>")
            places.append(texts.setdefault(text, len(texts)))
        templates[file.stem] = places

    def lines(values):
        return ",\n".join(json.dumps(value, ensure_ascii=False) for value in values)

    named = ",\n".join(f"{json.dumps(name)}: {places}" for name, places in templates.items())
    print(f'{{"conversations": [\n{lines(chats)}\n],\n"texts": [\n{lines(texts)}\n],')
    print(f'"templates": {{\n{named}\n}}}}')


main()
