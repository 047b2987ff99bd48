// In the page, before everything else: keeps what the console is told as an error and what nobody
// caught. The three protocols tell that differently, and one of them not at all.

{
  /** @type {string[]} */
  const errors = [];
  Object.assign(window, { errors });
  const { error } = console;
  console.error = (...words) => {
    errors.push(words.join(' '));
    error.apply(console, words);
  };
  addEventListener('error', ({ message, target }) => {
    // A file that does not come is told to its element alone; this listener hears it on the way.
    const what = target instanceof Element ? target.outerHTML : target;
    errors.push(message ?? `${what} did not load`);
  }, true);
  addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    errors.push(`${violatedDirective} refuses ${blockedURI}`);
  });
}
