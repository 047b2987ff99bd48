// The words of the page in Spanish. Terms: impulso, neurona, paso de tiempo, umbral, capa, cabeza,
// token, semilla, reposo, operación sináptica, población, núcleo de cálculo (kernel), contexto.

import {
  formatCount, formatDecimal, formatList, formatMegabytes, formatPercent, formatSeconds,
  formatShort, pluralOf,
} from '../shared/format.js';

/** @param {number} n */
const tokens = (n) => pluralOf(n, { one: '# token', other: '# tokens' });
/** @param {number} n */
const words = (n) => pluralOf(n, { one: '# palabra', other: '# palabras' });
/** @param {number} n */
const questions = (n) => pluralOf(n, { one: '# pregunta', other: '# preguntas' });
/** @param {number} n */
const answers = (n) => pluralOf(n, { one: '# respuesta', other: '# respuestas' });

/** @param {number} n */
const inSteps = (n) => pluralOf(n, { one: '# paso', other: '# pasos' });
/** @param {number} n */
const inGroups = (n) => pluralOf(n, { one: '# grupo', other: '# grupos' });

/** @type {import('./words.js').Words} */
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
    space: ' ',
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
    early: (planes, of) => `antes de que llegara todo el modelo: ${planes} de ${of} planos de bits`,
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
    keep: {
      browser: 'Guardarlo en este navegador: la próxima vez empieza enseguida.',
      site: 'Guardarlo para este sitio: la próxima vez empieza aquí enseguida.',
    },
    notKept: 'No se guarda: este navegador no deja guardar nada aquí, y cada visita lo descarga '
      + 'de nuevo.',
    delete: (bytes) => `Borrar el modelo (${formatMegabytes(bytes)})`,
    deleted: 'El modelo se ha borrado de este navegador.',
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
    fromHere: (bytes) => `${formatMegabytes(bytes)} de este navegador`,
    kept: (advice) => `Lo descargado se conserva. ${advice}`,
    early: (planes, of) =>
      `Ya responde, algo menos preciso: ${planes} de ${of} planos de bits`,
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
      advice: 'Inténtalo otra vez cuando tengas conexión.',
    },
    http_status: {
      title: 'El servidor rechazó un archivo',
      advice: 'Inténtalo otra vez dentro de un rato.',
    },
    wrong_content_type: {
      title: 'El servidor envió una página en lugar de un archivo',
      advice: 'El sitio parece mal configurado: falta un archivo del modelo.',
    },
    shard_truncated: {
      title: 'Una parte del modelo llegó incompleta',
      advice: 'Inténtalo otra vez.',
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
      advice: 'Cierra otras pestañas e inténtalo otra vez.',
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
    model_unsupported: {
      title: 'Este archivo no se puede usar',
      advice: 'Tiene algo que este motor no calcula.',
    },
    file_unreadable: {
      title: 'No se pudo leer el archivo',
      advice: 'Elígelo otra vez: quizá se ha movido o cambiado.',
    },
    busy: {
      title: 'El motor está ocupado',
      advice: 'Se está dando otra respuesta. Inténtalo otra vez cuando termine.',
    },
  },
  noModel: {
    title: 'No hay ningún modelo con este nombre',
    own: 'Este navegador no tiene ese modelo de un archivo, o no entero. Abre el archivo y '
      + 'se queda aquí.',
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
      hint: 'La mayoría de las neuronas tiene pocos pasos de tiempo; las respuestas son peores.',
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
    prompts: (kernel) =>
      `Las preguntas se leen con ${kernel}: multiplica, con el mismo resultado.`,
    notRunning: 'El modo automático mide ambos mientras responde.',
    threads: 'Hilos',
    threadsHint: 'Más hilos usan más del procesador y más memoria. Las respuestas no cambian.',
    runningThreads: (threads, why) => `Hilos: ${threads} (${why}).`,
    threadsWhy: {
      usual: 'lo habitual',
      asked: 'lo elegido',
      alone: 'esta página no está aislada, así que los hilos no pueden compartir memoria',
      unshared: 'en este navegador los hilos no pueden compartir memoria',
    },
    threadsFewer: 'menos, porque con más se detuvo el motor',
    thinking: 'Pensar antes de responder',
    activity: 'Mostrar lo que hacen las neuronas',
    plain: 'Mostrar las respuestas tal como las escribió el modelo (Markdown)',
  },

  shelf: {
    name: 'Modelos',
    open: 'Abrir un archivo GGUF…',
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
    early: 'este chat contiene respuestas dadas antes de que llegara todo el modelo: '
      + 'pídelas de nuevo primero',
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

  wayBack: {
    name: 'Lo que había aquí antes',
    chat: 'El chat anterior no está guardado en ninguna parte.',
    turns: 'Lo que seguía se eliminó.',
    bring: 'Recuperarlo',
  },

  heatmap: {
    role: 'mapa de calor',
    label: 'Actividad por token y capa. Las flechas mueven una celda, Intro la elige y Escape la '
      + 'deja.',
    empty: 'Cada token de una respuesta será aquí una columna.',
    measure: 'Medida',
    population: 'Población',
    measures: {
      unusual: {
        label: 'Más impulsos de lo habitual',
        noun: 'frente a los impulsos habituales de la capa',
        says: 'Claro: con esta palabra la capa dispara más impulsos de lo habitual.',
        learned: 'Claro: con esta palabra la capa dispara más impulsos que últimamente con otras.',
        low: 'lo habitual o menos',
        high: 'muchos más',
      },
      spikes: {
        label: 'Impulsos binarios por neurona',
        noun: 'impulsos binarios por neurona',
        says: 'Claro: las neuronas de la capa disparan muchos impulsos con esta palabra.',
        low: 'ninguno',
        high: 'muchos',
      },
      active: {
        label: 'Neuronas fuera del reposo',
        noun: 'de las neuronas fuera del reposo',
        says: 'Claro: pocas neuronas de la capa callan con esta palabra.',
        low: 'todas callan',
        high: 'todas disparan',
      },
      operations: {
        label: 'Operaciones sinápticas',
        noun: 'operaciones sinápticas por sinapsis',
        says: 'Claro: los impulsos de la capa causan muchas sumas con esta palabra, una en cada '
          + 'sinapsis que alcanza un impulso.',
        low: 'ninguna',
        high: 'muchas',
      },
      strong: {
        label: 'Neuronas más allá de un paso',
        noun: 'de las neuronas disparan más de lo que cabe en un paso',
        says: 'Claro: muchas neuronas de la capa disparan más de lo que cabe en un paso de tiempo.',
        low: 'ninguna',
        high: 'muchas',
      },
    },
    populations: {
      all: 'Todas las poblaciones',
      qkv: 'Entrada de la atención',
      attn_out: 'Salida de la atención',
      gate_up: 'Entrada de la red directa',
      down: 'Interior de la red directa',
      keys: 'Claves guardadas',
      values: 'Valores guardados',
    },
    oneStep: (most) => `Con un paso ninguna neurona puede pasar de ${most}: elige otra medida para `
      + 'ver una diferencia.',
    notCounted: 'no contado',
    noText: '(sin texto)',
    layer: 'capa',
    token: 'token',
    place: (token, layer) => `token ${formatCount(token)}, capa ${layer}`,
    cell: (token, text, layer, figure) =>
      `Token ${formatCount(token)}, ${text}, capa ${layer}: ${figure}`,
    counts: {
      spikes: 'Impulsos',
      usual: 'Impulsos habituales',
      operations: 'Sumas',
      neurons: 'Neuronas',
    },
    none: 'Aún no hay tokens.',
    size: (n, layers) =>
      `${tokens(n)}, ${pluralOf(layers, { one: '# capa', other: '# capas' })}.`,
    extremes: (busiest, quietest, noun) =>
      `En promedio la capa ${busiest.layer} es la más activa: ${busiest.figure} ${noun}; `
      + `la capa ${quietest.layer} es la más tranquila: ${quietest.figure}.`,
    tools: 'Esta imagen',
    showTable: 'Mostrar como tabla',
    hideTable: 'Ocultar la tabla',
    savePicture: 'Guardar la imagen',
    saveFigures: 'Guardar las cifras',
    pictureHint: 'La imagen entera, como archivo PNG',
    figuresHint: 'Todos los recuentos, como archivo CSV para hojas de cálculo',
    notSaved: 'No se pudo crear el archivo: inténtalo otra vez.',
    notCome: 'La tabla no llegó: inténtalo otra vez.',
    rows: (from, to, of) =>
      `Tokens ${formatCount(from)} a ${formatCount(to)} de ${formatCount(of)}`,
    before: 'Anteriores',
    after: 'Siguientes',
    lastTokens: (shown, of) => `los últimos ${formatCount(shown)} de ${tokens(of)}`,
  },

  neurons: {
    open: 'Mirar dentro',
    back: 'Atrás',
    close: 'Cerrar',
    cancel: 'Cancelar',
    again: 'Leer otra vez',
    start: 'Iniciar el modelo',
    title: 'Dentro de una palabra',
    reading: 'El modelo lee esto una vez más.',
    readingAll: 'El modelo lee todo el chat una vez más.',
    progress: 'Tokens leídos',
    gone: 'Esta parte del chat ya no está en la memoria del modelo: pregunta otra vez y mira '
      + 'entonces.',
    unloaded: 'El modelo no está en marcha. Inícialo y pregunta: entonces podrás mirar dentro.',
    answering: 'El modelo está respondiendo. Lo que elegiste llega cuando termine.',
    busy: 'El modelo está ocupado con otra cosa.',
    stopped: 'Parado.',
    dead: 'El motor se paró. Inícialo y pregunta otra vez.',
    failed: (detail) => `No se pudo leer: ${detail}.`,
    missing: 'Lo que hace falta no llegó: inténtalo otra vez o recarga la página.',
    previous: 'Palabra anterior',
    next: 'Palabra siguiente',
    at: (read, next) => (next === null
      ? `Mientras leía ${read}`
      : `Mientras leía ${read} y elegía ${next}`),
    quoted: (word) => `«${word}»`,
    noText: 'un token sin texto',
    marks: {
      '<|im_start|>': 'el comienzo de un mensaje', '<|im_end|>': 'el final de un mensaje',
    },
    tabs: 'Qué mirar',
    neurons: 'Neuronas',
    others: 'Otras palabras',
    layer: 'Capa',
    population: 'Parte de la capa',
    neuron: 'Neurona',
    neuronTitle: (neuron) => `Neurona ${neuron}`,
    summary: (neurons, active, spikes) =>
      `De ${neurons} neuronas, ${active} dejaron el reposo, con ${spikes} impulsos binarios.`,
    raster: 'Impulsos de cada neurona',
    rasterSays: (steps, all) => (steps === 1
      ? 'Una columna es una neurona, en su único paso de tiempo. '
      : `Una columna es una neurona, en ${all ? '' : 'hasta '}${steps} pasos de tiempo, de `
        + 'arriba abajo. ')
      + 'Cuanto mayor es un punto, más fuerte es el impulso.',
    above: 'sobre el reposo',
    below: 'bajo el reposo',
    strong: 'palabras más fuertes',
    pick: 'Elige una neurona: señálala, o usa las flechas e Intro.',
    one: (neuron, code, spikes) =>
      `Neurona ${neuron}: ${code} desde el reposo, impulsos ${spikes}`,
    membrane: 'Su potencial de membrana a lo largo de los pasos',
    threshold: 'umbral',
    rest: 'reposo',
    fires: (spike) => `dispara ${spike}`,
    step: (step) => `paso ${step}`,
    columns: { step: 'Paso', potential: 'Potencial', fires: 'Dispara', left: 'Queda' },
    fired: (code, rest) => {
      const far = code - rest;
      const said = far === 0 ? 'justo eso: no dice nada'
        : `${code}: ${Math.abs(far)} ${far > 0 ? 'más' : 'menos'}`;
      return `Una neurona en reposo dispara aquí ${rest}. Esta disparó ${said}.`;
    },
    resets: (least) => 'En cada paso dispara todo lo que puede de su potencial, como máximo '
      + `${least}, y se reduce en esa cantidad.`,
    excites: '¿Qué excita a esta neurona?',
    exact: 'En términos exactos',
    terms: {
      activation: 'activación x', code: 'código q', rest: 'nivel de reposo z',
      from: 'desde el reposo k = q − z', steps: 'pasos de tiempo T', threshold: 'umbral θ',
      value: 'valor θ (q − z)',
    },
    exactSays: 'Una neurona de integración y disparo generalizada (GIF). Potenciales e impulsos se '
      + 'dan en umbrales. Las 32 neuronas de un grupo comparten umbral y nivel de reposo.',
    histogram: 'A qué distancia del reposo están las neuronas',
    bar: (code, count) => `${code} desde el reposo: ${count} neuronas`,
    table: 'Como tabla',
    rows: {
      neuron: 'Neurona', code: 'Código', rest: 'Reposo', from: 'Desde el reposo',
      spikes: 'Impulsos',
    },
    counts: { from: 'Desde el reposo', neurons: 'Neuronas' },
    choices: 'Lo que el modelo podría haber dicho aquí',
    choicesSay: (read) => `Tras ${read} el modelo dio a cada palabra una probabilidad. Salió la `
      + 'marcada.',
    chance: { word: 'Palabra', chance: 'Probabilidad', chosen: 'salió' },
    allOthers: 'todas las demás juntas',
    choicesExact: 'Las probabilidades son sobre todo el vocabulario, tal como las da el modelo: '
      + 'la creatividad y top-p, que vienen después, no están incluidas. Se calcularon de nuevo a '
      + 'partir de lo que se guarda de las palabras anteriores.',
    history: (neuron) => `Qué excita a la neurona ${neuron}`,
    historyOf: (neuron, layer, population) =>
      `Neurona ${neuron} de la capa ${layer}, ${population}, en cada token de este chat.`,
    over: 'Su código desde el reposo, token por token',
    strongest: 'Las palabras que más la excitaron',
    nothing: 'Ninguna palabra de este chat la excitó.',
    elsewhere: 'Lo último que leyó el modelo no es el chat que se muestra, así que no hay palabras '
      + 'marcadas.',
    inChat: 'Verlas en el chat',
    token: (word, code) => `${word}: ${code} desde el reposo`,
    tokenRows: { number: 'Token', word: 'Palabra', from: 'Desde el reposo' },
    marksToo: 'Las marcas entre mensajes están en el gráfico y no en la lista.',
  },

  compare: {
    title: 'Comparar respuestas',
    button: 'Comparar',
    open: 'Comparar respuestas…',
    nothing: 'Pregunta algo primero: entonces se podrán comparar sus respuestas.',
    busy: 'Se está dando una respuesta: compara cuando termine.',
    asked: 'Preguntaste:',
    before: (turns) => (turns === 1 ? '(También se lee la pregunta anterior.)'
      : `(También se leen las ${formatCount(turns)} preguntas anteriores.)`),
    kind: 'Qué comparar',
    kinds: { steps: 'Precisión', presets: 'Dos calidades', damage: 'Daños' },
    says: {
      steps: 'La misma pregunta y semilla, con 4, 2 y 1 pasos de tiempo (T) para cada neurona. Con '
        + 'menos pasos las neuronas disparan menos impulsos y dicen con menos exactitud lo que '
        + 'quieren decir. No va más rápido: un procesador como el tuyo trabaja lo mismo para una '
        + 'neurona que calla.',
      presets: 'La misma pregunta y semilla, con dos de las calidades de los ajustes.',
      damage: 'La misma pregunta y semilla, una vez sano y otra con partes de la red dañadas. Tu '
        + 'chat sigue sano.',
    },
    first: 'Una',
    second: 'La otra',
    sameTwice: 'Elige dos calidades distintas.',
    noPresets: 'Este modelo tiene una sola calidad: su precisión solo cambia con T.',
    run: 'Comparar ahora',
    again: 'Repetir',
    stopOne: (title) => `Parar: ${title}`,
    stopAll: 'Parar todo',
    cost: (n, most, seconds) =>
      `${n === 1 ? 'Una respuesta' : `${answers(n)}, una tras otra, cada una`} de como máximo `
      + `${tokens(most)}: ${seconds === null
        ? 'lo que tardan se ve con la primera' : `unos ${formatSeconds(seconds)}`}.`,
    progress: (i, n, title) => `Comparando, respuesta ${formatCount(i)} de ${formatCount(n)}: `
      + `${title}. El chat espera.`,
    finished: 'La comparación ha terminado.',
    ended: 'La comparación se ha parado.',
    waits: 'espera su turno',
    answering: 'respondiendo',
    done: 'hecho',
    cut: (n) => `cortada tras ${tokens(n)}`,
    stopped: 'parada',
    notAsked: 'sin preguntar',
    figures: {
      spikes: 'Impulsos por token',
      operations: 'Operaciones sinápticas por token',
      rate: 'Tokens por segundo',
    },
    equal: (title) => `como ${title}`,
    fewer: (share, title) => `${formatPercent(share, 0)} menos que ${title}`,
    more: (share, title) => `${formatPercent(share, 0)} más que ${title}`,
    differs: 'distinto desde aquí',
    otherDiffers: (title) => `${title}: distinto desde aquí`,
    endsHere: 'acaba aquí',
    same: (title) => `Igual que ${title}, palabra por palabra.`,
    differsAt: (title, token) => `Distinto de ${title} desde el token ${formatCount(token)}.`,
    copy: 'Copiar como JSON',
    alone: 'Comparar sin las preguntas anteriores',
  },

  lesions: {
    healthy: 'Sano',
    damaged: 'Dañado',
    try: 'Prueba:',
    figures: 'Todas las cifras',
    anaesthesia: 'Anestesia',
    thresholds: 'Umbrales',
    times: (factor) => `× ${formatDecimal(factor, Number.isInteger(factor) ? 0 : 1)}`,
    raised: 'Qué neuronas',
    everyNeuron: 'todas las neuronas',
    anaesthesiaSays: 'Una neurona dispara cuando su entrada pasa de un umbral. Con uno más alto '
      + 'dispara menos, y las entradas pequeñas se pierden.',
    silencing: 'Silenciar',
    silence: 'Qué',
    wholeLayer: 'Una capa entera',
    oneHead: 'Una cabeza de atención',
    parts: { attention: 'Atención', feed_forward: 'Red directa' },
    inLayer: 'Capa',
    headNumber: 'Cabeza',
    all: 'todas las capas',
    layer: (n) => `capa ${n}`,
    head: (n) => `cabeza ${n}`,
    within: (place, what) => `${place}: ${what}`,
    add: 'Silenciar',
    isSilent: (what) => `Ahora en silencio: ${what}.`,
    takeBack: (what) => `Ya no en silencio: ${what}`,
    silencingSays: 'Lo que está en silencio queda en reposo, como si se hubiera recortado. Las '
      + 'capas pasan lo que reciben, así que se puede prescindir de muchas.',
    coarser: 'Pesos menos finos',
    planes: 'Planos que no se leen',
    noPlane: 'ninguno',
    coarserSays: 'Un peso es un número de cuatro bits. Cada plano de bits que no se lee le deja la '
      + 'mitad de valores.',
    reset: 'Curarlo todo',
    isHealthy: 'Ya no hay nada dañado.',
    nothing: 'Aún no hay nada dañado: elige algo arriba.',
    code: 'Como código',
    experiments: {
      anaesthesia: {
        title: 'Todos los umbrales × 8',
        measured: 'Medido: un 73 % menos de impulsos, y la palabra más probable sigue igual 59 '
          + 'veces de 100. Aún habla, dando vueltas; con × 12 ha perdido sus frases.',
      },
      hidden: {
        title: 'Neuronas interiores × 4',
        measured: 'Medido: las neuronas interiores de la red directa son las que más pueden '
          + 'ahorrar. Se va una cuarta parte de los impulsos y las predicciones apenas cambian '
          + '(KL 0,076).',
      },
      layer: {
        title: 'Capa 11 sin red directa',
        measured: 'Medido: de la mayoría de las capas se puede prescindir, de una en una. Esta '
          + 'mitad de una capa cuesta ocho veces lo que las de sus vecinas (KL 2,0).',
      },
      planes: {
        title: 'Pesos de tres bits',
        measured: 'Medido: un bit menos ya es demasiado. La palabra más probable sigue igual 38 '
          + 'veces de 100.',
      },
      heads: {
        title: 'Las cabezas que más importan',
        measured: 'Medido: son 13 cabezas de 270. Sin ellas el modelo queda peor que sin la mitad '
          + 'que menos importa (KL 3,9 frente a 1,8).',
      },
    },
  },

  recording: {
    title: 'Una respuesta grabada',
    before: 'Grabada antes; no se ha descargado nada.',
    here: 'Grabada antes.',
    loading: 'Grabada antes, para ver mientras llega el modelo.',
    after: 'Grabada antes, en otro equipo.',
    tag: 'Grabada',
    play: 'Reproducir',
    pause: 'Pausa',
    again: 'Ver otra vez',
    skip: 'Saltar',
    real: 'Más rápido',
    slow: 'Más lento',
    check: 'Comparar con este equipo',
    checking: 'Tu equipo da otra vez la misma respuesta…',
    note: (model, rate, machine, slow) => `${model} · ${formatDecimal(rate)} tokens/s en ${machine}`
      + (slow > 1 ? `, mostrada ${slow} veces más lenta` : ''),
    notChecked: 'No comparada hasta el final.',
    same: (n, counts) => `Tu equipo la reprodujo bit por bit: ${tokens(n)}, `
      + `${pluralOf(counts, { one: '# recuento', other: '# recuentos' })}.`,
    otherWord: (token, was, is) => `Tu equipo dio otra cosa desde el token ${token}: «${is}» en `
      + `lugar de «${was}».`,
    otherSpikes: (token, layer, was, is) => `Tu equipo difiere desde el token ${token}: `
      + `${formatCount(is)} impulsos en la capa ${layer}, donde se grabaron ${formatCount(was)}.`,
    otherCounts: (token) => `Tu equipo cuenta de otro modo desde el token ${token}.`,
  },

  tour: {
    open: 'Hacer el recorrido',
    back: 'Atrás',
    next: 'Siguiente',
    done: 'Hecho',
    close: 'Cerrar',
    progress: (step, all) => `${step} de ${all}`,
    reading: 'El modelo lee una vez más una palabra de tu respuesta.',
    gone: 'Las cifras de tu respuesta no se pueden leer ahora: pregunta otra vez y haz entonces el '
      + 'recorrido.',
    neuron: {
      title: 'Una neurona acumula y dispara',
      text: [
        'Un número entra en una neurona como su potencial. En cada paso de tiempo dispara todo lo '
          + 'que puede, como máximo 15, y se reduce en esa cantidad. Lo que no se dispara espera '
          + 'al paso siguiente.',
      ],
      says: (neuron, layer, word, potential, steps) => `Esta es la neurona ${neuron} de la capa `
        + `${layer} mientras trabajaba hacia ${word} en tu respuesta: un potencial de `
        + `${potential}, disparado en ${inSteps(steps)}.`,
    },
    spikes: {
      title: 'Los impulsos tienen tamaño',
      text: [
        'Aquí un impulso no solo está o no está: tiene un tamaño, de 1 a 15. Varios pasos de '
          + 'tiempo llevan más que uno, así que una neurona puede decir su número con más detalle.',
      ],
      says: (neurons, steps, spikes, from) => `Una columna es una de ${neurons} vecinas, una fila `
        + `uno de ${inSteps(steps)}, un punto mayor un impulso mayor. La neurona enmarcada disparó `
        + `${formatList(spikes.map(String))} más que en reposo, ${from} en total.`,
    },
    thresholds: {
      title: 'Cada grupo tiene su propio umbral',
      text: [
        'El umbral dice cuánto vale una unidad de un impulso. 32 vecinas comparten uno, ajustado a '
          + 'los números que llegaron: con uno solo para todas, unos pocos números grandes '
          + 'ahogarían a los pequeños.',
      ],
      says: (groups, layer, population, times) => `Los umbrales de ${inGroups(groups)} en la capa `
        + `${layer} (${population}). El más alto es ${formatDecimal(times)} veces el más bajo.`,
    },
    choice: {
      title: 'Quién recibe más pasos de tiempo',
      text: [
        'Más pasos dan más detalle y cuestan más impulsos. Optimal Brain Spiking ordenó una vez '
          + 'todos los grupos según lo que importan para el resultado; un ajuste da más a los '
          + 'primeros.',
      ],
      alike: (groups, layer, steps) => `En esta respuesta los ${inGroups(groups)} de la capa `
        + `${layer} tuvieron ${inSteps(steps)}. Elige «Equilibrada» en los ajustes, pregunta otra `
        + 'vez y serán distintos.',
      differ: (layer, kinds) => `En la capa ${layer} de esta respuesta `
        + `${formatList(kinds.map(({ steps, groups }) =>
          `${inGroups(groups)} tuvieron ${inSteps(steps)}`))}.`,
    },
    additions: {
      title: 'Los productos se vuelven sumas',
      text: [
        'Una capa multiplica cada número por pesos. Con impulsos solo suma: cada bit de un impulso '
          + 'suma los pesos de todas las sinapsis que alcanza.',
      ],
      says: (neuron, spike, bits, synapses) => `La neurona ${neuron} disparó ${spike} en un paso`
        + `${bits.length > 1 ? `, que es ${bits.join(' + ')}` : ''}: ${formatCount(bits.length)} × `
        + `${formatCount(synapses)} sinapsis.`,
      sum: (operations, dense) => `En todas las capas esta palabra necesitó ${operations} sumas, y `
        + `necesitaría ${dense} multiplicaciones sin impulsos. No cuestan lo mismo.`,
      bars: {
        operations: (count) => `Sumas con impulsos: ${count}`,
        dense: (count) => `Multiplicaciones sin ellos: ${count}`,
      },
    },
    honesty: {
      title: 'Qué funciona aquí con impulsos y qué no',
      text: [
        'Con impulsos: lo que entra en cada capa lineal y en la salida, y las claves y valores que '
          + 'se recuerdan. Sus sumas son las de neuronas de impulsos, hasta el último bit.',
        'Sin impulsos: normalizaciones, softmax, funciones de activación, consultas y la corriente '
          + 'que recorre todas las capas. Ninguna neurona guarda un estado de una palabra a otra.',
        'Tu procesador suma todos los pasos de tiempo a la vez. Una neurona en silencio no le '
          + 'ahorra nada, y nadie afirma que se ahorre energía.',
      ],
      silent: (share) => `Neuronas en silencio con esta palabra: ${share}`,
    },
  },

  embed: {
    close: 'Cerrar',
  },

  page: {
    noSuchModel: 'No existe ese modelo',
    noModelName: (name) => `«${name}» no puede ser el nombre de un modelo.`,
    openStandard: 'Abrir el modelo estándar',
    newVersion: 'Hay una nueva versión de esta página.',
    takeVersion: 'Cargarla',
    closeOthers: 'Cierra antes las otras pestañas de SpikeChat.',
  },
};

export default es;
