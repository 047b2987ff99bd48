// Shows that a file which is held over the chat will be taken.

/** @param {Element} element that takes it */
export function showDrops(element) {
  const show = (/** @type {boolean} */ held) => element.classList.toggle('dropping', held);
  element.addEventListener('dragover', (event) => { if (event.defaultPrevented) show(true); });
  element.addEventListener('drop', () => show(false));
  element.addEventListener('dragleave', (event) => {
    const { relatedTarget } = /** @type {DragEvent} */ (event);
    if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) show(false);
  });
}
