// What is damaged, as code that asks for the same, and in words.

import { words } from '../words/words.js';

/** @import { Message } from '../shared/protocol.js' */
/** @import { Silence } from '../shared/lesions.js' */
/** @import { Settings } from './types.js' */

/**
 * @param {Message[]} messages
 * @param {Settings} settings
 * @returns {string} a module's source, to be put beside engine.js
 */
export function codeOf(messages, { system: _, spike: { date, lesions }, ...settings }) {
  const spike = {
    ...(date ? { date } : {}),
    ...(lesions && Object.keys(lesions).length > 0 ? { lesions } : {}),
  };
  const own = Object.keys(spike).length > 0 ? { spike } : {};
  const request = JSON.stringify({ messages, ...settings, ...own }, null, 2);
  return `import { createEngine } from './engine.js';

const engine = await createEngine();
const answer = await engine.chat.completions.create(${request});
console.log(answer.choices[0].message.content, answer.spike.tokens);
`;
}

/** @param {Silence} silence @returns {string} */
export function nameOf({ layer, part, population, head }) {
  const { all, layer: ofLayer, parts, head: numbered } = words.lesions;
  const { populations } = words.heatmap;
  const place = layer === undefined ? all : ofLayer(layer);
  const what = part ? parts[part]
    : population ? populations[population] : head !== undefined && numbered(head);
  return what ? words.lesions.within(place, what) : place;
}

/** @param {Silence} silence @returns {string} the same for the same */
export const keyOf = ({ layer, part, population, head }) =>
  JSON.stringify([layer, part, population, head]);
