// Go's benchmark format, which benchstat reads.

import os from 'node:os';

export function printHeader() {
  console.log('goos: js\ngoarch: wasm\npkg: github.com/spikechat/spikechat/bench');
  console.log(`cpu: ${os.cpus()[0].model}`);
}

/**
 * @param {string} name
 * @param {number} n
 * @param {Record<string, number>} metrics by unit
 */
export function printLine(name, n, metrics) {
  const parts = Object.entries(metrics)
    .map(([unit, value]) => `${Number(value.toPrecision(6))} ${unit}`);
  console.log(['Benchmark' + name, n, ...parts].join('\t'));
}
