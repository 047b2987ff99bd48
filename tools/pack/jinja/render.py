"""Renders chat templates as transformers does, for engine.go: a line of JSON in, a line of JSON out.

The first argument is the folder that Jinja2 was installed into. A template may come from anywhere:
the sandbox is Jinja2's own, and memory and time of this process are bounded.
"""

import datetime
import json
import sys

try:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
except (ImportError, ValueError, OSError):
    pass  # Windows has none, macOS not this one: engine.go bounds time and output

sys.path.insert(0, sys.argv[1])
import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox


class Raised(jinja2.exceptions.TemplateError):
    """What a template raises."""


class Generation(jinja2.ext.Extension):
    """{% generation %} marks what is trained on, and writes what is inside."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("inside"), [], [], body).set_lineno(line)

    @jinja2.pass_eval_context
    def inside(self, context, caller):
        return caller()


def raise_exception(message):
    raise Raised(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators,
                      sort_keys=sort_keys)


def environment():
    made = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    made.filters["tojson"] = tojson
    made.globals["raise_exception"] = raise_exception
    return made


def render(compiled, call):
    def strftime_now(form):
        if not call["date"]:
            return "\0" + form + "\0"
        return datetime.date.fromisoformat(call["date"]).strftime(form)

    values = dict(call["special"], messages=call["messages"], tools=None, documents=None,
                  add_generation_prompt=True, strftime_now=strftime_now)
    if call["thinking"]:
        values["enable_thinking"] = values["thinking"] = call["thinking"] == "on"
    return compiled.render(**values)


def main():
    compiled = None
    for line in sys.stdin:
        call = json.loads(line)
        try:
            if call["template"] is not None:
                compiled = None
                compiled = environment().from_string(call["template"])
            answer = {"text": render(compiled, call)}
        except Raised as error:
            answer = {"raised": str(error.message)}
        except RecursionError:
            answer = {"error": "it is nested too deeply"}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        try:
            text = json.dumps(answer)
        except ValueError as error:
            text = json.dumps({"error": str(error)})
        print(text, flush=True)


main()
