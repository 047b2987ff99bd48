import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkInspection } from '../../../api/inspection.js';
import { checkRequest, toAnswerRequest } from '../../../api/request.js';
import { MAX_LESIONS } from '../../../shared/contract.js';

const messages = [{ role: 'user', content: 'Hello' }];

/** @param {unknown} spike */
const sent = (spike) => {
  const answer = toAnswerRequest(checkRequest({ messages, spike }, {}, 'm').request, {});
  return JSON.parse(JSON.stringify(answer)).lesions;
};

/**
 * @param {() => unknown} call
 * @param {string} message
 */
const refuses = (call, message) => assert.throws(call, { code: 'bad_request', message });

test('lesions go to the engine as they are', () => {
  const lesions = {
    thresholds: [{ factor: 128 }, { factor: 1, layer: 0, population: 'down' }],
    silenced: [
      { layer: 3 }, { part: 'attention' }, { layer: 1, part: 'feed_forward' },
      { population: 'qkv' }, { layer: 2, population: 'gate_up' }, { layer: 2, head: 0 },
    ],
    dropped_planes: 7,
  };
  assert.deepEqual(sent({ lesions }), lesions);
  assert.deepEqual(sent({ lesions: {} }), {});
  for (const none of [undefined, null, {}, { lesions: null }]) assert.equal(sent(none), undefined);
  // null counts as left out here too.
  assert.deepEqual(
    sent({ lesions: { silenced: [{ layer: 1, part: null, head: undefined }] } }),
    { silenced: [{ layer: 1 }] },
  );
});

test('an answer beside the conversation is asked for as one', () => {
  const aside = (/** @type {unknown} */ spike) =>
    toAnswerRequest(checkRequest({ messages, spike }, {}, 'm').request, {}).aside;
  assert.equal(aside({ aside: true }), true);
  for (const none of [undefined, {}, { aside: null }, { aside: false }])
    assert.equal(aside(none), undefined);
  refuses(() => aside({ aside: 1 }), 'spike.aside must be a boolean');
});

test('lesions that mean nothing are refused by name', () => {
  /** @type {[unknown, string][]} */
  const wrong = [
    [{ x: 1 }, 'unknown field spike.lesions.x'],
    [{ thresholds: {} }, `spike.lesions.thresholds must be a list of at most ${MAX_LESIONS}`],
    [{ thresholds: [{}] }, 'spike.lesions.thresholds[0].factor is missing'],
    [{ thresholds: [{ factor: 0.99 }] },
      'spike.lesions.thresholds[0].factor must be a number from 1 to 128'],
    [{ thresholds: [{ factor: NaN }] },
      'spike.lesions.thresholds[0].factor must be a number from 1 to 128'],
    [{ thresholds: [{ factor: 2, part: 'attention' }] },
      'unknown field spike.lesions.thresholds[0].part'],
    [{ silenced: [{}] }, 'spike.lesions.silenced[0] names nothing to silence'],
    [{ silenced: [{ layer: 0 }, { layer: 0, head: 1, part: 'attention' }] },
      'spike.lesions.silenced[1] must have one of part, population and head'],
    [{ silenced: [{ head: 1 }] }, 'spike.lesions.silenced[0].head needs a layer'],
    [{ silenced: [{ layer: -1 }] },
      'spike.lesions.silenced[0].layer must be a whole number from 0 to 1048576'],
    [{ silenced: [{ part: 'brain' }] },
      'spike.lesions.silenced[0].part must be one of attention, feed_forward'],
    [{ dropped_planes: 8 }, 'spike.lesions.dropped_planes must be a whole number from 0 to 7'],
  ];
  for (const [lesions, message] of wrong) refuses(() => sent({ lesions }), message);
  refuses(() => sent({ lesion: [] }), 'unknown field spike.lesion');
  refuses(() => sent([]), 'spike must be an object');
  refuses(
    () => sent({ lesions: { silenced: Array(MAX_LESIONS + 1).fill({ layer: 0 }) } }),
    `spike.lesions.silenced must be a list of at most ${MAX_LESIONS}`,
  );
});

test('an inspection has the fields of its kind', () => {
  const place = { layer: 0, population: 'down' };
  for (const query of [
    { kind: 'population', ...place, position: 0 },
    { kind: 'neuron', ...place, neuron: 5, position: 1 },
    { kind: 'history', ...place, neuron: 5 },
  ]) {
    assert.deepEqual({ ...checkInspection(query, {}).query }, query);
    for (const key of Object.keys(query)) {
      const { [/** @type {'kind'} */ (key)]: _, ...rest } = query;
      refuses(() => checkInspection(rest, {}), `${key} is missing`);
    }
  }
  const alternatives = { kind: 'alternatives', position: 3 };
  assert.deepEqual({ ...checkInspection(alternatives, {}).query }, { ...alternatives, top: 5 });
  refuses(() => checkInspection({ ...alternatives, position: 0 }, {}),
    'position must be a whole number from 1 to 1048576');
  refuses(() => checkInspection({ ...alternatives, top: 21 }, {}),
    'top must be a whole number from 0 to 20');
  refuses(() => checkInspection({ ...alternatives, layer: 1 }, {}),
    'layer is not for kind alternatives');
  refuses(() => checkInspection({ kind: 'neuron', ...place, neuron: 1, position: 1, top: 1 }, {}),
    'top is not for kind neuron');
  refuses(
    () => checkInspection({ kind: 'population', ...place, position: 0, neuron: 1 }, {}),
    'neuron is not for kind population',
  );
  refuses(
    () => checkInspection({ kind: 'history', ...place, neuron: 1, position: 1 }, {}),
    'position is not for kind history',
  );
  refuses(() => checkInspection({ kind: 'brain' }, {}),
    'kind must be one of population, neuron, history, alternatives');
  refuses(() => checkInspection({ kind: 'toString' }, {}),
    'kind must be one of population, neuron, history, alternatives');
  refuses(() => checkInspection({ kind: 'history', ...place, neuron: 0.5 }, {}),
    'neuron must be a whole number from 0 to 1048576');
  refuses(() => checkInspection({ kind: 'history', ...place, neuron: 0 }, { signal: 1 }),
    'options.signal must be an AbortSignal');
  refuses(() => checkInspection(null, {}), 'the argument must be an object');
});
