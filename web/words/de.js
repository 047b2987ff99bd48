// The words of the page in German. Terms: Spike, Neuron, Zeitschritt, Schwelle, Schicht, Kopf,
// Token, Seed, Ruhe, synaptische Operation, Population, Kernel, Kontext.

import {
  formatCount, formatDecimal, formatList, formatMegabytes, formatPercent, formatSeconds,
  formatShort, pluralOf,
} from '../shared/format.js';

/** @param {number} n */
const tokens = (n) => `${formatCount(n)} Token`;
/** @param {number} n */
const words = (n) => pluralOf(n, { one: '# Wort', other: '# Wörter' });
/** @param {number} n */
const questions = (n) => pluralOf(n, { one: '# Frage', other: '# Fragen' });
/** @param {number} n */
const answers = (n) => pluralOf(n, { one: '# Antwort', other: '# Antworten' });

/** @param {number} n */
const inSteps = (n) => pluralOf(n, { one: '# Zeitschritt', other: '# Zeitschritten' });
/** @param {number} n */
const inGroups = (n) => pluralOf(n, { one: '# Gruppe', other: '# Gruppen' });

/** @type {import('./words.js').Words} */
const de = {
  language: 'de',
  direction: 'ltr',

  chat: {
    newChat: 'Neuer Chat',
    isNew: 'Neuer Chat.',
    yourMessage: 'Ihre Nachricht',
    placeholder: 'Frage stellen',
    send: 'Senden',
    stop: 'Stopp',
    conversation: 'Gespräch',
    oneMoment: 'Einen Moment.',
    loading: 'Das Modell wird geladen.',
    ready: 'Bereit.',
    answering: 'Die Antwort entsteht.',
    anotherWaits: 'Ihre vorige Frage wartet noch.',
    waitsForModel: 'Die Antwort kommt, sobald das Modell bereit ist.',
    waitsForStart: 'Die Antwort kommt, sobald das Modell da ist: Starten Sie es oben.',
    partMissing: 'Ein Teil der Seite kam nicht an: Versuchen Sie es noch einmal, oder laden Sie '
      + 'die Seite neu.',
    languageMissing: 'Diese Sprache kam nicht an: Versuchen Sie es noch einmal.',
    reading: (left) => `liest die Frage, noch ${tokens(left)}`,
    goingOver: (n) => `geht die ersten ${tokens(n)} noch einmal durch`,
    rate: (rate) => `${formatDecimal(rate)} Token/s`,
    done: (n) => `Fertig, ${words(n)}.`,
    stopped: (n) => `Angehalten, ${words(n)}.`,
    contextInUse: 'Belegter Platz in diesem Chat',
    used: (used, most) => `${formatCount(used)} von ${tokens(most)}`,
    note: (sentence) => `Hinweis: ${sentence}`,
  },

  greeting: {
    title: 'Ein kleines Sprachmodell, das mit Spikes rechnet, in Ihrem Browser.',
    what: 'Es arbeitet hier als spikendes neuronales Netz, auf Ihrem eigenen Prozessor.',
    caution: 'Modelle dieser Größe schreiben flüssig und irren sich oft: Verlassen Sie sich nicht '
      + 'auf das, was es sagt. Am besten versteht es Englisch.',
    private: 'Nichts, was Sie schreiben, verlässt diese Seite.',
    framed: 'Durch uns verlässt nichts, was Sie schreiben, Ihren Browser; die Seite um diesen Chat '
      + 'kann es lesen.',
    space: ' ',
    examples: 'Beispiele',
    questions: [
      'What is a neuron?',
      'Write a short poem about the sea.',
      'Give me three tips for a good night’s sleep.',
    ],
  },

  question: {
    you: 'Sie: ',
    edit: 'Ändern',
    yours: 'Ihre Frage',
    hint: 'Fragt von hier an neu: Was folgt, wird entfernt.',
    again: 'Neu fragen',
    cancel: 'Abbrechen',
  },

  answer: {
    model: 'Modell: ',
    tools: 'Diese Antwort',
    copy: 'Kopieren',
    another: 'Andere Antwort',
    goOn: 'Fortsetzen',
    copied: 'Kopiert',
    notCopied: 'Nicht kopiert',
    isCopied: 'Kopiert.',
    cannotCopy: 'Dieser Browser lässt die Seite nicht kopieren: Markieren Sie den Text.',
    stopped: 'angehalten',
    cutLength: 'nach der größten Länge abgeschnitten',
    cutFull: 'abgeschnitten: Dieser Chat ist voll',
    first: (seconds) => `erstes Token nach ${formatSeconds(seconds)}`,
    early: (planes, of) => `bevor das ganze Modell da war: ${planes} von ${of} Bitebenen`,
    seed: (seed) => `Seed ${seed}`,
    startAgain: 'Rechenkern neu starten',
    tryAgain: 'Noch einmal versuchen',
    noneTitle: 'Diese Frage hat noch keine Antwort',
    noneDetail: 'Der Chat endete, bevor sie kam.',
    give: 'Beantworten',
    same: 'Mit Kreativität 0 käme dieselbe Antwort: Erhöhen Sie sie in den Einstellungen.',
  },

  markdown: {
    copyCode: 'Code kopieren',
    code: 'Code',
    codeBlock: 'Code',
    table: 'Tabelle',
    image: 'Bild: ',
    toDo: 'offen',
    done: 'erledigt',
  },

  guard: {
    name: 'Freier Platz in diesem Chat',
    forget: 'Älteste Fragen vergessen',
    anew: 'Neuen Chat beginnen',
    filling: (used, most) => `Dieser Chat füllt ${formatCount(used)} der ${tokens(most)}, die das `
      + 'Modell lesen kann. Ist er voll, passt keine Antwort mehr hinein.',
    waits: (used, most) => `Dieser Chat füllt ${formatCount(used)} der ${tokens(most)}, die das `
      + 'Modell lesen kann: Ihre Frage und eine Antwort passen vielleicht nicht mehr hinein. Sie '
      + 'wird gesendet, sobald Sie gewählt haben.',
    choose: 'Dieser Chat ist fast voll: Wählen Sie, wie es weitergeht.',
    forgotten: 'Die ältesten Fragen werden nicht mehr gelesen.',
    dropped: 'Was darüber steht, liest das Modell nicht mehr.',
  },

  loading: {
    bar: 'Modell',
    cancel: 'Abbrechen',
    download: 'Herunterladen und starten',
    downloadBytes: (bytes) => `${formatMegabytes(bytes)} herunterladen und starten`,
    start: 'Starten',
    startAgain: 'Neu starten',
    tryAgain: 'Noch einmal versuchen',
    here: (bytes) => `${formatMegabytes(bytes)}, schon in diesem Browser.`,
    keep: {
      browser: 'In diesem Browser behalten: Dann startet es beim nächsten Mal sofort.',
      site: 'Für diese Website behalten: Dann startet es hier beim nächsten Mal sofort.',
    },
    notKept: 'Wird nicht behalten: Dieser Browser lässt hier nichts speichern, und jeder Besuch '
      + 'lädt es neu herunter.',
    delete: (bytes) => `Das Modell löschen (${formatMegabytes(bytes)})`,
    deleted: 'Das Modell ist aus diesem Browser gelöscht.',
    phases: {
      engine: 'Der Rechenkern startet',
      manifest: 'Die Beschreibung des Modells wird gelesen',
      shards: 'Das Modell wird heruntergeladen',
      prepare: 'Das Modell wird vorbereitet',
      ready: 'Bereit',
    },
    waiting: 'Wartet auf das Netz',
    reading: 'Das Modell wird aus diesem Browser gelesen',
    some: (bytes, all) => `${formatDecimal(bytes / 1e6)} von ${formatMegabytes(all)}`,
    speed: (bytes) => formatMegabytes(bytes, '-per-second'),
    left: (seconds) => `noch ${formatSeconds(seconds)}`,
    fromHere: (bytes) => `${formatMegabytes(bytes)} aus diesem Browser`,
    kept: (advice) => `Was heruntergeladen wurde, bleibt. ${advice}`,
    early: (planes, of) =>
      `Antwortet schon, etwas ungenauer: ${planes} von ${of} Bitebenen`,
  },

  notices: {
    unsupported_browser: 'In diesem Browser kommen Antworten langsamer; ein aktueller ist '
      + 'schneller.',
    quota_exceeded: 'Dieser Browser behält das Modell nicht: Beim nächsten Mal wird es neu '
      + 'heruntergeladen.',
  },

  advice: {
    unsupported_browser: {
      title: 'In diesem Browser läuft der Rechenkern nicht',
      advice: 'In einem aktuellen Firefox, Chrome, Edge oder Safari läuft er. Ist dies einer, so '
        + 'liegt auf dem Server eine beschädigte Datei.',
    },
    offline: {
      title: 'Keine Verbindung zum Netz',
      advice: 'Versuchen Sie es noch einmal, wenn Sie online sind.',
    },
    http_status: {
      title: 'Der Server hat eine Datei verweigert',
      advice: 'Versuchen Sie es etwas später noch einmal.',
    },
    wrong_content_type: {
      title: 'Der Server hat statt einer Datei eine Seite geschickt',
      advice: 'Die Website ist wohl falsch eingerichtet: Eine Datei des Modells fehlt.',
    },
    shard_truncated: {
      title: 'Ein Teil des Modells kam unvollständig an',
      advice: 'Versuchen Sie es noch einmal.',
    },
    shard_corrupt: {
      title: 'Ein Teil des Modells ist beschädigt',
      advice: 'Er wurde nicht verwendet. Versuchen Sie es noch einmal; bleibt es dabei, so liegt '
        + 'auf dem Server eine beschädigte Datei.',
    },
    manifest_invalid: {
      title: 'Die Beschreibung des Modells ist ungültig',
      advice: 'Auf der Website liegt wohl ein beschädigtes oder fremdes Modell.',
    },
    model_invalid: {
      title: 'Das Modell ist ungültig',
      advice: 'Auf der Website liegt wohl ein beschädigtes oder fremdes Modell.',
    },
    version_mismatch: {
      title: 'Seite und Modell passen nicht zusammen',
      advice: 'Laden Sie die Seite neu, um die neuere zu bekommen.',
    },
    quota_exceeded: {
      title: 'Der Browser hat keinen Platz mehr',
      advice: 'Der Chat geht, aber beim nächsten Mal wird das Modell neu heruntergeladen.',
    },
    out_of_memory: {
      title: 'Zu wenig Arbeitsspeicher',
      advice: 'Schließen Sie andere Tabs und versuchen Sie es noch einmal.',
    },
    timeout: {
      title: 'Zu lange kam nichts an', advice: 'Versuchen Sie es noch einmal.',
    },
    aborted: { title: 'Abgebrochen', advice: 'Was heruntergeladen wurde, bleibt.' },
    context_full: {
      title: 'Dieser Chat ist voll',
      advice: 'Mehr Text kann das Modell nicht überblicken. Beginnen Sie einen neuen Chat.',
    },
    bad_request: {
      title: 'Der Rechenkern hat die Anfrage abgelehnt', advice: 'Prüfen Sie die Einstellungen.',
    },
    engine_crashed: {
      title: 'Der Rechenkern ist stehen geblieben',
      advice: 'Ihr Chat bleibt. Starten Sie den Rechenkern neu: Das Modell muss nicht noch einmal '
        + 'heruntergeladen werden.',
    },
    blocked_by_policy: {
      title: 'Eine Richtlinie dieser Seite lässt den Rechenkern nicht zu',
      advice: 'Wer diese Seite betreibt, kann das ändern; noch ein Versuch nicht.',
    },
    model_unsupported: {
      title: 'Diese Datei ist nicht verwendbar',
      advice: 'Sie enthält etwas, das dieser Rechenkern nicht rechnet.',
    },
    file_unreadable: {
      title: 'Die Datei war nicht lesbar',
      advice: 'Wählen Sie sie noch einmal: Vielleicht wurde sie verschoben oder geändert.',
    },
    busy: {
      title: 'Der Rechenkern ist beschäftigt',
      advice: 'Eine andere Antwort entsteht gerade. Versuchen Sie es danach noch einmal.',
    },
  },
  noModel: {
    title: 'Ein Modell dieses Namens gibt es nicht',
    own: 'Dieser Browser hat kein solches Modell aus einer Datei, oder nicht alles davon. '
      + 'Öffnen Sie die Datei, dann bleibt es hier.',
    advice: (address) => `Unter ${address} liegt nichts: Prüfen Sie die Schreibweise.`,
  },

  coding: {
    heading: 'Qualität',
    best: {
      title: 'Beste Qualität',
      short: 'beste Qualität',
      hint: 'Alle Neuronen haben die meisten Zeitschritte und codieren damit am feinsten.',
    },
    balanced: {
      title: 'Ausge\u00adwogen',
      short: 'ausgewogen',
      hint: 'Die wichtigsten Neuronen haben die meisten Zeitschritte, die anderen weniger.',
    },
    fewest: {
      title: 'Wenigste Spikes',
      short: 'wenigste Spikes',
      hint: 'Die meisten Neuronen haben wenige Zeitschritte. Die Antworten sind gröber.',
    },
    missing: (titles) => `Mit diesem Modell nicht: ${titles}. Es hat keine Rangfolge seiner `
      + 'Neuronen.',
    overruled: 'Die Zeitschritte unten gehen vor.',
    steps: 'Zeitschritte T',
    stepsAuto: 'auto',
    stepsByQuality: 'Jedes Neuron hat so viele, wie die Qualität ihm gibt.',
    stepsUniform: 'Alle Neuronen haben T Zeitschritte, was auch oben gewählt ist. Mehr davon '
      + 'codieren eine Aktivierung feiner: 16, 31 oder 61 Stufen.',
    uniform: (steps) => `T = ${steps}`,
  },

  settings: {
    name: 'Einstellungen',
    creativity: 'Kreativität',
    temperature: 'Temperatur',
    creativityHints: {
      none: 'Immer das wahrscheinlichste Wort: Dieselbe Frage bekommt dieselbe Antwort.',
      low: 'Meist die wahrscheinlichsten Wörter.',
      middle: 'Auch unwahrscheinlichere Wörter: lebendiger, mehr Fehler.',
      high: 'Auch unwahrscheinliche Wörter: ergibt selten Sinn.',
    },
    creativityIs: (temperature) => `Kreativität ${formatDecimal(temperature, 1, 3)}`,
    language: 'Sprache (Language)',
    details: 'Einzelheiten',
    seed: 'Seed',
    seedRandom: 'zufällig',
    seedHint: 'Gleiche Frage, gleiche Einstellungen und gleicher Seed geben in jedem Browser die '
      + 'gleiche Antwort.',
    kernel: 'Kernel',
    kernels: { auto: 'Automatisch', lookup: 'Tabellen', popcount: 'AND + Popcount' },
    builds: { relaxed: 'Relaxed SIMD', simd: 'SIMD', plain: 'ohne SIMD' },
    running: (kernel, build, why) => `Läuft: ${kernel}, ${build} (${why}).`,
    prompts: (kernel) => `Fragen liest ${kernel}: Es multipliziert, mit demselben Ergebnis.`,
    notRunning: 'Automatisch misst beide, während geantwortet wird.',
    threads: 'Rechenstränge (Threads)',
    threadsHint: 'Mehr Rechenstränge nutzen mehr vom Prozessor und mehr Speicher. Die Antworten '
      + 'bleiben gleich.',
    runningThreads: (threads, why) => `Rechenstränge: ${threads} (${why}).`,
    threadsWhy: {
      usual: 'wie üblich',
      asked: 'wie gewählt',
      alone: 'diese Seite ist nicht isoliert, daher können sie sich keinen Speicher teilen',
      unshared: 'in diesem Browser können sie sich keinen Speicher teilen',
    },
    threadsFewer: 'weniger, weil die Engine mit mehr davon abgebrochen ist',
    thinking: 'Vor der Antwort nachdenken',
    activity: 'Zeigen, was die Neuronen tun',
    plain: 'Antworten so zeigen, wie das Modell sie schrieb (Markdown)',
  },

  shelf: {
    name: 'Modelle',
    open: 'GGUF-Datei öffnen…',
  },

  chats: {
    name: 'Chats',
    own: 'Dieser Chat',
    saveMarkdown: 'Als Markdown speichern',
    saveJson: 'Als JSON speichern',
    copyLink: 'Link kopieren',
    others: 'Andere Chats',
    open: 'JSON-Datei öffnen…',
    file: 'Chat-Datei',
    keep: 'Meine Chats in diesem Browser behalten',
    keepHint: 'Ausgeschaltet ist ein Chat weg, wenn die Seite geschlossen wird. Eingeschaltet '
      + 'bleiben Chats auf diesem Gerät, lesbar für alle, die diesen Browser benutzen, bis Sie '
      + 'sie hier oder die Daten der Website löschen.',
    questions,
    isOpen: 'geöffnet',
    rename: 'Umbenennen',
    title: 'Name',
    keepTitle: 'Namen behalten',
    renamed: 'Umbenannt.',
    delete: 'Löschen',
    sure: 'Wirklich löschen?',
    deleted: 'Gelöscht.',
    deleteAll: 'Alle löschen',
    sureAll: 'Wirklich alle löschen?',
    deletedAll: 'Alle behaltenen Chats sind gelöscht.',
    noLonger: 'Von jetzt an werden Chats nicht behalten. Die bisherigen löschen Sie unten, oder '
      + 'sie bleiben, bis Sie wieder Chats behalten wollen.',
    choiceNotKept: 'Behalten, aber der Browser wird sich diese Wahl nicht merken.',
    saved: 'Gespeichert: Ihr Browser zeigt, wo.',
    linkCopied: 'Kopiert. Wer den Link öffnet, sieht Ihre Fragen und kann den Chat noch einmal '
      + 'abspielen: dieselben Wörter, Spike für Spike.',
    noLink: (why) => `Kein Link: ${why}`,
    notOpened: (why) => `Nicht geöffnet: ${why}`,
    tooLarge: 'Die Datei ist größer als jeder Chat.',
    noRoom: 'Dieser Browser hat keinen Platz mehr für den Chat: Löschen Sie ältere, oder speichern '
      + 'Sie ihn als Datei.',
    blocked: 'Dieser Browser lässt die Seite nichts behalten: Speichern Sie den Chat stattdessen '
      + 'als Datei.',
    gone: 'Dieser Chat wurde aus diesem Browser gelöscht: Er wird nicht wieder behalten.',
    empty: 'Leerer Chat',
    otherTab: (title) => `${title} (anderer Tab)`,
  },

  file: {
    about: (date) => `Ein Chat mit SpikeChat, begonnen am ${date}.`,
    instructions: 'Anweisungen',
    you: 'Sie',
    model: 'Modell',
  },

  link: {
    name: 'Verlinkter Chat',
    play: 'Abspielen',
    startAndPlay: 'Modell starten und abspielen',
    playAnyway: 'Trotzdem abspielen',
    notNow: 'Nicht jetzt',
    close: 'Schließen',
    badTitle: 'Dieser Link lässt sich nicht abspielen',
    bad: (why) => `${why} Bitten Sie noch einmal darum.`,
    title: (n) => `Ein verlinkter Chat: ${questions(n)}`,
    about: (model) => `Gefragt wurde ${model}. Ihr Rechner gibt die Antworten noch einmal; nichts `
      + 'davon ist irgendwohin gesendet worden.',
    instructions: (system) => `Anweisungen: ${system}`,
    replaces: 'Er ersetzt den Chat, der hier steht und nirgends behalten wird.',
    otherTitle: 'Der Link gehört zu einem anderen Modell',
    other: (linked, here) => `Er wurde mit ${linked} gemacht; hier ist ${here}. Die Antworten `
      + 'werden nicht dieselben sein.',
    playing: 'Ein verlinkter Chat wird abgespielt',
    cutTitle: 'Nicht bis zum Ende abgespielt',
    cut: (given, all) => `${formatCount(given)} von ${answers(all)} gegeben.`,
    sameTitle: 'Abgespielt: dasselbe, Spike für Spike',
    same: (n) => (n === 1
      ? 'Ihr Rechner gab die Antwort mit denselben Wörtern und gleich vielen Spikes.'
      : `Ihr Rechner gab alle ${answers(n)} mit denselben Wörtern und gleich vielen Spikes.`),
    notSameTitle: 'Abgespielt: nicht dasselbe',
    otherWords: (answer) => `Antwort ${answer}: andere Wörter als im Link.`,
    otherSpikes: (answer) => `Antwort ${answer}: andere Spikes als im Link.`,
    nothingYet: 'Es gibt noch keine Antwort, die ein Link wiederholen könnte.',
    early: 'Dieser Chat enthält Antworten, die kamen, bevor das ganze Modell da war: '
      + 'Fragen Sie erst noch einmal nach ihnen',
    foreign: 'Dieser Chat enthält Antworten, die nicht das Modell hier gegeben hat: Speichern Sie '
      + 'ihn als Datei.',
    tooLong: 'Dieser Chat ist zu lang für einen Link: Speichern Sie ihn als Datei.',
    damaged: 'Der Link ist beschädigt',
  },

  activity: {
    name: 'Aktivität der Spikes',
    title: 'Aktivität',
    details: 'Einzelheiten',
  },

  figures: {
    rate: 'Token je Sekunde',
    spikes: 'Spikes je Token',
    operations: 'Synaptische Operationen',
    silent: 'Neuronen in Ruhe',
    comparison: (executed, dense, back, backDense) =>
      `Je Token und im Mittel. Vom Popcount-Kernel ausgeführt: ${formatShort(executed)} `
      + `Additionen. Dicht: ${formatShort(dense)} Multiplikationen mit Addition. Rückblick vom `
      + `letzten Token: ${formatShort(back)} synaptische Operationen, dicht `
      + `${formatShort(backDense)}.`,
    how: 'Wie das gezählt wird',
    notes: [
      'Spikes sind binär und werden von der Ruhe aus gezählt: k = q − z, durch die T Schritte '
        + 'geführt; die Einsen jedes 4-Bit-Spikes werden addiert. Ein Neuron mit k = 0 ist still.',
      'Synaptische Operationen sind diese Spikes mal die Synapsen, die jeder erreicht. '
        + '„Ausgeführt“ zählt die Einsen in den binären Ebenen der Codes, Ruhewert eingeschlossen, '
        + 'mal dieselben Synapsen: das, was der Popcount-Kernel addiert. Der Tabellen-Kernel liest '
        + 'stattdessen Tabellen.',
      'Auch Schlüssel und Werte sind Spikes, für die folgenden Token aufbewahrt: Jeder Spike eines '
        + 'Schlüssels erreicht die Abfrageköpfe, die ihn teilen, jeder Spike eines Werts die, die '
        + 'seinem Token Gewicht geben. Sie werden getrennt gezählt, weil sie mit dem Kontext '
        + 'wachsen. Die Ausgabematrix ist in diesen Zahlen nicht enthalten.',
      'Dicht ist die Zahl der Multiplikationen mit Addition derselben Schichten ohne Spikes. Eine '
        + 'Addition und eine Multiplikation mit Addition kosten nicht dasselbe: zwei Zahlen '
        + 'nebeneinander, keine Ersparnis.',
    ],
  },

  wayBack: {
    name: 'Was vorher hier stand',
    chat: 'Der vorige Chat wird nirgends behalten.',
    turns: 'Was folgte, wurde entfernt.',
    bring: 'Zurückholen',
  },

  heatmap: {
    role: 'Heatmap',
    label: 'Aktivität nach Token und Schicht. Pfeiltasten bewegen eine Zelle, die Eingabetaste '
      + 'wählt sie, Escape verlässt sie.',
    empty: 'Hier wird jedes Token einer Antwort eine Spalte.',
    measure: 'Maß',
    population: 'Population',
    measures: {
      unusual: {
        label: 'Mehr Spikes als üblich',
        noun: 'gegenüber den üblichen Spikes der Schicht',
        says: 'Hell: Bei diesem Wort feuert die Schicht mehr Spikes als üblich.',
        learned: 'Hell: Bei diesem Wort feuert die Schicht mehr Spikes als zuletzt bei anderen.',
        low: 'wie üblich oder weniger',
        high: 'viel mehr',
      },
      spikes: {
        label: 'Binäre Spikes je Neuron',
        noun: 'binäre Spikes je Neuron',
        says: 'Hell: Die Neuronen der Schicht feuern viele Spikes bei diesem Wort.',
        low: 'keine',
        high: 'viele',
      },
      active: {
        label: 'Neuronen außer Ruhe',
        noun: 'der Neuronen außer Ruhe',
        says: 'Hell: Wenige Neuronen der Schicht bleiben bei diesem Wort still.',
        low: 'alle still',
        high: 'alle feuern',
      },
      operations: {
        label: 'Synaptische Operationen',
        noun: 'synaptische Operationen je Synapse',
        says: 'Hell: Die Spikes der Schicht lösen bei diesem Wort viele Additionen aus, eine an '
          + 'jeder Synapse, die ein Spike erreicht.',
        low: 'keine',
        high: 'viele',
      },
      strong: {
        label: 'Neuronen über einen Schritt hinaus',
        noun: 'der Neuronen feuern mehr, als ein Schritt tragen kann',
        says: 'Hell: Viele Neuronen der Schicht feuern mehr, als ein Zeitschritt tragen kann.',
        low: 'keine',
        high: 'viele',
      },
    },
    populations: {
      all: 'Alle Populationen',
      qkv: 'Eingang der Aufmerksamkeit',
      attn_out: 'Ausgang der Aufmerksamkeit',
      gate_up: 'Eingang des Feed-forward-Teils',
      down: 'Inneres des Feed-forward-Teils',
      keys: 'Aufbewahrte Schlüssel',
      values: 'Aufbewahrte Werte',
    },
    oneStep: (most) => `Mit einem Schritt kommt kein Neuron über ${most}: Wählen Sie ein anderes `
      + 'Maß, um einen Unterschied zu sehen.',
    notCounted: 'nicht gezählt',
    noText: '(kein Text)',
    layer: 'Schicht',
    token: 'Token',
    place: (token, layer) => `Token ${formatCount(token)}, Schicht ${layer}`,
    cell: (token, text, layer, figure) =>
      `Token ${formatCount(token)}, ${text}, Schicht ${layer}: ${figure}`,
    counts: {
      spikes: 'Spikes',
      usual: 'Übliche Spikes',
      operations: 'Additionen',
      neurons: 'Neuronen',
    },
    none: 'Noch keine Token.',
    size: (n, layers) =>
      `${tokens(n)}, ${pluralOf(layers, { one: '# Schicht', other: '# Schichten' })}.`,
    extremes: (busiest, quietest, noun) =>
      `Im Mittel ist Schicht ${busiest.layer} am aktivsten: ${busiest.figure} ${noun}; `
      + `Schicht ${quietest.layer} ist am ruhigsten: ${quietest.figure}.`,
    tools: 'Dieses Bild',
    showTable: 'Als Tabelle zeigen',
    hideTable: 'Tabelle ausblenden',
    savePicture: 'Bild speichern',
    saveFigures: 'Zahlen speichern',
    pictureHint: 'Das ganze Bild als PNG-Datei',
    figuresHint: 'Alle Zählungen als CSV-Datei für Tabellenprogramme',
    notSaved: 'Die Datei ließ sich nicht erzeugen: Versuchen Sie es noch einmal.',
    notCome: 'Die Tabelle kam nicht an: Versuchen Sie es noch einmal.',
    rows: (from, to, of) =>
      `Token ${formatCount(from)} bis ${formatCount(to)} von ${formatCount(of)}`,
    before: 'Frühere',
    after: 'Spätere',
    lastTokens: (shown, of) => `die letzten ${formatCount(shown)} von ${tokens(of)}`,
  },

  neurons: {
    open: 'Hineinsehen',
    back: 'Zurück',
    close: 'Schließen',
    cancel: 'Abbrechen',
    again: 'Noch einmal lesen',
    start: 'Modell starten',
    title: 'Im Inneren eines Wortes',
    reading: 'Das Modell liest dies noch einmal.',
    readingAll: 'Das Modell liest den ganzen Chat noch einmal.',
    progress: 'Gelesene Token',
    gone: 'Dieser Teil des Chats ist nicht mehr im Speicher des Modells: Fragen Sie noch einmal, '
      + 'und sehen Sie dann hinein.',
    unloaded: 'Das Modell läuft nicht. Starten Sie es und fragen Sie: Dann können Sie hineinsehen.',
    answering: 'Das Modell antwortet. Was Sie gewählt haben, kommt danach.',
    busy: 'Das Modell ist mit etwas anderem beschäftigt.',
    stopped: 'Angehalten.',
    dead: 'Der Rechenkern ist stehen geblieben. Starten Sie ihn und fragen Sie noch einmal.',
    failed: (detail) => `Es ließ sich nicht lesen: ${detail}.`,
    missing: 'Was dafür nötig ist, kam nicht an: Versuchen Sie es noch einmal, oder laden Sie die '
      + 'Seite neu.',
    previous: 'Voriges Wort',
    next: 'Nächstes Wort',
    at: (read, next) => (next === null
      ? `Während es ${read} las`
      : `Während es ${read} las und ${next} wählte`),
    quoted: (word) => `„${word}“`,
    noText: 'ein Token ohne Text',
    marks: {
      '<|im_start|>': 'den Anfang einer Nachricht', '<|im_end|>': 'das Ende einer Nachricht',
    },
    tabs: 'Was zu sehen ist',
    neurons: 'Neuronen',
    others: 'Andere Wörter',
    layer: 'Schicht',
    population: 'Teil der Schicht',
    neuron: 'Neuron',
    neuronTitle: (neuron) => `Neuron ${neuron}`,
    summary: (neurons, active, spikes) => `Von ${neurons} Neuronen verließen ${active} die Ruhe, `
      + `mit ${spikes} binären Spikes.`,
    raster: 'Spikes aller Neuronen',
    rasterSays: (steps, all) => (steps === 1
      ? 'Eine Spalte ist ein Neuron, in seinem einen Zeitschritt. '
      : `Eine Spalte ist ein Neuron, in ${all ? '' : 'bis zu '}${steps} Zeitschritten von oben `
        + 'nach unten. ')
      + 'Je größer ein Punkt, desto stärker der Spike.',
    above: 'über der Ruhe',
    below: 'unter der Ruhe',
    strong: 'stärkste Wörter',
    pick: 'Wählen Sie ein Neuron: Zeigen Sie darauf, oder nehmen Sie Pfeiltasten und Eingabetaste.',
    one: (neuron, code, spikes) => `Neuron ${neuron}: ${code} von der Ruhe, Spikes ${spikes}`,
    membrane: 'Sein Membranpotenzial über die Zeitschritte',
    threshold: 'Schwelle',
    rest: 'Ruhe',
    fires: (spike) => `feuert ${spike}`,
    step: (step) => `Schritt ${step}`,
    columns: { step: 'Schritt', potential: 'Potenzial', fires: 'Feuert', left: 'Rest' },
    fired: (code, rest) => {
      const far = code - rest;
      const said = far === 0 ? 'genau das: Es sagt nichts'
        : `${code}: ${Math.abs(far)} ${far > 0 ? 'mehr' : 'weniger'}`;
      return `Ein Neuron in Ruhe feuert hier ${rest}. Dieses feuerte ${said}.`;
    },
    resets: (least) => 'In jedem Schritt feuert es so viel von seinem Potenzial, wie es kann, '
      + `höchstens ${least}, und wird darum zurückgesetzt.`,
    excites: 'Was erregt dieses Neuron?',
    exact: 'Genau gesagt',
    terms: {
      activation: 'Aktivierung x', code: 'Code q', rest: 'Ruhewert z',
      from: 'von der Ruhe k = q − z', steps: 'Zeitschritte T', threshold: 'Schwelle θ',
      value: 'Wert θ (q − z)',
    },
    exactSays: 'Ein verallgemeinertes Integrate-and-fire-Neuron (GIF). Potenziale und Spikes sind '
      + 'in Schwellen angegeben. Die 32 Neuronen einer Gruppe teilen Schwelle und Ruhewert.',
    histogram: 'Wie weit die Neuronen von der Ruhe entfernt sind',
    bar: (code, count) => `${code} von der Ruhe: ${count} Neuronen`,
    table: 'Als Tabelle',
    rows: { neuron: 'Neuron', code: 'Code', rest: 'Ruhe', from: 'Von der Ruhe', spikes: 'Spikes' },
    counts: { from: 'Von der Ruhe', neurons: 'Neuronen' },
    choices: 'Was das Modell hier hätte sagen können',
    choicesSay: (read) => `Nach ${read} gab das Modell jedem Wort eine Chance. Das markierte kam.`,
    chance: { word: 'Wort', chance: 'Chance', chosen: 'kam' },
    allOthers: 'alle anderen zusammen',
    choicesExact: 'Die Anteile gelten für das ganze Vokabular, wie das Modell sie gibt: '
      + 'Kreativität und Top-p, die danach kommen, sind nicht darin. Sie wurden aus dem neu '
      + 'berechnet, was von den Wörtern davor aufbewahrt ist.',
    history: (neuron) => `Was Neuron ${neuron} erregt`,
    historyOf: (neuron, layer, population) =>
      `Neuron ${neuron} der Schicht ${layer}, ${population}, bei jedem Token dieses Chats.`,
    over: 'Sein Code von der Ruhe aus, Token für Token',
    strongest: 'Die Wörter, die es am stärksten erregten',
    nothing: 'Kein Wort dieses Chats erregte es.',
    elsewhere: 'Was das Modell zuletzt las, ist nicht der gezeigte Chat; darum sind keine Wörter '
      + 'markiert.',
    inChat: 'Im Chat ansehen',
    token: (word, code) => `${word}: ${code} von der Ruhe`,
    tokenRows: { number: 'Token', word: 'Wort', from: 'Von der Ruhe' },
    marksToo: 'Marken zwischen Nachrichten stehen im Diagramm und nicht in der Liste.',
  },

  compare: {
    title: 'Antworten vergleichen',
    button: 'Vergleichen',
    open: 'Antworten vergleichen…',
    nothing: 'Stellen Sie erst eine Frage: Dann lassen sich ihre Antworten vergleichen.',
    busy: 'Eine Antwort entsteht gerade: Vergleichen Sie danach.',
    asked: 'Ihre Frage:',
    before: (turns) => (turns === 1 ? '(Die Frage davor wird mitgelesen.)'
      : `(Die ${formatCount(turns)} Fragen davor werden mitgelesen.)`),
    kind: 'Was verglichen wird',
    kinds: { steps: 'Genauigkeit', presets: 'Zwei Qualitäten', damage: 'Schäden' },
    says: {
      steps: 'Dieselbe Frage und derselbe Seed, mit 4, 2 und 1 Zeitschritten (T) für jedes Neuron. '
        + 'Mit weniger Schritten feuern Neuronen weniger Spikes und sagen ungenauer, was sie '
        + 'meinen. Schneller geht es nicht: Ein Prozessor wie Ihrer arbeitet für ein stilles '
        + 'Neuron genauso viel.',
      presets: 'Dieselbe Frage und derselbe Seed, mit zwei der Qualitäten aus den Einstellungen.',
      damage: 'Dieselbe Frage und derselbe Seed, einmal gesund und einmal mit beschädigten Teilen '
        + 'des Netzes. Ihr Chat bleibt gesund.',
    },
    first: 'Die eine',
    second: 'Die andere',
    sameTwice: 'Wählen Sie zwei verschiedene Qualitäten.',
    noPresets: 'Dieses Modell hat nur eine Qualität: Seine Genauigkeit ändert allein T.',
    run: 'Jetzt vergleichen',
    again: 'Noch einmal',
    stopOne: (title) => `Anhalten: ${title}`,
    stopAll: 'Alles anhalten',
    cost: (n, most, seconds) =>
      `${n === 1 ? 'Eine Antwort' : `${answers(n)} nacheinander, jede`} mit höchstens `
      + `${tokens(most)}. ${seconds === null
        ? 'Wie lange sie dauern, zeigt die erste.' : `Dauer: etwa ${formatSeconds(seconds)}`}`,
    progress: (i, n, title) => `Vergleich, Antwort ${formatCount(i)} von ${formatCount(n)}: `
      + `${title}. Der Chat wartet.`,
    finished: 'Der Vergleich ist fertig.',
    ended: 'Der Vergleich wurde angehalten.',
    waits: 'wartet',
    answering: 'antwortet',
    done: 'fertig',
    cut: (n) => `abgeschnitten nach ${tokens(n)}`,
    stopped: 'angehalten',
    notAsked: 'nicht gefragt',
    figures: {
      spikes: 'Spikes je Token',
      operations: 'Synaptische Operationen je Token',
      rate: 'Token je Sekunde',
    },
    equal: (title) => `wie ${title}`,
    fewer: (share, title) => `${formatPercent(share, 0)} weniger als ${title}`,
    more: (share, title) => `${formatPercent(share, 0)} mehr als ${title}`,
    differs: 'ab hier anders',
    otherDiffers: (title) => `${title}: ab hier anders`,
    endsHere: 'endet hier',
    same: (title) => `Dasselbe wie ${title}, Wort für Wort.`,
    differsAt: (title, token) => `Ab Token ${formatCount(token)} anders als ${title}.`,
    copy: 'Als JSON kopieren',
    alone: 'Ohne die Fragen davor vergleichen',
  },

  lesions: {
    healthy: 'Gesund',
    damaged: 'Beschädigt',
    try: 'Versuche:',
    figures: 'Alle Zahlen',
    anaesthesia: 'Narkose',
    thresholds: 'Schwellen',
    times: (factor) => `× ${formatDecimal(factor, Number.isInteger(factor) ? 0 : 1)}`,
    raised: 'Welche Neuronen',
    everyNeuron: 'alle Neuronen',
    anaesthesiaSays: 'Ein Neuron feuert, wenn seine Eingabe eine Schwelle überschreitet. Mit einer '
      + 'höheren feuert es weniger, und kleine Eingaben gehen verloren.',
    silencing: 'Stilllegen',
    silence: 'Was',
    wholeLayer: 'Eine ganze Schicht',
    oneHead: 'Ein Aufmerksamkeitskopf',
    parts: { attention: 'Aufmerksamkeit', feed_forward: 'Feed-forward' },
    inLayer: 'Schicht',
    headNumber: 'Kopf',
    all: 'alle Schichten',
    layer: (n) => `Schicht ${n}`,
    head: (n) => `Kopf ${n}`,
    within: (place, what) => `${place}: ${what}`,
    add: 'Stilllegen',
    isSilent: (what) => `Jetzt still: ${what}.`,
    takeBack: (what) => `Nicht mehr still: ${what}`,
    silencingSays: 'Was still ist, bleibt in Ruhe, als wäre es herausgeschnitten. Schichten geben '
      + 'weiter, was sie bekommen; viele sind deshalb entbehrlich.',
    coarser: 'Gröbere Gewichte',
    planes: 'Ebenen, die nicht gelesen werden',
    noPlane: 'keine',
    coarserSays: 'Ein Gewicht ist eine Zahl aus vier Bits. Jede Bitebene, die nicht gelesen wird, '
      + 'lässt ihm halb so viele Werte.',
    reset: 'Alles heilen',
    isHealthy: 'Nichts ist mehr beschädigt.',
    nothing: 'Noch ist nichts beschädigt: Wählen Sie oben etwas aus.',
    code: 'Als Code',
    experiments: {
      anaesthesia: {
        title: 'Alle Schwellen × 8',
        measured: 'Gemessen: 73 % weniger Spikes, und das wahrscheinlichste Wort bleibt 59 von 100 '
          + 'Mal dasselbe. Es spricht noch, im Kreis; bei × 12 hat es seine Sätze verloren.',
      },
      hidden: {
        title: 'Innere Neuronen × 4',
        measured: 'Gemessen: Die inneren Neuronen des Feed-forward-Teils können am meisten '
          + 'entbehren. Ein Viertel aller Spikes fällt weg, und die Vorhersagen ändern sich kaum '
          + '(KL 0,076).',
      },
      layer: {
        title: 'Schicht 11 ohne Feed-forward',
        measured: 'Gemessen: Die meisten Schichten sind einzeln entbehrlich. Diese Hälfte einer '
          + 'Schicht kostet achtmal so viel wie die ihrer Nachbarn (KL 2,0).',
      },
      planes: {
        title: 'Gewichte aus drei Bits',
        measured: 'Gemessen: Schon ein Bit weniger ist zu viel. Das wahrscheinlichste Wort bleibt '
          + '38 von 100 Mal dasselbe.',
      },
      heads: {
        title: 'Die wichtigsten Köpfe',
        measured: 'Gemessen: Dies sind 13 von 270 Köpfen. Ohne sie ist das Modell schlechter dran '
          + 'als ohne die unwichtigere Hälfte (KL 3,9 gegen 1,8).',
      },
    },
  },

  recording: {
    title: 'Eine aufgezeichnete Antwort',
    before: 'Früher aufgezeichnet; heruntergeladen wurde noch nichts.',
    here: 'Früher aufgezeichnet.',
    loading: 'Früher aufgezeichnet, zum Ansehen, während das Modell kommt.',
    after: 'Früher aufgezeichnet, auf einem anderen Rechner.',
    tag: 'Aufgezeichnet',
    play: 'Abspielen',
    pause: 'Pause',
    again: 'Noch einmal',
    skip: 'Überspringen',
    real: 'Schneller',
    slow: 'Langsamer',
    check: 'Mit diesem Rechner vergleichen',
    checking: 'Ihr Rechner gibt dieselbe Antwort noch einmal …',
    note: (model, rate, machine, slow) => `${model} · ${formatDecimal(rate)} Token/s auf ${machine}`
      + (slow > 1 ? `, ${slow}-mal langsamer gezeigt` : ''),
    notChecked: 'Nicht bis zum Ende verglichen.',
    same: (n, counts) => `Ihr Rechner hat es Bit für Bit wiederholt: ${tokens(n)}, `
      + `${pluralOf(counts, { one: '# Zählung', other: '# Zählungen' })}.`,
    otherWord: (token, was, is) => `Ihr Rechner gab ab Token ${token} etwas anderes: „${is}“ statt `
      + `„${was}“.`,
    otherSpikes: (token, layer, was, is) => `Ihr Rechner weicht ab Token ${token} ab: `
      + `${formatCount(is)} Spikes in Schicht ${layer}, aufgezeichnet wurden ${formatCount(was)}.`,
    otherCounts: (token) => `Ihr Rechner zählt ab Token ${token} anders.`,
  },

  tour: {
    open: 'Zum Rundgang',
    back: 'Zurück',
    next: 'Weiter',
    done: 'Fertig',
    close: 'Schließen',
    progress: (step, all) => `${step} von ${all}`,
    reading: 'Das Modell liest ein Wort Ihrer Antwort noch einmal.',
    gone: 'Die Zahlen Ihrer Antwort lassen sich jetzt nicht lesen: Fragen Sie noch einmal, und '
      + 'machen Sie dann den Rundgang.',
    neuron: {
      title: 'Ein Neuron sammelt und feuert',
      text: [
        'Eine Zahl kommt als Potenzial in ein Neuron. In jedem Zeitschritt feuert es so viel '
          + 'davon, wie es kann, höchstens 15, und wird darum zurückgesetzt. Was nicht gefeuert '
          + 'ist, wartet auf den nächsten Schritt.',
      ],
      says: (neuron, layer, word, potential, steps) => `Dies ist Neuron ${neuron} der Schicht `
        + `${layer}, als es in Ihrer Antwort auf ${word} hinarbeitete: ein Potenzial von `
        + `${potential}, gefeuert in ${inSteps(steps)}.`,
    },
    spikes: {
      title: 'Spikes haben Größen',
      text: [
        'Ein Spike ist hier nicht nur da oder nicht da: Er hat eine Größe, von 1 bis 15. Mehrere '
          + 'Zeitschritte tragen mehr als einer, und so kann ein Neuron seine Zahl feiner sagen.',
      ],
      says: (neurons, steps, spikes, from) => `Eine Spalte ist eines von ${neurons} benachbarten `
        + `Neuronen, eine Zeile einer von ${inSteps(steps)}, ein größerer Punkt ein größerer `
        + `Spike. Das umrahmte Neuron feuerte ${formatList(spikes.map(String))} mehr als in Ruhe, `
        + `zusammen ${from}.`,
    },
    thresholds: {
      title: 'Jede Gruppe hat ihre eigene Schwelle',
      text: [
        'Die Schwelle sagt, was eine Einheit eines Spikes wert ist. 32 Nachbarn teilen eine, '
          + 'angepasst an die Zahlen, die kamen: Mit einer einzigen für alle gingen neben wenigen '
          + 'großen Zahlen die kleinen unter.',
      ],
      says: (groups, layer, population, times) =>
        `Die Schwellen von ${inGroups(groups)} in Schicht ${layer} (${population}). Die höchste `
        + `ist das ${formatDecimal(times)}-Fache der niedrigsten.`,
    },
    choice: {
      title: 'Wer mehr Zeitschritte bekommt',
      text: [
        'Mehr Schritte sind feiner und kosten mehr Spikes. Optimal Brain Spiking hat alle Gruppen '
          + 'einmal danach geordnet, wie viel sie für das Ergebnis zählen; eine Einstellung gibt '
          + 'den vordersten mehr.',
      ],
      alike: (groups, layer, steps) => `In dieser Antwort hatten alle ${inGroups(groups)} der `
        + `Schicht ${layer} ${pluralOf(steps, { one: '# Schritt', other: '# Schritte' })}. Wählen `
        + 'Sie „Ausgewogen“ in den Einstellungen und fragen Sie noch einmal: Dann unterscheiden '
        + 'sie sich.',
      differ: (layer, kinds) => `In Schicht ${layer} dieser Antwort hatten `
        + `${formatList(kinds.map(({ steps, groups }) => `${pluralOf(groups, {
          one: '# Gruppe', other: '# Gruppen',
        })} ${pluralOf(steps, { one: '# Schritt', other: '# Schritte' })}`))}.`,
    },
    additions: {
      title: 'Aus Produkten werden Additionen',
      text: [
        'Eine Schicht multipliziert jede Zahl mit Gewichten. Mit Spikes addiert sie nur: Jedes Bit '
          + 'eines Spikes addiert die Gewichte aller Synapsen, die es erreicht.',
      ],
      says: (neuron, spike, bits, synapses) => `Neuron ${neuron} feuerte ${spike} in einem Schritt`
        + `${bits.length > 1 ? `, das ist ${bits.join(' + ')}` : ''}: `
        + `${formatCount(bits.length)} × ${formatCount(synapses)} Synapsen.`,
      sum: (operations, dense) =>
        `In allen Schichten brauchte dieses Wort ${operations} Additionen; `
        + `ohne Spikes wären es ${dense} Multiplikationen. Beides kostet nicht dasselbe.`,
      bars: {
        operations: (count) => `Additionen mit Spikes: ${count}`,
        dense: (count) => `Multiplikationen ohne: ${count}`,
      },
    },
    honesty: {
      title: 'Was hier spikt und was nicht',
      text: [
        'Mit Spikes: was in jede lineare Schicht und in die Ausgabe kommt, und die gemerkten '
          + 'Schlüssel und Werte. Ihre Summen sind die von spikenden Neuronen, bis aufs letzte '
          + 'Bit.',
        'Ohne Spikes: Normierungen, Softmax, Aktivierungsfunktionen, Abfragen und der Strom, der '
          + 'durch alle Schichten läuft. Kein Neuron behält einen Zustand von einem Wort zum '
          + 'nächsten.',
        'Ihr Prozessor addiert alle Zeitschritte auf einmal. Ein stilles Neuron spart ihm nichts, '
          + 'und niemand behauptet, dass Energie gespart wird.',
      ],
      silent: (share) => `Neuronen, die bei diesem Wort still waren: ${share}`,
    },
  },

  embed: {
    close: 'Schließen',
  },

  page: {
    noSuchModel: 'Kein solches Modell',
    noModelName: (name) => `„${name}“ kann kein Name eines Modells sein.`,
    openStandard: 'Das Standardmodell öffnen',
    newVersion: 'Es gibt eine neue Version dieser Seite.',
    takeVersion: 'Laden',
    closeOthers: 'Schließen Sie zuerst die anderen Tabs von SpikeChat.',
  },
};

export default de;
