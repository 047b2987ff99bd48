// The words of the page in English, by part. A text with figures in it is a function. Each other
// language is one file beside this one, with the same names.

import {
  formatCount, formatDecimal, formatMegabytes, formatPercent, formatSeconds,
  formatShort, plural,
} from '../shared/format.js';

const en = {
  language: 'en',
  direction: /** @type {'ltr' | 'rtl'} */ ('ltr'),

  chat: {
    newChat: 'New chat',
    isNew: 'New chat.',
    yourMessage: 'Your message',
    placeholder: 'Ask something',
    send: 'Send',
    stop: 'Stop',
    conversation: 'Conversation',
    oneMoment: 'One moment.',
    loading: 'Loading the model.',
    ready: 'Ready.',
    answering: 'Answering.',
    anotherWaits: 'Your question before this one waits.',
    waitsForModel: 'Will be answered when the model is ready.',
    waitsForStart: 'Will be answered when the model is here: start it above.',
    partMissing: 'A part of the page did not come: try again, or reload the page.',
    languageMissing: 'This language did not come: try again.',
    /** @param {number} tokens of the question that are still to read */
    reading: (tokens) => `reading the question, ${plural(tokens, 'token')} left`,
    /** @param {number} tokens of the answer so far */
    goingOver: (tokens) => `going over the first ${plural(tokens, 'token')} again`,
    /** @param {number} tokens a second */
    rate: (tokens) => `${formatDecimal(tokens)} tokens/s`,
    /** @param {number} words of the answer */
    done: (words) => `Done, ${plural(words, 'word')}.`,
    /** @param {number} words of the answer */
    stopped: (words) => `Stopped, ${plural(words, 'word')}.`,
    contextInUse: 'Room used in this chat',
    /** @param {number} tokens @param {number} most that fit */
    used: (tokens, most) => `${formatCount(tokens)} of ${formatCount(most)} tokens`,
    /** @param {string} sentence */
    note: (sentence) => `Note: ${sentence}`,
  },

  wayBack: {
    /** Read out as the name of the line. */
    name: 'What was here before',
    chat: 'The chat before is kept nowhere.',
    turns: 'What followed was removed.',
    bring: 'Bring it back',
  },

  greeting: {
    title: 'A small language model that runs on spikes, in your browser.',
    what: 'It works here as a spiking neural network, on your own processor.',
    caution: 'Models of this size write fluently and are often wrong: do not rely on what it says.',
    private: 'Nothing you type leaves this page.',
    framed: 'Nothing you type leaves your browser by us; the page around this chat can read it.',
    /** Between sentences. */
    space: ' ',
    /** Read out before the questions. */
    examples: 'Examples',
    /** The model answers best in English. */
    questions: [
      'What is a neuron?',
      'Write a short poem about the sea.',
      'Give me three tips for a good night’s sleep.',
    ],
  },

  question: {
    /** Read out before a question. */
    you: 'You: ',
    edit: 'Edit',
    yours: 'Your question',
    hint: 'Asks again from here: what follows is removed.',
    again: 'Ask again',
    cancel: 'Cancel',
  },

  answer: {
    /** Read out before an answer. */
    model: 'Model: ',
    /** Read out before its buttons. */
    tools: 'This answer',
    copy: 'Copy',
    another: 'Another answer',
    goOn: 'Continue',
    copied: 'Copied',
    notCopied: 'Not copied',
    isCopied: 'Copied.',
    cannotCopy: 'This browser does not let the page copy: select the text instead.',
    /** A line under the answer of parts like these. */
    stopped: 'stopped',
    cutLength: 'cut at the longest length',
    cutFull: 'cut: this chat is full',
    /** @param {number} seconds */
    first: (seconds) => `first token after ${formatSeconds(seconds)}`,
    /** How an answer was given. @param {number} planes @param {number} of */
    early: (planes, of) => `before all of the model had come: ${planes} of ${of} bit planes`,
    /** @param {number} seed */
    seed: (seed) => `seed ${seed}`,
    startAgain: 'Start the engine again',
    tryAgain: 'Try again',
    noneTitle: 'This question has no answer yet',
    noneDetail: 'The chat ended before it came.',
    give: 'Answer it',
    same: 'With creativity 0 the same answer would come: raise it in the settings.',
  },

  markdown: {
    copyCode: 'Copy code',
    /** Where no language is named. */
    code: 'code',
    codeBlock: 'Code',
    table: 'Table',
    image: 'image: ',
    toDo: 'to do',
    done: 'done',
  },

  guard: {
    name: 'Room left in this chat',
    forget: 'Forget the oldest turns',
    anew: 'Begin a new chat',
    /** @param {number} used tokens @param {number} most */
    filling: (used, most) => `This chat fills ${formatCount(used)} of the ${formatCount(most)} `
      + 'tokens that the model can read. When it is full no answer fits.',
    /** @param {number} used tokens @param {number} most */
    waits: (used, most) => `This chat fills ${formatCount(used)} of the ${formatCount(most)} `
      + 'tokens that the model can read: your question and an answer may not fit. It is sent when '
      + 'you have chosen.',
    choose: 'This chat is nearly full: choose what to do.',
    forgotten: 'The oldest turns are not read any more.',
    dropped: 'The model no longer reads what is above.',
  },

  loading: {
    /** What the bar is of. */
    bar: 'Model',
    cancel: 'Cancel',
    download: 'Download and start',
    /** @param {number} bytes */
    downloadBytes: (bytes) => `Download ${formatMegabytes(bytes)} and start`,
    start: 'Start',
    startAgain: 'Start again',
    tryAgain: 'Try again',
    /** @param {number} bytes */
    here: (bytes) => `${formatMegabytes(bytes)}, already in this browser.`,
    /** Of a box to tick. */
    keep: {
      browser: 'Keep it in this browser: next time it starts at once.',
      site: 'Keep it for this site: next time it starts at once here.',
    },
    notKept:
      'Not kept: this browser lets nothing be stored here, and each visit downloads it again.',
    /** @param {number} bytes */
    delete: (bytes) => `Delete the model (${formatMegabytes(bytes)})`,
    deleted: 'The model is deleted from this browser.',
    phases: {
      engine: 'Starting the engine',
      manifest: 'Reading the model’s description',
      shards: 'Downloading the model',
      prepare: 'Preparing the model',
      ready: 'Ready',
    },
    waiting: 'Waiting for the network',
    reading: 'Reading the model from this browser',
    /** @param {number} bytes @param {number} all */
    some: (bytes, all) => `${formatDecimal(bytes / 1e6)} of ${formatMegabytes(all)}`,
    /** @param {number} bytes a second */
    speed: (bytes) => formatMegabytes(bytes, '-per-second'),
    /** @param {number} seconds */
    left: (seconds) => `${formatSeconds(seconds)} left`,
    /** @param {number} bytes of what has come */
    fromHere: (bytes) => `${formatMegabytes(bytes)} from this browser`,
    /** Where what came is kept. @param {string} advice what to do */
    kept: (advice) => `What was downloaded is kept. ${advice}`,
    /** Before all of the model has come. @param {number} planes @param {number} of */
    early: (planes, of) =>
      `Speaking already, a little less exactly: ${planes} of ${of} bit planes`,
  },

  /** By the codes of what the engine notices. */
  notices: {
    unsupported_browser: 'Answers come more slowly in this browser; a current one is faster.',
    quota_exceeded: 'This browser does not keep the model: it is downloaded again next time.',
  },

  /** By the codes of errors: what happened, and what to do. */
  advice: {
    unsupported_browser: {
      title: 'This browser cannot run the engine',
      advice: 'A current Firefox, Chrome, Edge or Safari can. '
        + 'Where this is one, the server holds a damaged file.',
    },
    offline: {
      title: 'The network is away',
      advice: 'Try again when you are online.',
    },
    http_status: {
      title: 'The server refused a file',
      advice: 'Try again in a while.',
    },
    wrong_content_type: {
      title: 'The server sent a page instead of a file',
      advice: 'The site seems to be set up wrongly: a file of the model is missing.',
    },
    shard_truncated: {
      title: 'A part of the model came incomplete',
      advice: 'Try again.',
    },
    shard_corrupt: {
      title: 'A part of the model is damaged',
      advice: 'It was not used. Try again; if it stays so, the server holds a damaged file.',
    },
    manifest_invalid: {
      title: 'The model’s description is not valid',
      advice: 'The site seems to hold a damaged or foreign model.',
    },
    model_invalid: {
      title: 'The model is not valid',
      advice: 'The site seems to hold a damaged or foreign model.',
    },
    version_mismatch: {
      title: 'Page and model do not fit together',
      advice: 'Reload the page to get the newer one.',
    },
    quota_exceeded: {
      title: 'The browser has no room left',
      advice: 'The chat works, but the model is downloaded again next time.',
    },
    out_of_memory: {
      title: 'Not enough memory',
      advice: 'Close other tabs and try again.',
    },
    timeout: { title: 'Nothing came for too long', advice: 'Try again.' },
    aborted: { title: 'Cancelled', advice: 'What was downloaded is kept.' },
    context_full: {
      title: 'This chat is full',
      advice: 'The model can look at no more text than this. Start a new chat.',
    },
    bad_request: { title: 'The engine refused the request', advice: 'Check the settings.' },
    engine_crashed: {
      title: 'The engine stopped',
      advice:
        'Your chat is kept. Start the engine again: the model need not be downloaded again.',
    },
    blocked_by_policy: {
      title: 'A policy of this page is against the engine',
      advice: 'Whoever runs this page can change that; trying again cannot.',
    },
    model_unsupported: {
      title: 'This file cannot be used',
      advice: 'It has something that this engine does not compute.',
    },
    file_unreadable: {
      title: 'The file could not be read',
      advice: 'Choose it again: it may have been moved or changed.',
    },
    busy: {
      title: 'The engine is busy',
      advice: 'Another answer is being given. Try again when it is done.',
    },
  },
  noModel: {
    title: 'There is no model of this name',
    /** Of a model of the reader's own. */
    own: 'This browser has no such model, or not all of it. Open its file, and it stays here.',
    /** @param {string} address */
    advice: (address) => `Nothing is at ${address}: check how it is spelled.`,
  },

  coding: {
    heading: 'Quality',
    best: {
      title: 'Best quality',
      /** In the line under an answer. */
      short: 'best quality',
      hint: 'All neurons have the most time steps, so they code most finely.',
    },
    balanced: {
      title: 'Balanced',
      short: 'balanced',
      hint: 'The neurons that matter most have the most time steps, the others fewer.',
    },
    fewest: {
      title: 'Fewest spikes',
      short: 'fewest spikes',
      hint: 'Most neurons have few time steps. Answers are rougher.',
    },
    /** @param {string} titles of what the model cannot do */
    missing: (titles) => `Not with this model: ${titles}. It has no ranking of its neurons.`,
    overruled: 'Overruled by the time steps below.',
    steps: 'Time steps T',
    stepsAuto: 'auto',
    stepsByQuality: 'Each neuron has as many as the quality gives it.',
    stepsUniform: 'All neurons have T time steps, whatever is chosen above. '
      + 'More of them code an activation more finely: 16, 31 or 61 levels.',
    /** @param {number} steps */
    uniform: (steps) => `T = ${steps}`,
  },

  settings: {
    name: 'Settings',
    creativity: 'Creativity',
    /** The technical word for it. */
    temperature: 'temperature',
    creativityHints: {
      none: 'Always the likeliest word: the same question gets the same answer.',
      low: 'Mostly the likeliest words.',
      middle: 'Less likely words too: livelier, more mistakes.',
      high: 'Unlikely words too: seldom makes sense.',
    },
    /** @param {number} temperature */
    creativityIs: (temperature) => `creativity ${formatDecimal(temperature, 1, 3)}`,
    language: 'Language',
    details: 'Details',
    seed: 'Seed',
    seedRandom: 'random',
    seedHint: 'The same question, settings and seed give the same answer in every browser.',
    kernel: 'Kernel',
    kernels: { auto: 'Automatic', lookup: 'Table lookup', popcount: 'AND + popcount' },
    builds: { relaxed: 'relaxed SIMD', simd: 'SIMD', plain: 'plain' },
    /** @param {string} kernel @param {string} build @param {string} why */
    running: (kernel, build, why) => `Running: ${kernel}, ${build} build (${why}).`,
    /** @param {string} kernel */
    prompts: (kernel) => `Questions are read with ${kernel}: it multiplies, with the same result.`,
    notRunning: 'Auto measures both while answering.',
    threads: 'Threads',
    threadsHint: 'More threads use more of the processor and more memory. Answers stay the same.',
    /** @param {number} threads @param {string} why */
    runningThreads: (threads, why) => `Threads: ${threads} (${why}).`,
    threadsWhy: {
      usual: 'as usual',
      asked: 'as chosen',
      alone: 'this page is not isolated, so that threads cannot share memory',
      unshared: 'in this browser threads cannot share memory',
    },
    threadsFewer: 'fewer, because the engine stopped with more',
    plain: 'Show answers as the model wrote them (Markdown)',
    thinking: 'Think before answering',
    activity: 'Show what the neurons do',
  },

  /** Models, and files that become one: the other words are in the folder shelf. */
  shelf: {
    name: 'Models',
    open: 'Open a GGUF file…',
  },

  chats: {
    name: 'Chats',
    own: 'This chat',
    saveMarkdown: 'Save as Markdown',
    saveJson: 'Save as JSON',
    copyLink: 'Copy link',
    others: 'Other chats',
    open: 'Open a JSON file…',
    file: 'Chat file',
    keep: 'Keep my chats in this browser',
    keepHint: 'Off, a chat is gone when the page is closed. On, chats stay on this device, '
      + 'readable for whoever uses this browser, until you delete them here or clear the site’s '
      + 'data.',
    /** @param {number} questions */
    questions: (questions) => plural(questions, 'question'),
    /** The one on the screen. */
    isOpen: 'open',
    rename: 'Rename',
    title: 'Name',
    keepTitle: 'Keep name',
    renamed: 'Renamed.',
    delete: 'Delete',
    sure: 'Really delete?',
    deleted: 'Deleted.',
    deleteAll: 'Delete all',
    sureAll: 'Really delete all?',
    deletedAll: 'All kept chats are deleted.',
    noLonger: 'Chats are not kept from now on. Those that were kept are deleted with them below, '
      + 'or stay for when you choose to keep chats again.',
    choiceNotKept: 'Kept, but the browser will not remember this choice.',
    saved: 'Saved: your browser says where.',
    linkCopied: 'Copied. Whoever opens the link sees your questions and can play the chat again: '
      + 'the same words, spike for spike.',
    /** @param {string} why */
    noLink: (why) => `No link: ${why}`,
    /** @param {string} why */
    notOpened: (why) => `Not opened: ${why}`,
    tooLarge: 'the file is larger than any chat',
    noRoom: 'This browser has no room left for the chat: delete older ones, or save it as a file.',
    blocked: 'This browser does not let the page keep anything: save the chat as a file instead.',
    gone: 'This chat was deleted from what this browser keeps: it is not kept again.',
    empty: 'Empty chat',
    /** @param {string} title of a chat that went on in two tabs */
    otherTab: (title) => `${title} (other tab)`,
  },

  /** A chat as a Markdown file. */
  file: {
    /** @param {string} date */
    about: (date) => `A chat with SpikeChat, begun ${date}.`,
    instructions: 'Instructions',
    you: 'You',
    model: 'Model',
  },

  link: {
    name: 'Linked chat',
    play: 'Play',
    startAndPlay: 'Start the model and play',
    playAnyway: 'Play all the same',
    notNow: 'Not now',
    close: 'Close',
    badTitle: 'This link cannot be played',
    /** @param {string} why a sentence */
    bad: (why) => `${why} Ask for it once more.`,
    /** @param {number} questions */
    title: (questions) => `A linked chat: ${plural(questions, 'question')}`,
    /** @param {string} model */
    about: (model) => `Asked ${model}. Your machine gives the answers again; nothing of this has `
      + 'been sent anywhere.',
    /** @param {string} system */
    instructions: (system) => `Instructions: ${system}`,
    replaces: 'It takes the place of the chat that is here, which is kept nowhere.',
    otherTitle: 'The link is of another model',
    /** @param {string} linked @param {string} here */
    other: (linked, here) => `It was made with ${linked}; here is ${here}. The answers will not be `
      + 'the same.',
    playing: 'Playing a linked chat',
    cutTitle: 'Not played to the end',
    /** @param {number} given @param {number} all */
    cut: (given, all) => `${formatCount(given)} of ${plural(all, 'answer')} were given.`,
    sameTitle: 'Played: the same, spike for spike',
    /** @param {number} answers */
    same: (answers) => (answers === 1
      ? 'Your machine gave the answer with the same words and the same number of spikes.'
      : `Your machine gave all ${formatCount(answers)} answers with the same words and the same `
        + 'number of spikes.'),
    notSameTitle: 'Played: not the same',
    /** @param {number} answer from 1 on */
    otherWords: (answer) => `Answer ${answer}: other words than in the link.`,
    /** @param {number} answer from 1 on */
    otherSpikes: (answer) => `Answer ${answer}: other spikes than in the link.`,
    nothingYet: 'there is no answer yet that a link could repeat',
    early: 'this chat holds answers that were given before all of the model had come: '
      + 'ask for them again first',
    foreign: 'this chat holds answers that the model here has not given: save it as a file',
    tooLong: 'this chat is too long for a link: save it as a file',
    damaged: 'the link is damaged',
  },

  activity: {
    /** Read out as the name of the panel. */
    name: 'Spike activity',
    title: 'Activity',
    details: 'Details',
  },

  heatmap: {
    role: 'heatmap',
    label: 'Activity by token and layer. Arrow keys move a cell, Enter chooses it, Escape leaves '
      + 'it.',
    empty: 'Every token of an answer becomes a column here.',
    measure: 'Measure',
    population: 'Population',
    measures: {
      unusual: {
        label: 'More spikes than usual',
        /** After a figure. */
        noun: 'against the layer’s usual spikes',
        /** For someone who knows nothing of it. */
        says: 'Bright: for this word the layer fires more spikes than it usually does.',
        learned: 'Bright: for this word the layer fires more spikes than it has lately done for '
          + 'others.',
        /** At the ends of the scale. */
        low: 'as usual, or fewer',
        high: 'many more',
      },
      spikes: {
        label: 'Binary spikes per neuron',
        noun: 'binary spikes per neuron',
        says: 'Bright: the layer’s neurons fire many spikes for this word.',
        low: 'none',
        high: 'many',
      },
      active: {
        label: 'Neurons away from rest',
        noun: 'of neurons away from rest',
        says: 'Bright: few of the layer’s neurons are silent for this word.',
        low: 'all silent',
        high: 'all fire',
      },
      operations: {
        label: 'Synaptic operations',
        noun: 'synaptic operations per synapse',
        says: 'Bright: the layer’s spikes cause many additions for this word, one at each '
          + 'synapse that a spike reaches.',
        low: 'none',
        high: 'many',
      },
      strong: {
        label: 'Neurons beyond one step',
        noun: 'of neurons fire more than one step can carry',
        says: 'Bright: many of the layer’s neurons fire more than one time step can carry.',
        low: 'none',
        high: 'many',
      },
    },
    populations: {
      all: 'All populations',
      qkv: 'Attention input',
      attn_out: 'Attention output',
      gate_up: 'Feed-forward input',
      down: 'Feed-forward hidden',
      keys: 'Keys kept',
      values: 'Values kept',
    },
    /** @param {number} most that one step can carry */
    oneStep: (most) =>
      `With one step no neuron can pass ${most}: choose another measure to see a difference.`,
    notCounted: 'not counted',
    noText: '(no text)',
    layer: 'layer',
    token: 'token',
    /** @param {number} token @param {number} layer */
    place: (token, layer) => `token ${formatCount(token)}, layer ${layer}`,
    /**
     * Read out.
     * @param {number} token
     * @param {string} text
     * @param {number} layer
     * @param {string} figure with its noun
     */
    cell: (token, text, layer, figure) =>
      `Token ${formatCount(token)}, ${text}, layer ${layer}: ${figure}`,
    /** Rows beside a cell. */
    counts: {
      spikes: 'Spikes',
      usual: 'Usual spikes',
      operations: 'Additions',
      neurons: 'Neurons',
    },
    /** Read out for those who do not see the picture. */
    none: 'No tokens yet.',
    /** @param {number} tokens @param {number} layers */
    size: (tokens, layers) => `${plural(tokens, 'token')}, ${plural(layers, 'layer')}.`,
    /**
     * @param {{layer: number, figure: string}} busiest
     * @param {{layer: number, figure: string}} quietest
     * @param {string} noun
     */
    extremes: (busiest, quietest, noun) =>
      `On average layer ${busiest.layer} is busiest: ${busiest.figure} ${noun}; `
      + `layer ${quietest.layer} is quietest: ${quietest.figure}.`,
    /** Read out before the buttons. */
    tools: 'This picture',
    showTable: 'Show as table',
    hideTable: 'Hide table',
    savePicture: 'Save picture',
    saveFigures: 'Save figures',
    pictureHint: 'The whole picture, as a PNG file',
    figuresHint: 'All counts, as a CSV file for spreadsheets',
    notSaved: 'The file could not be made: try again.',
    notCome: 'The table did not come: try again.',
    /** @param {number} from @param {number} to @param {number} of */
    rows: (from, to, of) =>
      `Tokens ${formatCount(from)} to ${formatCount(to)} of ${formatCount(of)}`,
    before: 'Earlier',
    after: 'Later',
    /** Behind a title. @param {number} shown @param {number} of */
    lastTokens: (shown, of) => `the last ${formatCount(shown)} of ${formatCount(of)} tokens`,
  },

  figures: {
    rate: 'Tokens per second',
    spikes: 'Spikes per token',
    operations: 'Synaptic operations',
    silent: 'Neurons at rest',
    /**
     * @param {number} executed additions
     * @param {number} dense multiply-adds
     * @param {number} back synaptic operations
     * @param {number} backDense multiply-adds
     */
    comparison: (executed, dense, back, backDense) =>
      'Per token and in the mean. Executed by the popcount kernel: '
      + `${formatShort(executed)} additions. Dense: ${formatShort(dense)} multiply-adds. Looking `
      + `back from the last token: ${formatShort(back)} synaptic operations, dense `
      + `${formatShort(backDense)}.`,
    how: 'How this is counted',
    notes: [
      'Spikes are binary and counted from rest: k = q − z, run through the T steps; the ones '
        + 'of each 4-bit spike are added up. A neuron with k = 0 is silent.',
      'Synaptic operations are those spikes times the synapses each one reaches. “Executed” '
        + 'counts the ones in the codes’ binary planes, rest level included, times the same '
        + 'synapses: what the popcount kernel adds. The lookup kernel reads tables instead.',
      'Keys and values are spikes too, kept for the tokens that follow: each spike of a key '
        + 'reaches the query heads that share it, each spike of a value those that give its token '
        + 'weight. They are counted apart, because they grow with the context. The head is not in '
        + 'these figures.',
      'Dense is the number of multiply-adds of the same layers without spikes. An addition and '
        + 'a multiply-add do not cost the same, so the two are figures side by side, not a saving.',
    ],
  },

  embed: {
    close: 'Close',
  },

  page: {
    noSuchModel: 'No such model',
    /** @param {string} name */
    noModelName: (name) => `“${name}” cannot be the name of a model.`,
    openStandard: 'Open the standard model',
    newVersion: 'A new version of this page is here.',
    takeVersion: 'Load it',
    closeOthers: 'Close the other tabs of SpikeChat first.',
  },

  /** The other words of it are in en-looking.js. */
  neurons: {
    open: 'Look inside',
    missing: 'What this needs did not come: try again, or reload the page.',
  },

  compare: {
    title: 'Compare answers',
    /** The button under an answer. */
    button: 'Compare',
    /** The button in the settings. */
    open: 'Compare answers…',
    nothing: 'Ask something first: its answers can be compared then.',
    busy: 'An answer is being given: compare when it is done.',
    /** Before the question. */
    asked: 'You asked:',
    /** After the question. @param {number} turns */
    before: (turns) => (turns === 1 ? '(The turn before it is read too.)'
      : `(The ${formatCount(turns)} turns before it are read too.)`),
    kind: 'What to compare',
    kinds: { steps: 'Precision', presets: 'Two qualities', damage: 'Damage' },
    says: {
      steps: 'The same question and seed, with 4, 2 and 1 time steps (T) for every neuron. With '
        + 'fewer steps neurons fire fewer spikes, and say less exactly what they mean. It is no '
        + 'faster: a processor like yours works as much for a neuron that is silent.',
      presets: 'The same question and seed, with two of the qualities in the settings.',
      damage: 'The same question and seed, once healthy and once with parts of the network '
        + 'damaged. Your chat stays healthy.',
    },
    first: 'One',
    second: 'The other',
    sameTwice: 'Choose two qualities that differ.',
    noPresets: 'This model has one quality alone: its precision differs by T alone.',
    run: 'Compare now',
    again: 'Run again',
    /** @param {string} title of an answer */
    stopOne: (title) => `Stop: ${title}`,
    stopAll: 'Stop all',
    /** @param {number} n answers @param {number} tokens @param {number | null} seconds */
    cost: (n, tokens, seconds) =>
      `${n === 1 ? 'One answer' : `${formatCount(n)} answers, one after another, each`} of at most `
      + `${plural(tokens, 'token')}: ${seconds === null
        ? 'how long they take is seen with the first' : `about ${formatSeconds(seconds)}`}.`,
    /** @param {number} i from 1 on @param {number} n answers @param {string} title */
    progress: (i, n, title) =>
      `Comparing, answer ${formatCount(i)} of ${formatCount(n)}: ${title}. The chat waits.`,
    finished: 'The comparison is done.',
    ended: 'The comparison was stopped.',
    /** How it goes with an answer. */
    waits: 'waits for its turn',
    answering: 'answering',
    done: 'done',
    /** @param {number} tokens */
    cut: (tokens) => `cut after ${plural(tokens, 'token')}`,
    stopped: 'stopped',
    notAsked: 'not asked',
    figures: {
      spikes: 'Spikes per token',
      operations: 'Synaptic operations per token',
      rate: 'Tokens per second',
    },
    /** @param {string} title of another answer */
    equal: (title) => `as ${title}`,
    /** @param {number} share 0.4 @param {string} title of another answer */
    fewer: (share, title) => `${formatPercent(share, 0)} fewer than ${title}`,
    /** @param {number} share 0.4 @param {string} title of another answer */
    more: (share, title) => `${formatPercent(share, 0)} more than ${title}`,
    /** In the text of an answer. */
    differs: 'differs from here',
    /** @param {string} title of another answer */
    otherDiffers: (title) => `${title}: differs from here`,
    endsHere: 'ends here',
    /** @param {string} title of another answer */
    same: (title) => `The same as ${title}, word for word.`,
    /** @param {string} title of another answer @param {number} token from 1 on */
    differsAt: (title, token) => `Differs from ${title} from token ${formatCount(token)} on.`,
    copy: 'Copy as JSON',
    alone: 'Compare without the turns before it',
  },

  lesions: {
    healthy: 'Healthy',
    damaged: 'Damaged',
    /** Before ready-made experiments. */
    try: 'Try:',
    figures: 'All figures',
    anaesthesia: 'Anaesthesia',
    thresholds: 'Thresholds',
    /** @param {number} factor */
    times: (factor) => `× ${formatDecimal(factor, Number.isInteger(factor) ? 0 : 1)}`,
    raised: 'Which neurons',
    everyNeuron: 'all neurons',
    anaesthesiaSays: 'A neuron fires when its input passes a threshold. With a higher one it fires '
      + 'less, and small inputs are lost.',
    silencing: 'Silence',
    silence: 'What',
    wholeLayer: 'A whole layer',
    oneHead: 'An attention head',
    parts: { attention: 'Attention', feed_forward: 'Feed-forward' },
    inLayer: 'Layer',
    headNumber: 'Head',
    all: 'all layers',
    /** @param {number} n */
    layer: (n) => `layer ${n}`,
    /** @param {number} n */
    head: (n) => `head ${n}`,
    /** @param {string} place @param {string} what is there */
    within: (place, what) => `${place}: ${what}`,
    add: 'Silence it',
    /** @param {string} what */
    isSilent: (what) => `Silent now: ${what}.`,
    /** @param {string} what */
    takeBack: (what) => `Not silent any more: ${what}`,
    silencingSays: 'What is silent stays at rest, as if it had been cut out. Layers pass on what '
      + 'they are given, so that many can be missed.',
    coarser: 'Coarser weights',
    planes: 'Planes that are not read',
    noPlane: 'none',
    coarserSays: 'A weight is a number of four bits. Each bit plane that is not read leaves half '
      + 'as many values to it.',
    reset: 'Heal everything',
    isHealthy: 'Nothing is damaged any more.',
    nothing: 'Nothing is damaged yet: choose something above.',
    code: 'As code',
    experiments: {
      anaesthesia: {
        title: 'All thresholds × 8',
        measured: 'Measured: 73% fewer spikes, and the likeliest word stays the same 59 times in '
          + '100. It still speaks, in circles; at × 12 it has lost its sentences.',
      },
      hidden: {
        title: 'Hidden neurons × 4',
        measured: 'Measured: the feed-forward hidden neurons can spare the most. A quarter of all '
          + 'spikes goes, and the predictions hardly change (KL 0.076).',
      },
      layer: {
        title: 'Layer 11 without feed-forward',
        measured: 'Measured: most layers can be missed one at a time. This half of one layer '
          + 'costs eight times what its neighbours’ do (KL 2.0).',
      },
      planes: {
        title: 'Weights of three bits',
        measured: 'Measured: one bit less is already too much. The likeliest word stays the same '
          + '38 times in 100.',
      },
      heads: {
        title: 'The heads that matter most',
        measured: 'Measured: these are 13 heads of 270. Without them the model is worse off than '
          + 'without the half that matters least (KL 3.9 against 1.8).',
      },
    },
  },

  /** The other words of it are in en-looking.js. */
  tour: {
    open: 'Take the tour',
  },

  recording: {
    title: 'A recorded answer',
    before: 'Recorded earlier; nothing has been downloaded.',
    here: 'Recorded earlier.',
    loading: 'Recorded earlier, to watch while the model comes.',
    after: 'Recorded earlier, on another machine.',
    tag: 'Recorded',
    play: 'Play',
    pause: 'Pause',
    again: 'Play again',
    skip: 'Skip',
    real: 'Faster',
    slow: 'Slower',
    check: 'Compare with this machine',
    checking: 'Your machine gives the same answer again …',
    /**
     * @param {string} model @param {number} rate tokens a second @param {string} machine
     * @param {number} slow how many times slower it is shown
     */
    note: (model, rate, machine, slow) => `${model} · ${formatDecimal(rate)} tokens/s on ${machine}`
      + (slow > 1 ? `, shown ${slow} times slower` : ''),
    notChecked: 'Not compared to the end.',
    /** @param {number} tokens @param {number} counts */
    same: (tokens, counts) => `Your machine reproduced it bit for bit: ${plural(tokens, 'token')}, `
      + `${plural(counts, 'count')}.`,
    /** @param {number} token @param {string} was @param {string} is */
    otherWord: (token, was, is) => `Your machine gave something else from token ${token} on: `
      + `“${is}” in place of “${was}”.`,
    /** @param {number} token @param {number} layer @param {number} was @param {number} is */
    otherSpikes: (token, layer, was, is) => `Your machine differs from token ${token} on: `
      + `${plural(is, 'spike')} in layer ${layer}, where ${formatCount(was)} were recorded.`,
    /** @param {number} token */
    otherCounts: (token) => `Your machine counts otherwise from token ${token} on.`,
  },
};

export default en;
