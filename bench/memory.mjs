// Peak memory of the browser's renderer, from Linux's own accounts.

import fs from 'node:fs';

/** @returns {number} the largest high-water mark of resident bytes of all renderers; 0 where /proc does not tell */
export function rendererPeak() {
  let peak = 0;
  for (const id of fs.existsSync('/proc') ? fs.readdirSync('/proc') : []) {
    if (!/^\d+$/.test(id)) continue;
    try {
      if (!fs.readFileSync(`/proc/${id}/cmdline`, 'latin1').includes('--type=renderer')) continue;
      const kilobytes = /VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${id}/status`, 'latin1'));
      peak = Math.max(peak, Number(kilobytes?.[1] ?? 0) * 1024);
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  return peak;
}
