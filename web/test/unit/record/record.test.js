import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptOf } from '../../../record/prompt.js';
import { readConversation } from '../../../record/check.js';
import { messagesOf, newConversation, turnsOf } from '../../../record/conversation.js';
import { fileNameOf, fromJson, toJson, toMarkdown } from '../../../record/export.js';
import { MAX_LINK, fromLink, linkedChatOf, toLink } from '../../../record/link.js';
import { titleOf } from '../../../record/title.js';

/** @import { RecordedConversation } from '../../../record/types.js' */

const MODEL = { name: 'tiny', sha256: 'ab'.repeat(32) };

/** @param {number} turns @returns {RecordedConversation} */
const chat = (turns) => newConversation(Array.from({ length: turns }, (_, i) => ({
  question: `Question ${i}`,
  answer: {
    text: `Answer ${i}`, finish_reason: i % 2 ? 'abort' : 'stop',
    run: {
      model: MODEL, settings: { preset: 'best', temperature: 0.2, top_p: 0.9, seed: i },
      first_turn: i > 2 ? 1 : 0, tokens: 3, context: 30 * (i + 1), spikes: 100 + i,
      first_token_ms: 5, ms: 20,
    },
  },
})));

/** What a plain copy of it has. @param {unknown} value */
const plain = (value) => JSON.parse(JSON.stringify(value));

test('a file is read as it was written, under another id', () => {
  const record = chat(4);
  const read = fromJson(toJson(record));
  assert.notEqual(read.id, record.id);
  assert.deepEqual(plain({ ...read, id: record.id }), plain(record));
});

test('what is not a conversation is refused, by the name of the field', () => {
  const { turns: [turn], ...rest } = plain(chat(1));
  const run = turn.answer.run;
  for (const [value, words] of /** @type {[unknown, RegExp][]} */ ([
    [null, /must be an object/],
    [[], /must be an object/],
    [{ ...rest }, /turns is missing/],
    [{ ...rest, turns: {} }, /turns must be a list/],
    [{ ...rest, turns: Array(2001).fill(turn) }, /at most 2000 turns/],
    [{ ...rest, turns: [], format: 'x' }, /format must be one of/],
    [{ ...rest, turns: [], id: '../x' }, /id must be letters/],
    [{ ...rest, turns: [], created: -1 }, /created must be a number/],
    [{ ...rest, turns: [], more: 1 }, /unknown field more/],
    [{ ...rest, turns: [{ question: 'x', answer: { text: 'y' } }] }, /finish_reason is missing/],
    [{ ...rest, turns: [{ ...turn, answer: { ...turn.answer, run: { ...run, first_turn: 1 } } }] },
      /first_turn is after that turn/],
    [{ ...rest, turns: [{ ...turn, answer: { ...turn.answer, run: { ...run, model: { name: 'a',
      sha256: 'x' } } } }] }, /sha256 must be a sha256/],
    [{ ...rest, turns: [{ ...turn, answer: { ...turn.answer, run: { ...run, settings: {
      ...run.settings, steps: 2 } } } }] }, /must have one of preset and steps/],
    [{ ...rest, turns: [{ ...turn, answer: { ...turn.answer, run: { ...run, settings: {
      ...run.settings, temperature: 3 } } } }] }, /temperature is none that the engine takes/],
  ])) assert.throws(() => readConversation(value), words, JSON.stringify(value)?.slice(0, 200));
});

test('messages become turns and turns messages', () => {
  const messages = /** @type {const} */ ([
    { role: 'user', content: 'a' }, { role: 'assistant', content: 'b' },
    { role: 'user', content: 'c' },
  ]);
  assert.deepEqual(messagesOf(turnsOf(messages)), messages.slice(0, 2));
  assert.deepEqual(turnsOf([{ role: 'assistant', content: 'alone' }]), []);
});

test('a prompt has the turns that are read and were answered', () => {
  const turns = chat(4).turns;
  delete turns[2].answer;
  assert.deepEqual(
    promptOf(turns, 1, 'Be brief').map(({ role, content }) => `${role}: ${content}`),
    ['system: Be brief', 'user: Question 1', 'assistant: Answer 1', 'user: Question 3']);
});

