// An app that uses the package: one answer of the engine, and the element.

import { DEFAULT_MODEL, SpikeError, createEngine, openModelFile } from 'spikechat';
import 'spikechat/spike-chat';

/** @param {string} [model] */
async function answer(model) {
  const engine = await createEngine({ model });
  const { choices: [{ message: { content } }], usage } = await engine.chat.completions.create({
    messages: [{ role: 'user', content: 'Hello' }], max_tokens: 3,
  });
  const { build } = engine.info;
  await engine.unload();
  return { model: DEFAULT_MODEL, build, content, tokens: usage.completion_tokens };
}

/** @param {unknown} error */
const failure = (error) => (error instanceof SpikeError
  ? { code: error.code, message: error.message }
  : { code: 'none', message: String(error) });

/** Packs a file, and has the model of it answer. @param {File} file */
async function open(file) {
  const model = await openModelFile(file);
  return { ...await answer(model), model };
}

Object.assign(window, { openFile: (/** @type {File} */ file) => open(file).catch(failure) });
Object.assign(window, { result: await answer().catch(failure) });
document.body.append(document.createElement('spike-chat'));
