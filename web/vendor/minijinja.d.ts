// make site copies minijinja-js to where web/ imports it from; of its exports these are used.
export default function init(how: { module_or_path: URL | WebAssembly.Module }): Promise<unknown>;
export class Environment {
  trimBlocks: boolean;
  lstripBlocks: boolean;
  /** Most steps of one template. */
  fuel: number;
  /** Methods of Python's strings, lists and dicts. */
  enablePyCompat(): void;
  addGlobal(name: string, value: unknown): void;
  addFilter(name: string, filter: (value: unknown) => unknown): void;
  renderStr(template: string, values: Record<string, unknown>): string;
}
