// make site copies @huggingface/jinja to where web/ imports it from; of its exports these are used.
export class Template {
  /** Throws where it cannot be parsed. */
  constructor(template: string);
  parsed: unknown;
}
export class Environment {
  set(name: string, value: unknown): void;
}
export class Interpreter {
  constructor(values: Environment);
  run(template: unknown): { value: string };
}
