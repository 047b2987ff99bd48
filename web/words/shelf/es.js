// The words of the shelf of models, in Spanish.

import { formatCount, formatDecimal, formatMegabytes } from '../../shared/format.js';

/** @type {import('./en.js').ShelfWords} */
const es = {
  intro: 'Los modelos de este sitio y los de los archivos que abres. GGUF es el formato de archivo '
    + 'en que se publican casi todos los modelos de lenguaje pequeños. Un archivo se vuelve un '
    + 'modelo en este navegador: no se envía a ningún lugar.',
  noLicense: 'sin licencia indicada',
  about: (bytes, license) => `${formatMegabytes(bytes)} · ${license}`,
  own: 'de tu archivo',
  speed: (rate) => `Aquí, unos ${formatDecimal(rate, 0)} tokens/s: estimación según su tamaño y la `
    + 'velocidad de tus últimas respuestas.',
  noSpeed: 'Su velocidad aquí se puede estimar después de una respuesta.',
  memory: (bytes) => `Necesita unos ${formatMegabytes(bytes)} de memoria.`,
  tight: (bytes, gigabytes) => `Necesita unos ${formatMegabytes(bytes)} de memoria, y el navegador `
    + `dice que este dispositivo tiene ${formatCount(gigabytes)} GB: quizá no quepa.`,
  tooLarge: 'Demasiado grande: una página puede tener 4 GB de memoria.',
  use: 'Usar',
  useNamed: (name) => `Usar ${name}`,
  inUse: 'en uso',
  chosen: 'elegido, sin cargar',
  tiny: 'Para pruebas: sus pesos son aleatorios y sus respuestas no significan nada.',
  delete: 'Eliminar',
  deleteNamed: (name) => `Eliminar ${name}`,
  sure: '¿Eliminar de verdad?',
  deleted: (name) => `${name} se ha eliminado de este navegador.`,
  rank: (minutes) => (minutes === null ? 'Ordenar neuronas'
    : `Ordenar neuronas (unos ${formatDecimal(minutes, minutes < 10 ? 1 : 0)} min)`),
  rankHint: 'Sin un orden de sus neuronas, este modelo solo tiene la mejor calidad. Para '
    + 'ordenarlas se aplica a un texto corto en tu procesador, durante algunos minutos.',
  list: 'Modelos',
  none: 'No llegó la lista de modelos de este sitio.',
  opening: (name) => `Abriendo ${name}`,
  ranking: (name) => `Ordenando las neuronas de ${name}`,
  phases: {
    start: 'Trayendo lo que lo empaqueta',
    read: 'Leyendo el archivo',
    template: 'Leyendo su plantilla de chat',
    pack: 'Convirtiendo sus pesos en planos de bits',
    load: 'Leyendo el modelo',
    measure: 'Midiendo cuánto tardará',
    rank: 'Aplicándolo a un texto',
  },
  minutes: (minutes) => `unos ${formatDecimal(minutes, minutes < 10 ? 1 : 0)} min en total`,
  cancel: 'Cancelar',
  cancelled: 'Cancelado: no se guarda nada de ello.',
  close: 'Cerrar',
  another: 'Elegir otro archivo',
  packerAway: 'Lo que convierte un archivo en modelo llega por la red una vez y después se queda '
    + 'aquí. El archivo no se envía. Elígelo otra vez cuando tengas conexión.',
  opened: (name) => `${name} ya está aquí y se queda en este navegador.`,
  ranked: (name) => `Las neuronas de ${name} están ordenadas: se puede elegir cualquier calidad.`,
  note: 'Nota:',
};

export default es;
