// Which tokens of the sequence that a model has read are words of the chat's messages, and which
// are marks of its template or instructions.

/** @typedef {{message: number, start: number, end: number}} Place characters of a message */

// The name of a mark is one token; what a reader types never becomes one.
const MARK = /^<\|[^|]*\|>$/;
const BEGIN = '<|im_start|>';

/**
 * @param {readonly {text: string}[]} tokens as they were read, from position 0 on
 * @param {readonly string[]} said questions and answers in turns; the last answer may go on
 * @returns {(Place | null)[]} by token. All null where something else was read
 */
export function wordsOf(tokens, said) {
  /** @type {(Place | null)[]} */
  const none = tokens.map(() => null);
  const places = [...none];
  let message = 0;
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at].text !== BEGIN) continue;
    const from = at + 1;
    let to = from;
    while (to < tokens.length && !MARK.test(tokens[to].text)) to++;
    const text = tokens.slice(from, to).map((token) => token.text).join('');
    const line = text.indexOf('\n');
    const role = text.slice(0, line);
    if (line >= 0 && role !== 'system') {
      const asked = message % 2 === 0;
      if (role !== (asked ? 'user' : 'assistant')) return none;
      const content = text.slice(line + 1);
      const last = to === tokens.length;
      const known = said[message];
      // An answer that has not begun says nothing.
      if (known === undefined && last && content === '') break;
      if (known === undefined) return none;
      // Of the last answer the model may not have read all, nor the page have shown all.
      const agree = last ? known.startsWith(content) || content.startsWith(known)
        : known === content || known.trim() === content;
      if (!agree) return none;
      const lead = known.indexOf(content);
      place(places, tokens, from, to, { message, skip: line + 1, lead: Math.max(0, lead) });
      message++;
    }
    at = to - 1;
  }
  return places;
}

/**
 * What is left of a word around one of its tokens.
 * @param {readonly {text: string}[]} tokens
 * @param {number} at
 * @returns {{before: string, after: string}}
 */
export function wordAround(tokens, at) {
  const text = (/** @type {number} */ i) => tokens[i]?.text ?? '';
  let [before, after] = ['', ''];
  for (let i = at - 1; LETTER_LAST.test(text(i)) && LETTER_FIRST.test(text(i + 1)); i--)
    before = text(i) + before;
  for (let i = at + 1; LETTER_LAST.test(text(i - 1)) && LETTER_FIRST.test(text(i)); i++)
    after += text(i);
  return { before: before.trimStart(), after };
}

const LETTER_FIRST = /^\p{L}/u;
const LETTER_LAST = /\p{L}$/u;

/**
 * @param {(Place | null)[]} places filled for tokens from one index to another
 * @param {readonly {text: string}[]} tokens
 * @param {number} from
 * @param {number} to
 * @param {{message: number, skip: number, lead: number}} where skip: characters before the message;
 *   lead: its own that were not read
 */
function place(places, tokens, from, to, { message, skip, lead }) {
  let end = -skip;
  for (let at = from; at < to; at++) {
    const start = end;
    end += tokens[at].text.length;
    if (end > 0 && tokens[at].text !== '')
      places[at] = { message, start: Math.max(0, start) + lead, end: end + lead };
  }
}
