// Errors say what happened in lower case and without a full stop; browsers say it as they like.

/** @param {string} words @returns {string} a sentence of them */
export const sentence = (words) =>
  words === '' ? '' : `${words[0].toUpperCase()}${words.slice(1).replace(/[.\s]+$/, '')}.`;
