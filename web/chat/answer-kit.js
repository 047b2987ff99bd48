// What is needed when the first answer comes, and not before: loaded while the model loads.

export { Answer } from './answer-view.js';
export { editQuestion } from './question-editor.js';
export { TurnTools } from './turn-tools.js';
