// Whether this browser keeps chats: only where the reader has said so.

const NAME = 'spikechat-keep-chats';

/** @returns {boolean} */
export function keepsChats() {
  try {
    return localStorage.getItem(NAME) === 'yes';
  } catch {
    return false; // storage is blocked
  }
}

/** @param {boolean} keep @returns {boolean} whether the choice itself could be kept */
export function setKeepsChats(keep) {
  try {
    if (keep) localStorage.setItem(NAME, 'yes');
    else localStorage.removeItem(NAME);
    return true;
  } catch {
    return false;
  }
}
