// A site that is not ours, for pages that have ours in them: its own address, its own headers.

import http from 'node:http';

/** @import { Site } from './server.mjs' */
/** @typedef {{html: string, headers?: Record<string, string>}} HostPage */

/**
 * @param {(path: string) => HostPage | undefined} pageOf its pages
 * @returns {Promise<Site>} on 127.0.0.1, which is another site than localhost
 */
export async function serveHost(pageOf) {
  const server = http.createServer((request, response) => {
    const page = pageOf(request.url ?? '/');
    response.writeHead(page ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8',
      ...page?.headers }).end(page?.html);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    served: [],
    added: new Map(),
    fault: null,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
