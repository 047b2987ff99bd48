import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelled } from '../../../heatmap/axis.js';
import { Columns } from '../../../heatmap/columns.js';
import { MAX_WIDTH, layoutOf } from '../../../heatmap/image.js';
import { moved } from '../../../heatmap/moves.js';

/** @param {number} n spikes of its only layer @returns {any} */
const spikes = (n) => ({
  layers: 1, position: 0, populations: [{ name: 'a', neurons: 10, fan_out: 1 }],
  active: [n], strong: [0], spikes: [n], executed: [n], levels: [n],
  look_back: { spikes: 0, operations: 0, dense: 0 }, cache: null,
});

test('columns know their answer, and which one begins it', () => {
  const columns = new Columns();
  columns.push('a', spikes(1));
  columns.push('b', spikes(1));
  columns.divide();
  columns.divide();
  columns.push('c', spikes(1));
  assert.deepEqual(columns.list.map(({ answer, first }) => [answer, first]),
    [[0, true], [0, false], [1, true]]);
  columns.clear();
  columns.push('d', spikes(1));
  assert.deepEqual(columns.list.map(({ answer, first }) => [answer, first]), [[0, true]]);
});

test('what is usual holds from the answer on that it is said in', () => {
  const columns = new Columns();
  const usual = () => columns.list.map((column) => column.usual.spikes[0]);
  columns.push('a', spikes(4));
  columns.divide();
  columns.push('b', spikes(8));
  assert.deepEqual(usual(), [4, 4], 'learned');
  columns.usual = { spikes: [2] };
  assert.deepEqual(usual(), [4, 2], 'this answer, and not the one before');
  columns.push('c', spikes(8));
  assert.deepEqual(usual(), [4, 2, 2]);
  columns.divide();
  columns.usual = null;
  columns.push('d', spikes(8));
  assert.ok(usual()[3] > 4, 'learned all the time');
  assert.deepEqual(usual().slice(0, 3), [4, 2, 2]);
  columns.usual = { spikes: [2, 3] };
  assert.ok(usual()[3] > 4, 'that of another model is not used');
});

test('shades follow the measure, and what is usual', () => {
  const columns = new Columns();
  columns.push('a', spikes(10));
  const [column] = columns.list;
  assert.equal(columns.shades(column, 'all', 'active')[0], 255);
  assert.equal(columns.shades(column, 'all', 'spikes')[0], 64);
  assert.equal(columns.shades(column, 'all', 'unusual')[0], 0);
  columns.usual = { spikes: [5] };
  assert.equal(columns.shades(column, 'all', 'unusual')[0], 255);
  assert.equal(columns.shades(column, 'keys', 'spikes')[0], 256, 'not counted');
});

test('keys move a cell and stop at the edges', () => {
  const size = { columns: 50, layers: 10, page: 20 };
  const press = (/** @type {string} */ key, column = 5, layer = 5, ctrlKey = false) => {
    const to = moved({ key, ctrlKey, metaKey: false }, { column, layer }, size);
    return to && [to.column, to.layer];
  };
  assert.deepEqual(press('ArrowLeft'), [4, 5]);
  assert.deepEqual(press('ArrowLeft', 0), [0, 5]);
  assert.deepEqual(press('ArrowRight', 49), [49, 5]);
  assert.deepEqual(press('ArrowUp'), [5, 6]);
  assert.deepEqual(press('ArrowUp', 5, 9), [5, 9]);
  assert.deepEqual(press('ArrowDown', 5, 0), [5, 0]);
  assert.deepEqual(press('Home'), [0, 5]);
  assert.deepEqual(press('End'), [49, 5]);
  assert.deepEqual(press('Home', 5, 5, true), [0, 0]);
  assert.deepEqual(press('End', 5, 5, true), [49, 9]);
  assert.deepEqual(press('PageUp'), [0, 5]);
  assert.deepEqual(press('PageDown'), [25, 5]);
  assert.equal(press('a'), null);
  assert.equal(press('toString'), null);
});

test('labels of layers do not touch, and the last layer has one', () => {
  assert.deepEqual(labelled(3, 24), [0, 1, 2]);
  assert.deepEqual(labelled(30, 11), [0, 5, 10, 15, 20, 25, 29]);
  for (let layers = 1; layers < 130; layers++) {
    for (let height = 3; height <= 24; height++) {
      const labels = labelled(layers, height);
      assert.equal(labels.at(-1), layers - 1);
      labels.slice(1).forEach((label, i) =>
        assert.ok((label - labels[i]) * height >= 12, `${layers} layers of ${height}: ${labels}`));
    }
  }
});

test('an image is as wide as all tokens, and never wider than a phone can draw', () => {
  for (const columns of [1, 10, 336, 337, 676, 2048, 8000, 8120, 8121, 100_000]) {
    for (const layers of [1, 3, 30, 128]) {
      const { scale, from, cell, width, height } = layoutOf(columns, layers);
      assert.ok(width * scale <= MAX_WIDTH, `${columns}: ${width} x ${scale}`);
      // What Safari draws at most.
      assert.ok(width * height * scale * scale <= 16_777_216, `${columns}: ${width} x ${height}`);
      assert.ok((columns - from) * cell.width <= width - 72);
      if (columns <= 8120) assert.equal(from, 0);
      else assert.equal(columns - from, 8120);
    }
  }
});
