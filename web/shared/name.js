// Whether a model's name can be shown as it is. In a manifest, a file or a link any text may stand
// there.

/** Bytes of the longest name of a model (core/planes, MaxNameBytes). */
const MAX_NAME_BYTES = 128;

/**
 * What a line does not have: control characters, line breaks, marks that turn text around, and what
 * is not seen, but for the variation selectors of emoji.
 */
const NOT_PLAIN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}/u;

/** What a name has one of at least; the braille pattern without dots is a symbol that is blank. */
const SEEN = /(?!\u2800)[\p{L}\p{N}\p{S}]/u;

/**
 * Whether the engine would take it as a model's name (core/planes, IsLine and IsSeen).
 * @param {unknown} name
 * @returns {name is string}
 */
export const isName = (name) => typeof name === 'string' && !NOT_PLAIN.test(name)
  && SEEN.test(name) && new TextEncoder().encode(name).length <= MAX_NAME_BYTES;
