// The worker of onnxruntime.mjs: loads the model and runs greedy answers, keys and values handed
// back each time.

// As make_onnx.py writes the model.
const LAYERS = 30, KV_HEADS = 3, HEAD_DIM = 64, VOCAB = 49152;

/**
 * @typedef {object} WorkerScope what is used of it
 * @property {((event: MessageEvent) => void) | null} onmessage
 * @property {(message: object) => void} postMessage
 */

const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (self));
/** @type {any} */
let ort;
/** @type {any} */
let session;

const calls = {
  /** @param {{model: string, packages: string, threads: number}} options */
  async load({ model, packages, threads }) {
    ort = await import(packages + 'ort.wasm.min.mjs');
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.wasmPaths = new URL(packages, self.location.href).href;
    const bytes = new Uint8Array(await (await fetch(model)).arrayBuffer());
    session = await ort.InferenceSession.create(bytes,
      { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
    return { version: ort.env.versions.web, threads: ort.env.wasm.numThreads };
  },

  /** @param {import('./session.mjs').Question} question */
  async ask({ prompt, tokens, unique }) {
    /** @type {Record<string, any>} */
    let past = {};
    for (let i = 0; i < LAYERS; i++) {
      for (const kind of 'kv') {
        past[`past_${kind}_${i}`] =
          new ort.Tensor('float32', new Float32Array(0), [1, KV_HEADS, 0, HEAD_DIM]);
      }
    }
    let input = Array.from({ length: prompt }, (_, i) => (unique * 7919 + i * 104729) % VOCAB);
    let total = 0, first = 0, last = 0, decoded = -1;
    const started = performance.now();
    while (decoded < tokens - 1) {
      total += input.length;
      const result = await session.run({
        input_ids: new ort.Tensor('int64', BigInt64Array.from(input, BigInt), [1, input.length]),
        seqlens_k: new ort.Tensor('int32', Int32Array.of(total - 1), [1]),
        total_len: new ort.Tensor('int32', Int32Array.of(total), []),
        ...past,
      });
      const logits = result.logits.data;
      let best = 0;
      for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
      if (!Number.isFinite(logits[best])) throw new Error(`a logit is ${logits[best]}`);
      for (const name of Object.keys(past)) past[name] = result[name.replace('past', 'present')];
      input = [best];
      last = performance.now();
      first ||= last;
      decoded++;
    }
    return { first: first - started, decode: last - first, decoded };
  },
};

scope.onmessage = async ({ data: { call, options } }) => {
  try {
    scope.postMessage({ result: await calls[/** @type {keyof typeof calls} */ (call)](options) });
  } catch (error) {
    scope.postMessage({ error: String(error instanceof Error ? error.message : error) });
  }
};
