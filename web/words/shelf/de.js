// The words of the shelf of models, in German.

import { formatCount, formatDecimal, formatMegabytes } from '../../shared/format.js';

/** @type {import('./en.js').ShelfWords} */
const de = {
  intro: 'Die Modelle dieser Seite und die aus Dateien, die Sie öffnen. GGUF ist das Dateiformat, '
    + 'in dem es die meisten kleinen Sprachmodelle gibt. Eine Datei wird in diesem Browser zum '
    + 'Modell: Sie wird nirgendwohin gesendet.',
  noLicense: 'keine Lizenz genannt',
  about: (bytes, license) => `${formatMegabytes(bytes)} · ${license}`,
  own: 'aus Ihrer Datei',
  speed: (rate) => `Hier etwa ${formatDecimal(rate, 0)} Token/s: geschätzt nach seiner Größe und `
    + 'der Geschwindigkeit Ihrer letzten Antworten.',
  noSpeed: 'Seine Geschwindigkeit hier lässt sich nach einer Antwort schätzen.',
  memory: (bytes) => `Braucht etwa ${formatMegabytes(bytes)} Arbeitsspeicher.`,
  tight: (bytes, gigabytes) => `Braucht etwa ${formatMegabytes(bytes)} Arbeitsspeicher, und der `
    + `Browser nennt ${formatCount(gigabytes)} GB für dieses Gerät: Es passt vielleicht nicht.`,
  tooLarge: 'Zu groß: Eine Seite kann 4 GB Arbeitsspeicher haben.',
  use: 'Verwenden',
  useNamed: (name) => `Verwenden: ${name}`,
  inUse: 'in Gebrauch',
  chosen: 'gewählt, nicht geladen',
  tiny: 'Für Tests: Seine Gewichte sind zufällig, seine Antworten ohne Sinn.',
  delete: 'Löschen',
  deleteNamed: (name) => `Löschen: ${name}`,
  sure: 'Wirklich löschen?',
  deleted: (name) => `${name} ist aus diesem Browser gelöscht.`,
  rank: (minutes) => (minutes === null ? 'Neuronen ordnen'
    : `Neuronen ordnen (etwa ${formatDecimal(minutes, minutes < 10 ? 1 : 0)} min)`),
  rankHint: 'Ohne Rangfolge seiner Neuronen kann dieses Modell nur die beste Qualität. Dafür wird '
    + 'es auf Ihrem Prozessor einige Minuten lang auf einen kurzen Text angewandt.',
  list: 'Modelle',
  none: 'Die Liste der Modelle dieser Seite ist nicht gekommen.',
  opening: (name) => `${name} wird geöffnet`,
  ranking: (name) => `Die Neuronen von ${name} werden geordnet`,
  phases: {
    start: 'Das Packprogramm wird geholt',
    read: 'Die Datei wird gelesen',
    template: 'Die Chat-Vorlage wird gelesen',
    pack: 'Ihre Gewichte werden zu Bitebenen',
    load: 'Das Modell wird gelesen',
    measure: 'Es wird gemessen, wie lange es dauert',
    rank: 'Es wird auf einen Text angewandt',
  },
  minutes: (minutes) => `insgesamt etwa ${formatDecimal(minutes, minutes < 10 ? 1 : 0)} min`,
  cancel: 'Abbrechen',
  cancelled: 'Abgebrochen: Nichts davon bleibt.',
  close: 'Schließen',
  another: 'Andere Datei wählen',
  packerAway: 'Was aus einer Datei ein Modell macht, kommt einmal über das Netz und bleibt dann '
    + 'hier. Die Datei selbst wird nicht gesendet. Wählen Sie sie noch einmal, wenn Sie online '
    + 'sind.',
  opened: (name) => `${name} ist jetzt da und bleibt in diesem Browser.`,
  ranked: (name) => `Die Neuronen von ${name} sind geordnet: Alle Qualitäten sind wählbar.`,
  note: 'Hinweis:',
};

export default de;
