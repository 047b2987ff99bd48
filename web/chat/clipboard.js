// Copies text, also where the page may not use the clipboard's newer way: in frames without the
// permission, and on sites without https.

import { words } from '../words/words.js';

/** @param {string} text @returns {Promise<boolean>} whether it was copied */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const box = document.createElement('textarea');
  box.value = text;
  box.readOnly = true;
  const { activeElement } = document;
  const within = activeElement?.shadowRoot?.activeElement ?? activeElement;
  document.body.append(box);
  box.select();
  let done = false;
  try {
    done = document.execCommand('copy');
  } catch {
    // Not copied, which the caller tells.
  }
  box.remove();
  if (within instanceof HTMLElement) within.focus({ preventScroll: true });
  return done;
}

// How long a button says that it has copied.
const SAID_MS = 1600;

/**
 * Copies, and says so on the button that was pressed.
 * @param {HTMLButtonElement} button
 * @param {string} text
 * @param {(status: string) => void} say to screen readers too
 * @returns {Promise<boolean>} whether it was copied
 */
export async function copyFrom(button, text, say) {
  const copied = await copyText(text);
  const label = button.dataset.label ?? button.textContent ?? '';
  button.dataset.label = label;
  button.textContent = copied ? words.answer.copied : words.answer.notCopied;
  say(copied ? words.answer.isCopied : words.answer.cannotCopy);
  setTimeout(() => { button.textContent = label; }, SAID_MS);
  return copied;
}
