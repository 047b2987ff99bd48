// Where two answers part.

/**
 * @typedef {object} Said
 * @property {readonly string[]} pieces of text, one a token
 * @property {boolean} over it has come to its own end, or to the longest length: nobody stopped it
 */

/**
 * The first token in which two answers differ. Their text is compared: equal pieces are equal
 * tokens, but for those of a character that is not whole yet.
 * @param {Said} one
 * @param {Said} other
 * @returns {number | null} its index, which may be the length of the shorter one; null where they
 *   do not differ as far as both are known
 */
export function firstDifference(one, other) {
  const least = Math.min(one.pieces.length, other.pieces.length);
  for (let i = 0; i < least; i++) if (one.pieces[i] !== other.pieces[i]) return i;
  const [shorter, longer] = one.pieces.length === least ? [one, other] : [other, one];
  return shorter.over && longer.pieces.length > least ? least : null;
}
