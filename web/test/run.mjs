// Runs the page's tests in the system's Chromium over the built site: node web/test/run.mjs [dist]

import './engine.test.js';
import './neurons.test.js';
import './faults.test.js';
import './delivery.test.js';
import './bare.test.js';
import './kept.test.js';
import './heatmap.test.js';
import './looking.test.js';
import './page.test.js';
import './words.test.js';
import './chat.test.js';
import './compare.test.js';
import './accessible.test.js';
import './reader.test.js';
import './smooth.test.js';
import './recording.test.js';
import './tour.test.js';
import './guest.test.js';
import './frameworks.test.js';
import './package.test.js';
import './policy.test.js';
import './examples.test.js';
import './model.test.js';
import './hash.test.js';
import './release.test.js';
import './api-docs.test.js';