test('a link has what is needed to give the answers again, and not the answers', async () => {
  const record = chat(5);
  delete record.turns[2].answer;
  const linked = linkedChatOf(record);
  assert.deepEqual(linked.turns.map(({ question }) => question),
    ['Question 0', 'Question 1', 'Question 3', 'Question 4']);
  // A stopped answer ends where it was stopped; turns that were not answered do not count.
  assert.deepEqual(linked.turns.map(({ settings }) => settings.max_tokens),
    [undefined, 3, 3, undefined]);
  assert.deepEqual(linked.turns.map(({ first_turn: first }) => first), [0, 0, 1, 1]);
  const link = await toLink(linked);
  assert.deepEqual(plain(await fromLink(link)), plain(linked));
  assert.ok(!JSON.stringify(linked).includes('Answer'));
});

test('what cannot be repeated, or is too long, makes no link', async () => {
  assert.throws(() => linkedChatOf(newConversation()), /no answer yet/);
  const foreign = chat(2);
  delete foreign.turns[1].answer?.run;
  assert.throws(() => linkedChatOf(foreign), /has not given/);
  const linked = linkedChatOf(chat(1));
  const random = Array.from(
    { length: 2 * MAX_LINK }, () => Math.random().toString(36)[2]).join('');
  await assert.rejects(toLink({ ...linked, turns: [{ ...linked.turns[0], question: random }] }),
    /too long for a link/);
  await assert.rejects(fromLink(`#chat=1.${'A'.repeat(MAX_LINK)}`), /longer than/);
});

test('a model in a file or a link has a name that the engine would take', async () => {
  const record = chat(1);
  for (const name of ['\u202eevil', 'a\0b', 'a\nb', 'a\u200bb', '\u2800', '', 'x'.repeat(129), 1]) {
    const shown = JSON.stringify(name);
    const other = plain(record);
    other.turns[0].answer.run.model.name = name;
    assert.throws(() => readConversation(other), /model\.name must be one plain line/, shown);
    const model = { ...MODEL, name: /** @type {any} */ (name) };
    const link = await toLink({ ...linkedChatOf(record), model });
    await assert.rejects(fromLink(link), /model\.name must be one plain line/, shown);
  }
});

test('what a chat is called is one line with nothing unseen in it', () => {
  const record = chat(1);
  const called = (/** @type {string} */ title) => titleOf({ ...record, title });
  assert.equal(called('\u202eMine\0 and\r\n\tyours\u200b\ud800'), 'Mine and yours');
  for (const title of ['نمی\u200cدانم', '👨\u200d👩\u200d👧 ❤\ufe0f'])
    assert.equal(called(title), title);
  assert.equal(called('\u2066\u200d\u2800'), 'Question 0');
  const asked = (/** @type {string} */ question) => titleOf(newConversation([{ question }]));
  assert.equal(asked('\u202eWhy?\u2028Because'), 'Why? Because');
  assert.equal(asked('\u202e\0'), 'Empty chat');
  assert.equal(asked('\u202e'.repeat(99)), 'Empty chat');
  assert.equal(asked(`${'x'.repeat(58)}🙂${'y'.repeat(9)}`), `${'x'.repeat(58)}…`);
});

test('names of chats and files', () => {
  const record = chat(1);
  assert.equal(titleOf(record), 'Question 0');
  assert.equal(fileNameOf(record, 'md'), 'question-0.md');
  assert.equal(titleOf({ ...record, title: 'Mine' }), 'Mine');
  assert.equal(fileNameOf({ ...record, title: '../../etc' }, 'json'), 'etc.json');
  assert.equal(fileNameOf({ ...record, title: '…' }, 'json'), 'chat.json');
  assert.equal(titleOf(newConversation()), 'Empty chat');
});

test('Markdown has settings, seed and times', () => {
  const text = toMarkdown(chat(1));
  assert.match(text, /^# Question 0\n/);
  assert.match(text, /## You\n\nQuestion 0\n\n## Model\n\nAnswer 0\n/);
  assert.match(text, /seed 0 · 3 tokens, 100 spikes · first token after 0\.0 s, all after/);
});
