// Which addresses in an answer become links. The model, or whoever wrote what it was asked, may
// have put anything there.

const PROTOCOLS = ['http:', 'https:', 'mailto:'];
const MAX_LENGTH = 2000;

/**
 * @param {string} text of an address
 * @returns {string | null} the whole address; null where it must stay text: relative, of another
 *   protocol, with a user's name or password in it, or with characters that no address has
 */
export function safeAddress(text) {
  if (text.length > MAX_LENGTH || /[\s\p{C}]/u.test(text)) return null;
  const address = URL.parse ? URL.parse(text) : parse(text);
  if (!address || !PROTOCOLS.includes(address.protocol)) return null;
  if (address.username || address.password) return null;
  if (address.protocol !== 'mailto:' && !/^https?:\/\//i.test(text)) return null;
  return address.href;
}

/** For browsers that have no URL.parse. @param {string} text */
function parse(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** What ends a sentence and not the address in it. @param {string} text */
export const withoutPunctuation = (text) => text.replace(/[.,;:!?)\]}'"*_>]+$/, '');
