// make site copies the package's browser build to where web/ imports it from. It has these exports
// alone, fewer than the package's own declarations say.
export {
  BLOCKQUOTE, CHECKBOX, CHECKED, CODE_BLOCK, CODE_FENCE, CODE_INLINE, EQUATION_BLOCK,
  EQUATION_INLINE, HEADING_1, HEADING_2, HEADING_3, HEADING_4, HEADING_5, HEADING_6, HREF, IMAGE,
  ITALIC_AST, ITALIC_UND, LANG, LINE_BREAK, LINK, LIST_ITEM, LIST_ORDERED, LIST_UNORDERED,
  PARAGRAPH, RAW_URL, RULE, SRC, START, STRIKE, STRONG_AST, STRONG_UND, TABLE, TABLE_CELL,
  TABLE_ROW, parser, parser_end, parser_write,
} from 'streaming-markdown';
export type { Parser, Token } from 'streaming-markdown';
