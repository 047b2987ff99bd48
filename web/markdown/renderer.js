// Markdown as it comes, one token's text at a time: what is on the page is only ever added to, so
// nothing flickers. streaming-markdown parses; this makes elements and Text nodes of what it finds,
// never HTML. A token's text stands in spans of its own, so that a column of the heatmap can light
// it.

import * as smd from '../vendor/streaming-markdown.js';
import { h } from '../shared/dom.js';
import { words } from '../words/words.js';
import { safeAddress, withoutPunctuation } from './links.js';

/** @import { Parser, Token } from '../vendor/streaming-markdown.js' */

// Of the whole text; the parser's module does not name it.
const DOCUMENT = /** @type {Token} */ (1);
/** @type {readonly number[]} by level */
const HEADINGS = [
  smd.HEADING_1, smd.HEADING_2, smd.HEADING_3, smd.HEADING_4, smd.HEADING_5, smd.HEADING_6,
];

// Deeper than this, parts are put into the one around them: browsers lay out by recursion.
const MAX_DEPTH = 20;
// The parser's own depth; what is below is not told apart.
const PARSER_DEPTH = 256;
// The page and the transcript have the first two.
const FIRST_HEADING = 3;
// What is longer than this between "](" and ")" is no address.
const MAX_ADDRESS = 2000;
const MAX_LANGUAGE = 40;

/** @type {Partial<Record<Token, keyof HTMLElementTagNameMap>>} */
const TAGS = {
  [smd.BLOCKQUOTE]: 'blockquote', [smd.PARAGRAPH]: 'p', [smd.LINE_BREAK]: 'br', [smd.RULE]: 'hr',
  [smd.ITALIC_AST]: 'em', [smd.ITALIC_UND]: 'em', [smd.STRONG_AST]: 'strong',
  [smd.STRONG_UND]: 'strong', [smd.STRIKE]: 's', [smd.CODE_INLINE]: 'code',
  [smd.LIST_UNORDERED]: 'ul', [smd.LIST_ORDERED]: 'ol', [smd.LIST_ITEM]: 'li',
};
/** @type {Partial<Record<Token, string>>} what the parser takes off formulas, put back */
const AROUND = { [smd.EQUATION_BLOCK]: '$$', [smd.EQUATION_INLINE]: '$' };
/** @type {readonly Token[]} */
const LABELS = [smd.LINK, smd.IMAGE];
/** @type {readonly Token[]} where a backslash escapes nothing */
const VERBATIM = [
  smd.CODE_BLOCK, smd.CODE_FENCE, smd.CODE_INLINE, smd.RAW_URL, smd.EQUATION_BLOCK,
  smd.EQUATION_INLINE, smd.IMAGE,
];
/** @type {readonly Token[]} */
const UNDERSCORED = [smd.ITALIC_UND, smd.STRONG_UND];

/**
 * @typedef {object} Part an element that is not closed yet
 * @property {Token} token
 * @property {HTMLElement} element where its text goes
 * @property {HTMLElement} outer what stands in the part around it
 * @property {string | null} address of a link or an image
 * @property {boolean} flat too deep for an element of its own: its text goes into the one around
 * @property {boolean} attached to the part around it
 * @property {Text | null} sign that opened it, where it stays if this is no link after all
 */

/** One text, rendered into an element. */
export class MarkdownRenderer {
  /** @type {Part[]} */
  #parts;
  #oncopy;
  #onspan;
  /** @type {Parser} */
  #parser;
  /** @type {number[]} levels of the headings around, as they are written */
  #headings = [];
  /** @type {{char: string, column: number | null}[]} given to the parser and not seen again yet */
  #source = [];
  /** @type {number | null} of the text that comes out of the parser */
  #column = null;
  /** @type {number[]} columns that gave no text yet: they light with the next one */
  #mute = [];
  #last = '';

