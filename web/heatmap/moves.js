// Where keys move the cell that is lit.

/** @typedef {{column: number, layer: number}} Cell */

/**
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean}} event
 * @param {Cell} cell
 * @param {{columns: number, layers: number, page: number}} size page: columns that are in view
 * @returns {Cell | null} null: the key moves nothing
 */
export function moved({ key, ctrlKey, metaKey }, { column, layer }, { columns, layers, page }) {
  const [last, top] = [columns - 1, layers - 1];
  const whole = ctrlKey || metaKey;
  /** @type {Record<string, [number, number]>} */
  const moves = {
    ArrowLeft: [column - 1, layer],
    ArrowRight: [column + 1, layer],
    ArrowUp: [column, layer + 1],
    ArrowDown: [column, layer - 1],
    Home: [0, whole ? 0 : layer],
    End: [last, whole ? top : layer],
    PageUp: [column - page, layer],
    PageDown: [column + page, layer],
  };
  if (!Object.hasOwn(moves, key)) return null;
  const move = moves[key];
  const within = (/** @type {number} */ n, /** @type {number} */ most) =>
    Math.max(0, Math.min(most, n));
  return { column: within(move[0], last), layer: within(move[1], top) };
}
