// What each app of this folder is: a list of paragraphs with a <spike-chat> among them, each with a
// key. There is no code.

/**
 * @typedef {object} State
 * @property {string[]} order keys of what is listed: `chat`, and paragraphs
 * @property {boolean} shown whether the chat is there
 * @property {(event: Event) => void} tell is given every event of the chat
 * @property {boolean} hidden this and the others are the chat's own
 * @property {'eager' | 'click'} load
 * @property {number} maxTokens
 * @property {URL} model
 * @property {string} placeholder
 * @property {number | undefined} seed
 * @property {string} temperature
 */

/**
 * @typedef {object} App
 * @property {(change: Partial<State>) => unknown} set renders anew
 * @property {() => void} end
 */

/** @typedef {(root: HTMLElement, first: State) => App} Start */

export {};