  /**
   * @param {HTMLElement} root
   * @param {{oncopy: (code: HTMLElement, button: HTMLButtonElement) => void,
   *   onspan?: (column: number, span: HTMLElement) => void}} host oncopy: the button of a block of
   *   code was pressed; onspan: where a column's text is
   */
  constructor(root, { oncopy, onspan = () => {} }) {
    this.#parts = [{
      token: DOCUMENT, element: root, outer: root, address: null, sign: null, flat: false,
      attached: true,
    }];
    this.#oncopy = oncopy;
    this.#onspan = onspan;
    const parser = smd.parser({
      data: null,
      add_token: (_, token) => this.#open(token),
      end_token: () => this.#close(),
      add_text: (_, text) => this.#text(text),
      set_attr: (_, attribute, value) => this.#attribute(attribute, value),
    });
    parser.tokens = new Uint32Array(PARSER_DEPTH);
    parser.tokens[0] = DOCUMENT;
    parser.spaces = new Uint8Array(PARSER_DEPTH);
    this.#parser = parser;
  }

  /**
   * @param {string} text
   * @param {number | null} [column] of the heatmap
   */
  write(text, column = null) {
    if (column !== null) this.#mute.push(column);
    // Each character for itself, so that the result does not depend on how the text was cut.
    for (const char of text) {
      this.#source.push({ char, column });
      this.#feed(char);
    }
  }

  /** The text is whole. */
  end() {
    smd.parser_end(this.#parser);
    if (this.#waits()) this.#giveUp();
    smd.parser_end(this.#parser);
    // Labels without an end.
    this.#parts.forEach((_, i) => this.#attach(i));
  }

  /** @param {string} char */
  #feed(char) {
    const parser = this.#parser;
    const inWord = WORD.test(this.#last);
    this.#last = char;
    // In the middle of a word, as in snake_case, it is no emphasis.
    const plain = char === '_' && inWord && !VERBATIM.includes(/** @type {Token} */ (parser.token))
      && !parser.pending.startsWith('](')
      && !this.#parts.some(({ token }) => UNDERSCORED.includes(token));
    smd.parser_write(parser, plain ? '\\_' : char);
    if (this.#waits() && (char === '\n' || isNoAddress(parser.pending))) this.#giveUp();
  }

  /** Whether the parser is in what may be a link, an image or a formula only if it has an end. */
  #waits() {
    const { token, pending } = this.#parser;
    return (token === smd.LINK && pending.startsWith('](')) || token === smd.IMAGE
      || token === smd.EQUATION_INLINE;
  }

  /** It has none on its line. The parser would take all that follows into it. */
  #giveUp() {
    const parser = this.#parser;
    const { pending } = parser;
    parser.pending = '';
    this.#close(false);
    parser.len -= 1;
    parser.token = /** @type {Token} */ (parser.tokens[parser.len]);
    const sign = pending.startsWith('](') ? '](' : '';
    parser.text = sign;
    smd.parser_write(parser, pending.slice(sign.length));
  }

  /** @param {Token} token */
  #open(token) {
    const { element: parent, outer: parentOuter } = this.#parts[this.#parts.length - 1];
    if (this.#parts.length > MAX_DEPTH && token !== smd.LINE_BREAK) {
      this.#parts.push({
        token, element: parent, outer: parentOuter, address: null, sign: null, flat: true,
        attached: true,
      });
      return;
    }
    const { element, outer } = this.#make(token, parent);
    /** @type {Text | null} */
    let sign = null;
    if (LABELS.includes(token)) {
      sign = document.createTextNode(token === smd.IMAGE ? '![' : '[');
      element.append(sign);
    }
    const around = AROUND[token];
    if (around !== undefined) element.append(around);
    this.#parts.push({
      token, element, outer, address: null, sign, flat: false, attached: false,
    });
    // Whether a label's sign stays is known at its end: shown before, it would only move. And a
    // paragraph that is empty meanwhile would be seen to move when it is not any more.
    if (!sign && token !== smd.PARAGRAPH) this.#attach();
  }

  /** Puts an open part where it belongs, and that one likewise if it is no label. */
  #attach(i = this.#parts.length - 1) {
    const [around, part] = this.#parts.slice(i - 1, i + 1);
    if (!part || part.attached) return;
    // The body of a table is there from its second row on.
    if (part.outer.parentNode !== around.element) around.element.append(part.outer);
    part.attached = true;
    if (!around.sign) this.#attach(i - 1);
  }

  /**
   * @param {Token} token
   * @param {HTMLElement} parent
   * @returns {{element: HTMLElement, outer: HTMLElement}}
   */
  #make(token, parent) {
    const level = HEADINGS.indexOf(token) + 1;
    if (level > 0) return alone(h(`h${this.#headingLevel(level)}`));
    switch (token) {
      case smd.CODE_BLOCK:
      case smd.CODE_FENCE:
        return this.#makeCode();
      case smd.TABLE: {
        const element = h('table');
        const about = {
          class: 'table', tabindex: 0, role: 'region', 'aria-label': words.markdown.table,
        };
        return { element, outer: h('div', about, element) };
      }
      case smd.TABLE_ROW:
        return makeRow(parent);
      case smd.TABLE_CELL: {
        const head = parent.parentElement?.tagName === 'THEAD';
        return alone(head ? h('th', { scope: 'col' }) : h('td'));
      }
      case smd.CHECKBOX:
        return alone(h('span', { role: 'img', 'aria-label': words.markdown.toDo }, '☐'));
      default:
        return alone(h(TAGS[token] ?? 'span'));
    }
  }

  /** @param {number} written @returns {1 | 2 | 3 | 4 | 5 | 6} without a gap to the one around */
  #headingLevel(written) {
    while ((this.#headings[this.#headings.length - 1] ?? 0) >= written) this.#headings.pop();
    const level = Math.min(6, FIRST_HEADING + this.#headings.length);
    this.#headings.push(written);
    return /** @type {1 | 2 | 3 | 4 | 5 | 6} */ (level);
  }

  #makeCode() {
    const element = h('code');
    const button = h(
      'button',
      { class: 'quiet', type: 'button', onclick: () => this.#oncopy(element, button) },
      words.markdown.copyCode,
    );
    const outer = h(
      'div',
      { class: 'code', dir: 'ltr' },
      h('div', { class: 'code-head' },
        h('span', { class: 'language' }, words.markdown.code), button),
      h('pre', { tabindex: 0, role: 'region', 'aria-label': words.markdown.codeBlock }, element),
    );
    return { element, outer };
  }

  /** @param {boolean} [whole] whether its end was written */
  #close(whole = true) {
    const { token, element, address, sign, flat } = this.#parts[this.#parts.length - 1];
    this.#attach();
    this.#parts.pop();
    if (flat) return;
    const around = AROUND[token];
    if (around !== undefined && whole) element.append(around);
    const raw = token === smd.RAW_URL;
    // A link in a link's label would be two at once.
    const inside = this.#parts.some((one) => one.token === smd.LINK);
    const safe = address === null || inside
      ? null
      : safeAddress(raw ? withoutPunctuation(address) : address);
    if (safe !== null) {
      sign?.remove();
      if (element.textContent === '') element.append(address ?? '');
      if (token === smd.IMAGE) element.prepend(words.markdown.image);
      const link = h('a', {
        href: safe, title: safe, target: '_blank', rel: 'noopener noreferrer nofollow',
      });
      link.append(...element.childNodes);
      element.append(link);
    } else if (sign) {
      // What the parser took off is put back: this is text.
      if (this.#parser.pending.startsWith(']')) element.append(']');
      if (address !== null) element.append(`(${address})`);
      element.normalize();
    }
  }

  /** @param {number} attribute @param {string} value */
  #attribute(attribute, value) {
    const part = this.#parts[this.#parts.length - 1];
    const { element, outer } = part;
    if (attribute === smd.HREF || attribute === smd.SRC) {
      part.address = value;
    } else if (attribute === smd.LANG) {
      const label = outer.querySelector('.language');
      if (label && value.trim() !== '') label.textContent = value.trim().slice(0, MAX_LANGUAGE);
    } else if (attribute === smd.CHECKED && part.token === smd.CHECKBOX) {
      element.textContent = '☑';
      element.setAttribute('aria-label', words.markdown.done);
    } else if (attribute === smd.START && /^\d{1,9}$/.test(value)) {
      element.setAttribute('start', value);
    }
  }

  /** @param {string} text that came out of the parser: parts of the source, in its order */
  #text(text) {
    const part = this.#parts[this.#parts.length - 1];
    if (!part.sign) this.#attach();
    let run = '';
    for (const char of text) {
      const before = this.#column;
      const at = this.#source.findIndex((one) => one.char === char);
      if (at >= 0) {
        this.#column = this.#source[at].column;
        this.#source.splice(0, at + 1);
      }
      if (this.#column !== before && run !== '') {
        this.#append(part, run, before);
        run = '';
      }
      run += char;
    }
    this.#append(part, run, this.#column);
  }

  /**
   * @param {Part} part
   * @param {string} text
   * @param {number | null} column
   */
  #append({ element, sign }, text, column) {
    const last = element.lastChild;
    // A light on the space before a word would look like a slip.
    const going = last instanceof HTMLElement && last.dataset.column === String(column);
    const word = column === null ? '' : going ? text : text.trimStart();
    const plain = text.slice(0, text.length - word.length);
    if (plain !== '') {
      if (last instanceof Text && last !== sign) last.appendData(plain);
      else element.append(plain);
    }
    if (word === '' || column === null) return;
    if (going) {
      last.append(word);
      last.normalize();
      return;
    }
    const span = h('span', { 'data-column': column }, word);
    element.append(span);
    for (const mute of this.#mute) if (mute <= column) this.#onspan(mute, span);
    this.#mute = this.#mute.filter((mute) => mute > column);
  }
}

const WORD = /[\p{L}\p{N}]/u;

/**
 * Whether what follows a label cannot become an address: too long, or another label has ended
 * since. Without the latter each "[a](" would have what follows it parsed anew.
 * @param {string} pending in the parser
 */
const isNoAddress = (pending) => pending.length > MAX_ADDRESS
  || (pending.length > 3 && pending.endsWith('](') && pending.startsWith(']('));

/** @param {HTMLElement} element */
const alone = (element) => ({ element, outer: element });

/** A row of a table: the first one is its head. @param {HTMLElement} table */
function makeRow(table) {
  const { tHead, tBodies: [body] } = /** @type {HTMLTableElement} */ (table);
  const element = h('tr');
  body?.append(element);
  const outer = body ?? h(tHead ? 'tbody' : 'thead', {}, element);
  return { element, outer };
}
