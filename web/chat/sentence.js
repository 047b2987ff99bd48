// Errors say what happened in lower case and without a full stop; browsers say it as they like.

/** @param {string} text @returns {string} a sentence of it */
export function sentence(text) {
  const line = text.trim();
  if (line === '') return '';
  return line[0].toUpperCase() + line.slice(1) + (/\p{Sentence_Terminal}$/u.test(line) ? '' : '.');
}
