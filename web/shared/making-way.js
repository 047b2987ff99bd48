// Who looks at an engine's neurons makes way for questions: an engine does one thing at a time.

/** @type {WeakMap<object, () => Promise<void>>} */
const looking = new WeakMap();

/**
 * Ends what others are looking at.
 * @param {object} engine
 * @param {() => Promise<void>} stop ends the looking; resolves when the engine is free
 */
export async function looksInto(engine, stop) {
  const before = looking.get(engine);
  looking.set(engine, stop);
  if (before !== stop) await before?.();
}

/**
 * Ends what is being looked at. To be called before a question is asked.
 * @param {object} engine
 */
export async function makeWay(engine) {
  await looking.get(engine)?.();
}
