// The words of the page in Spanish. Terms: impulso, neurona, paso de tiempo, umbral, capa, cabeza,
// token, semilla, reposo, operación sináptica, población, núcleo de cálculo (kernel), contexto.

import {
  formatCount, formatDecimal, formatMegabytes, formatSeconds, formatShort, pluralOf,
} from '../shared/format.js';

/** @param {number} n */
const tokens = (n) => pluralOf(n, { one: '# token', other: '# tokens' });
/** @param {number} n */
const words = (n) => pluralOf(n, { one: '# palabra', other: '# palabras' });
/** @param {number} n */
const questions = (n) => pluralOf(n, { one: '# pregunta', other: '# preguntas' });
/** @param {number} n */
const answers = (n) => pluralOf(n, { one: '# respuesta', other: '# respuestas' });

/** @type {import('./en.js').Words} */
const es = {
  language: 'es',
  direction: 'ltr',

  chat: {
    newChat: 'Nuevo chat',
    isNew: 'Nuevo chat.',
    yourMessage: 'Tu mensaje',
    placeholder: 'Pregunta algo',
    send: 'Enviar',
    stop: 'Parar',
    conversation: 'Conversación',
    oneMoment: 'Un momento.',
    loading: 'Cargando el modelo.',
    ready: 'Listo.',
    answering: 'Respondiendo.',
    anotherWaits: 'Tu pregunta anterior sigue esperando.',
    waitsForModel: 'Se responderá cuando el modelo esté listo.',
    waitsForStart: 'Se responderá cuando el modelo esté aquí: inícialo arriba.',
    partMissing: 'Una parte de la página no llegó: inténtalo otra vez o recarga la página.',
    languageMissing: 'Este idioma no llegó: inténtalo otra vez.',
    reading: (left) => `leyendo la pregunta, quedan ${tokens(left)}`,
    goingOver: (n) => `repasando los primeros ${tokens(n)}`,
    rate: (rate) => `${formatDecimal(rate)} tokens/s`,
    done: (n) => `Hecho, ${words(n)}.`,
    stopped: (n) => `Parado, ${words(n)}.`,
    contextInUse: 'Espacio usado en este chat',
    used: (used, most) => `${formatCount(used)} de ${tokens(most)}`,
    note: (sentence) => `Nota: ${sentence}`,
  },

  greeting: {
    title: 'Un pequeño modelo de lenguaje que funciona con impulsos, en tu navegador.',
    what: 'Aquí trabaja como red neuronal de impulsos, en tu propio procesador.',
    caution: 'Los modelos de este tamaño escriben con soltura y se equivocan a menudo: no te fíes '
      + 'de lo que dice. Lo que mejor entiende es el inglés.',
    private: 'Nada de lo que escribes sale de esta página.',
    framed: 'Por nuestra parte, nada de lo que escribes sale de tu navegador; la página que rodea '
      + 'este chat puede leerlo.',
    examples: 'Ejemplos',
    questions: [
      'What is a neuron?',
      'Write a short poem about the sea.',
      'Give me three tips for a good night’s sleep.',
    ],
  },

  question: {
    you: 'Tú: ',
    edit: 'Editar',
    yours: 'Tu pregunta',
    hint: 'Pregunta de nuevo desde aquí: lo que sigue se elimina.',
    again: 'Preguntar de nuevo',
    cancel: 'Cancelar',
  },

  answer: {
    model: 'Modelo: ',
    tools: 'Esta respuesta',
    copy: 'Copiar',
    another: 'Otra respuesta',
    goOn: 'Continuar',
    copied: 'Copiado',
    notCopied: 'No copiado',
    isCopied: 'Copiado.',
    cannotCopy: 'Este navegador no deja copiar a la página: selecciona el texto.',
    stopped: 'parada',
    cutLength: 'cortada en la longitud máxima',
    cutFull: 'cortada: este chat está lleno',
    first: (seconds) => `primer token tras ${formatSeconds(seconds)}`,
    seed: (seed) => `semilla ${seed}`,
    startAgain: 'Reiniciar el motor',
    tryAgain: 'Intentar otra vez',
    noneTitle: 'Esta pregunta aún no tiene respuesta',
    noneDetail: 'El chat terminó antes de que llegara.',
    give: 'Responder',
    same: 'Con creatividad 0 saldría la misma respuesta: auméntala en los ajustes.',
  },

  markdown: {
    copyCode: 'Copiar código',
    code: 'código',
    codeBlock: 'Código',
    table: 'Tabla',
    image: 'imagen: ',
    toDo: 'pendiente',
    done: 'hecho',
  },

  guard: {
    name: 'Espacio libre en este chat',
    forget: 'Olvidar lo más antiguo',
    anew: 'Empezar un nuevo chat',
    filling: (used, most) => `Este chat ocupa ${formatCount(used)} de los ${tokens(most)} que el `
      + 'modelo puede leer. Cuando esté lleno no cabrá ninguna respuesta.',
    waits: (used, most) => `Este chat ocupa ${formatCount(used)} de los ${tokens(most)} que el `
      + 'modelo puede leer: puede que tu pregunta y una respuesta no quepan. Se enviará cuando '
      + 'hayas elegido.',
    choose: 'Este chat está casi lleno: elige qué hacer.',
    forgotten: 'Lo más antiguo ya no se lee.',
    dropped: 'El modelo ya no lee lo que está encima.',
  },

  loading: {
    bar: 'Modelo',
    cancel: 'Cancelar',
    download: 'Descargar e iniciar',
    downloadBytes: (bytes) => `Descargar ${formatMegabytes(bytes)} e iniciar`,
    start: 'Iniciar',
    startAgain: 'Iniciar de nuevo',
    tryAgain: 'Intentar otra vez',
    here: (bytes) => `${formatMegabytes(bytes)}, ya en este navegador.`,
    kept: {
      browser: 'Este navegador lo guarda, y la próxima vez empieza enseguida.',
      site: 'Se guarda para este sitio, y la próxima vez empieza aquí enseguida.',
      nothing: 'No se guarda: este navegador no deja guardar nada aquí, y cada visita lo descarga '
        + 'de nuevo.',
    },
    phases: {
      engine: 'Iniciando el motor',
      manifest: 'Leyendo la descripción del modelo',
      shards: 'Descargando el modelo',
      prepare: 'Preparando el modelo',
      ready: 'Listo',
    },
    waiting: 'Esperando a la red',
    reading: 'Leyendo el modelo desde este navegador',
    some: (bytes, all) => `${formatDecimal(bytes / 1e6)} de ${formatMegabytes(all)}`,
    speed: (bytes) => formatMegabytes(bytes, '-per-second'),
    left: (seconds) => `quedan ${formatSeconds(seconds)}`,
  },

  notices: {
    unsupported_browser: 'En este navegador las respuestas tardan más; uno actual es más rápido.',
    quota_exceeded: 'Este navegador no guarda el modelo: la próxima vez se descarga de nuevo.',
  },

  advice: {
    unsupported_browser: {
      title: 'Este navegador no puede ejecutar el motor',
      advice: 'Un Firefox, Chrome, Edge o Safari actual sí puede. Si este lo es, el servidor tiene '
        + 'un archivo dañado.',
    },
    offline: {
      title: 'No hay conexión a la red',
      advice: 'Lo descargado se conserva. Inténtalo otra vez cuando tengas conexión.',
    },
    http_status: {
      title: 'El servidor rechazó un archivo',
      advice: 'Lo descargado se conserva. Inténtalo otra vez dentro de un rato.',
    },
    wrong_content_type: {
      title: 'El servidor envió una página en lugar de un archivo',
      advice: 'El sitio parece mal configurado: falta un archivo del modelo.',
    },
    shard_truncated: {
      title: 'Una parte del modelo llegó incompleta',
      advice: 'Lo descargado se conserva. Inténtalo otra vez.',
    },
    shard_corrupt: {
      title: 'Una parte del modelo está dañada',
      advice: 'No se usó. Inténtalo otra vez; si sigue igual, el servidor tiene un archivo dañado.',
    },
    manifest_invalid: {
      title: 'La descripción del modelo no es válida',
      advice: 'El sitio parece tener un modelo dañado o ajeno.',
    },
    model_invalid: {
      title: 'El modelo no es válido',
      advice: 'El sitio parece tener un modelo dañado o ajeno.',
    },
    version_mismatch: {
      title: 'La página y el modelo no encajan',
      advice: 'Recarga la página para tener la más reciente.',
    },
    quota_exceeded: {
      title: 'Al navegador no le queda espacio',
      advice: 'El chat funciona, pero la próxima vez el modelo se descarga de nuevo.',
    },
    out_of_memory: {
      title: 'No hay memoria suficiente',
      advice: 'Lo descargado se conserva. Cierra otras pestañas e inténtalo otra vez.',
    },
    timeout: { title: 'No llegó nada durante demasiado tiempo', advice: 'Inténtalo otra vez.' },
    aborted: { title: 'Cancelado', advice: 'Lo descargado se conserva.' },
    context_full: {
      title: 'Este chat está lleno',
      advice: 'El modelo no puede abarcar más texto. Empieza un nuevo chat.',
    },
    bad_request: { title: 'El motor rechazó la petición', advice: 'Revisa los ajustes.' },
    engine_crashed: {
      title: 'El motor se paró',
      advice: 'Tu chat se conserva. Reinicia el motor: no hace falta descargar el modelo otra vez.',
    },
    blocked_by_policy: {
      title: 'Una política de esta página no permite el motor',
      advice: 'Quien gestiona esta página puede cambiarlo; intentarlo otra vez, no.',
    },
    busy: {
      title: 'El motor está ocupado',
      advice: 'Se está dando otra respuesta. Inténtalo otra vez cuando termine.',
    },
  },
  noModel: {
    title: 'No hay ningún modelo con este nombre',
    advice: (address) => `No hay nada en ${address}: comprueba cómo se escribe.`,
  },

  coding: {
    heading: 'Calidad',
    best: {
      title: 'Mejor calidad',
      short: 'mejor calidad',
      hint: 'Todas las neuronas tienen el máximo de pasos de tiempo y codifican con más detalle.',
    },
    balanced: {
      title: 'Equilibrada',
      short: 'equilibrada',
      hint: 'Las neuronas que más importan tienen más pasos de tiempo; las demás, menos.',
    },
    fewest: {
      title: 'Menos impulsos',
      short: 'menos impulsos',
      hint: 'La mayoría de las neuronas tiene pocos pasos de tiempo. Las respuestas son más toscas.',
    },
    missing: (titles) => `No con este modelo: ${titles}. No tiene una clasificación de sus `
      + 'neuronas.',
    overruled: 'Prevalecen los pasos de tiempo de abajo.',
    steps: 'Pasos de tiempo T',
    stepsAuto: 'auto',
    stepsByQuality: 'Cada neurona tiene los que le da la calidad.',
    stepsUniform: 'Todas las neuronas tienen T pasos de tiempo, se elija lo que se elija arriba. '
      + 'Con más pasos, una activación se codifica con más detalle: 16, 31 o 61 niveles.',
    uniform: (steps) => `T = ${steps}`,
  },

  settings: {
    name: 'Ajustes',
    creativity: 'Creatividad',
    temperature: 'temperatura',
    creativityHints: {
      none: 'Siempre la palabra más probable: la misma pregunta recibe la misma respuesta.',
      low: 'Casi siempre las palabras más probables.',
      middle: 'También palabras menos probables: más viveza, más errores.',
      high: 'También palabras improbables: rara vez tiene sentido.',
    },
    creativityIs: (temperature) => `creatividad ${formatDecimal(temperature, 1, 3)}`,
    language: 'Idioma (Language)',
    details: 'Detalles',
    seed: 'Semilla',
    seedRandom: 'al azar',
    seedHint: 'La misma pregunta, los mismos ajustes y la misma semilla dan la misma respuesta en '
      + 'cualquier navegador.',
    kernel: 'Kernel',
    kernels: { auto: 'Automático', lookup: 'Tablas', popcount: 'AND + popcount' },
    builds: { relaxed: 'relaxed SIMD', simd: 'SIMD', plain: 'sin SIMD' },
    running: (kernel, build, why) => `En marcha: ${kernel}, ${build} (${why}).`,
    notRunning: 'El modo automático mide ambos mientras responde.',
    plain: 'Mostrar las respuestas tal como las escribió el modelo (Markdown)',
  },

  chats: {
    name: 'Chats',
    own: 'Este chat',
    saveMarkdown: 'Guardar como Markdown',
    saveJson: 'Guardar como JSON',
    copyLink: 'Copiar enlace',
    others: 'Otros chats',
    open: 'Abrir un archivo JSON…',
    file: 'Archivo de chat',
    keep: 'Guardar mis chats en este navegador',
    keepHint: 'Desactivado, un chat desaparece al cerrar la página. Activado, los chats quedan en '
      + 'este dispositivo, legibles para quien use este navegador, hasta que los borres aquí o '
      + 'borres los datos del sitio.',
    questions,
    isOpen: 'abierto',
    rename: 'Cambiar nombre',
    title: 'Nombre',
    keepTitle: 'Guardar nombre',
    renamed: 'Nombre cambiado.',
    delete: 'Borrar',
    sure: '¿Borrar de verdad?',
    deleted: 'Borrado.',
    deleteAll: 'Borrar todos',
    sureAll: '¿Borrar todos de verdad?',
    deletedAll: 'Todos los chats guardados están borrados.',
    noLonger: 'A partir de ahora los chats no se guardan. Los que se guardaron se borran abajo, o '
      + 'quedan para cuando vuelvas a guardar chats.',
    choiceNotKept: 'Se guardan, pero el navegador no recordará esta elección.',
    saved: 'Guardado: tu navegador dice dónde.',
    linkCopied: 'Copiado. Quien abra el enlace ve tus preguntas y puede reproducir el chat: las '
      + 'mismas palabras, impulso por impulso.',
    noLink: (why) => `Sin enlace: ${why}`,
    notOpened: (why) => `No se abrió: ${why}`,
    tooLarge: 'el archivo es más grande que cualquier chat',
    noRoom: 'A este navegador no le queda espacio para el chat: borra otros más antiguos o '
      + 'guárdalo como archivo.',
    blocked: 'Este navegador no deja guardar nada a la página: guarda el chat como archivo.',
    gone: 'Este chat se borró de lo que guarda este navegador: no se guarda de nuevo.',
    empty: 'Chat vacío',
    otherTab: (title) => `${title} (otra pestaña)`,
  },

  file: {
    about: (date) => `Un chat con SpikeChat, empezado el ${date}.`,
    instructions: 'Instrucciones',
    you: 'Tú',
    model: 'Modelo',
  },

  link: {
    name: 'Chat enlazado',
    play: 'Reproducir',
    startAndPlay: 'Iniciar el modelo y reproducir',
    playAnyway: 'Reproducir de todos modos',
    notNow: 'Ahora no',
    close: 'Cerrar',
    badTitle: 'Este enlace no se puede reproducir',
    bad: (why) => `${why} Pídelo otra vez.`,
    title: (n) => `Un chat enlazado: ${questions(n)}`,
    about: (model) => `Preguntado a ${model}. Tu equipo da las respuestas de nuevo; nada de esto `
      + 'se ha enviado a ninguna parte.',
    instructions: (system) => `Instrucciones: ${system}`,
    replaces: 'Sustituye al chat que hay aquí, que no está guardado en ninguna parte.',
    otherTitle: 'El enlace es de otro modelo',
    other: (linked, here) => `Se hizo con ${linked}; aquí está ${here}. Las respuestas no serán `
      + 'las mismas.',
    playing: 'Reproduciendo un chat enlazado',
    cutTitle: 'No reproducido hasta el final',
    cut: (given, all) => `Se dieron ${formatCount(given)} de ${answers(all)}.`,
    sameTitle: 'Reproducido: igual, impulso por impulso',
    same: (n) => (n === 1
      ? 'Tu equipo dio la respuesta con las mismas palabras y el mismo número de impulsos.'
      : `Tu equipo dio las ${answers(n)} con las mismas palabras y el mismo número de impulsos.`),
    notSameTitle: 'Reproducido: no es igual',
    otherWords: (answer) => `Respuesta ${answer}: otras palabras que en el enlace.`,
    otherSpikes: (answer) => `Respuesta ${answer}: otros impulsos que en el enlace.`,
    nothingYet: 'aún no hay ninguna respuesta que un enlace pueda repetir',
    foreign: 'este chat contiene respuestas que no dio el modelo de aquí: guárdalo como archivo',
    tooLong: 'este chat es demasiado largo para un enlace: guárdalo como archivo',
    damaged: 'El enlace está dañado',
  },

  activity: {
    name: 'Actividad de los impulsos',
    title: 'Actividad',
    details: 'Detalles',
  },

  figures: {
    rate: 'Tokens por segundo',
    spikes: 'Impulsos por token',
    operations: 'Operaciones sinápticas',
    silent: 'Neuronas en reposo',
    comparison: (executed, dense, back, backDense) =>
      `Por token y en promedio. Ejecutado por el kernel popcount: ${formatShort(executed)} sumas. `
      + `Cálculo denso: ${formatShort(dense)} multiplicaciones con suma. Mirando atrás desde el `
      + `último token: ${formatShort(back)} operaciones sinápticas; en denso, `
      + `${formatShort(backDense)}.`,
    how: 'Cómo se cuenta',
    notes: [
      'Los impulsos son binarios y se cuentan desde el reposo: k = q − z, repartido en los T '
        + 'pasos; se suman los unos de cada impulso de 4 bits. Una neurona con k = 0 está en '
        + 'silencio.',
      'Las operaciones sinápticas son esos impulsos por las sinapsis que cada uno alcanza. '
        + '«Ejecutado» cuenta los unos de los planos binarios de los códigos, nivel de reposo '
        + 'incluido, por las mismas sinapsis: lo que suma el kernel popcount. El kernel de tablas '
        + 'lee tablas en su lugar.',
      'Las claves y los valores también son impulsos, guardados para los tokens que siguen: cada '
        + 'impulso de una clave alcanza las cabezas de consulta que la comparten, y cada impulso '
        + 'de un valor, las que dan peso a su token. Se cuentan aparte porque crecen con el '
        + 'contexto. La matriz de salida no entra en estas cifras.',
      'El cálculo denso es el número de multiplicaciones con suma de las mismas capas sin '
        + 'impulsos. Una suma y una multiplicación con suma no cuestan lo mismo: son dos cifras '
        + 'una junto a otra, no un ahorro.',
    ],
  },

  embed: {
    close: 'Cerrar',
  },

  page: {
    noSuchModel: 'No existe ese modelo',
    noModelName: (name) => `«${name}» no puede ser el nombre de un modelo.`,
    openStandard: 'Abrir el modelo estándar',
  },
};

export default es;
