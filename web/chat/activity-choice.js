// Whether the reader wants to see what neurons do. Kept in this browser: who has turned it off, for
// calm or for speed, has done so for good.

const NAME = 'spikechat-activity';
const OFF = 'off';

/** @returns {boolean} */
export function showsActivity() {
  try {
    return localStorage.getItem(NAME) !== OFF;
  } catch {
    return true; // storage is blocked
  }
}

/** @param {boolean} on */
export function setShowsActivity(on) {
  try {
    if (on) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, OFF);
  } catch {
    // It lasts as long as the page.
  }
}
