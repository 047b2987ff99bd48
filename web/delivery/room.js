// Whether the browser has room for a model, asked before it is written: a write that fails half-way
// has cost the reader's disk and time.

/**
 * @param {number} bytes
 * @returns {Promise<boolean>} true too where the browser does not tell
 */
export async function hasRoom(bytes) {
  try {
    const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
    return quota - usage >= bytes;
  } catch {
    return true; // then a write that fails says it
  }
}
