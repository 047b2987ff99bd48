// Memory given back before the browser's collector finds it. What fetch, streams and the cache hand
// over lies outside of JavaScript's own heap, and tens of megabytes of it gather before anything is
// collected.

const { port1, port2 } = new MessageChannel();
port2.close();

/**
 * Frees bytes that nobody reads any more; they are empty from now on. Those that share their buffer
 * with others stay.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export function release(bytes) {
  if (bytes.byteLength !== bytes.buffer.byteLength) return;
  try {
    // A message takes what it transfers, and to a closed port it is dropped. transfer(0) would
    // leave what the browser's own objects hold.
    port1.postMessage(null, [bytes.buffer]);
  } catch {
    // A buffer that cannot be transferred is left to the collector.
  }
}
