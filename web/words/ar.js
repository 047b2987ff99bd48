// The words of the page in Arabic. Terms: نبضة, عصبون, خطوة زمنية, عتبة, طبقة, رأس, رمز,
// بذرة, سكون, عملية مشبكية, مجموعة, نواة, سياق.

import {
  formatCount, formatDecimal, formatList, formatMegabytes, formatPercent, formatSeconds,
  formatShort, pluralOf,
} from '../shared/format.js';

/** @param {number} n */
const tokens = (n) => pluralOf(n, {
  one: 'رمز واحد', two: 'رمزان', few: '# رموز', many: '# رمزًا', other: '# رمز',
});
/** @param {number} n */
const words = (n) => pluralOf(n, {
  one: 'كلمة واحدة', two: 'كلمتان', few: '# كلمات', other: '# كلمة',
});
/** @param {number} n */
const questions = (n) => pluralOf(n, {
  one: 'سؤال واحد', two: 'سؤالان', few: '# أسئلة', many: '# سؤالًا', other: '# سؤال',
});
/** @param {number} n */
const answers = (n) => pluralOf(n, {
  one: 'إجابة واحدة', two: 'إجابتان', few: '# إجابات', other: '# إجابة',
});
/** @param {number} n */
const inSteps = (n) => pluralOf(n, {
  one: 'خطوة واحدة', two: 'خطوتان', few: '# خطوات', other: '# خطوة',
});
/** @param {number} n */
const inGroups = (n) => pluralOf(n, {
  one: 'مجموعة واحدة', two: 'مجموعتان', few: '# مجموعات', other: '# مجموعة',
});
/** A text of another direction, so that it does not turn what is around it. @param {string} text */
const apart = (text) => `\u2068${text}\u2069`;

/** @type {import('./words.js').Words} */
const ar = {
  language: 'ar',
  direction: 'rtl',

  chat: {
    newChat: 'محادثة جديدة',
    isNew: 'محادثة جديدة.',
    yourMessage: 'رسالتك',
    placeholder: 'اسأل عن شيء',
    send: 'إرسال',
    stop: 'إيقاف',
    conversation: 'المحادثة',
    oneMoment: 'لحظة من فضلك.',
    loading: 'يجري تحميل النموذج.',
    ready: 'جاهز.',
    answering: 'تجري الإجابة.',
    anotherWaits: 'سؤالك السابق ما زال ينتظر.',
    waitsForModel: 'تأتي الإجابة حين يجهز النموذج.',
    waitsForStart: 'تأتي الإجابة حين يحضر النموذج: ابدأه من الأعلى.',
    partMissing: 'لم يصل جزء من الصفحة: حاول مرة أخرى، أو أعد تحميل الصفحة.',
    languageMissing: 'لم تصل هذه اللغة: حاول مرة أخرى.',
    reading: (left) => `يقرأ السؤال، المتبقي: ${tokens(left)}`,
    goingOver: (n) => `يعيد المرور على البداية: ${tokens(n)}`,
    rate: (rate) => `${formatDecimal(rate)} رمز/ث`,
    done: (n) => `تم، ${words(n)}.`,
    stopped: (n) => `توقف، ${words(n)}.`,
    contextInUse: 'المساحة المستخدمة في هذه المحادثة',
    used: (used, most) => `${formatCount(used)} من ${tokens(most)}`,
    note: (sentence) => `ملاحظة: ${sentence}`,
  },

  greeting: {
    title: 'نموذج لغوي صغير يعمل بالنبضات، داخل متصفحك.',
    what: 'يعمل هنا شبكةً عصبية نبضية، على معالج جهازك.',
    caution: 'النماذج بهذا الحجم تكتب بطلاقة وتخطئ كثيرًا: لا تعتمد على ما يقوله. '
      + 'وأفضل ما يفهمه هو الإنجليزية.',
    private: 'لا شيء مما تكتبه يغادر هذه الصفحة.',
    framed: 'من جهتنا لا شيء مما تكتبه يغادر متصفحك؛ أما الصفحة المحيطة بهذه المحادثة فيمكنها '
      + 'قراءته.',
    space: ' ',
    examples: 'أمثلة',
    questions: [
      'What is a neuron?',
      'Write a short poem about the sea.',
      'Give me three tips for a good night’s sleep.',
    ],
  },

  question: {
    you: 'أنت: ',
    edit: 'تعديل',
    yours: 'سؤالك',
    hint: 'يسأل من جديد من هنا: ما يليه يُحذف.',
    again: 'اسأل من جديد',
    cancel: 'إلغاء',
  },

  answer: {
    model: 'النموذج: ',
    tools: 'هذه الإجابة',
    copy: 'نسخ',
    another: 'إجابة أخرى',
    goOn: 'متابعة',
    copied: 'نُسخ',
    notCopied: 'لم يُنسخ',
    isCopied: 'نُسخ.',
    cannotCopy: 'لا يسمح هذا المتصفح للصفحة بالنسخ: حدّد النص بدلًا من ذلك.',
    stopped: 'أُوقفت',
    cutLength: 'قُطعت عند أقصى طول',
    cutFull: 'قُطعت: هذه المحادثة ممتلئة',
    first: (seconds) => `أول رمز بعد ${formatSeconds(seconds)}`,
    early: (planes, of) => `قبل وصول النموذج كله: ${planes} من ${of} مستويات البتات`,
    seed: (seed) => `البذرة ${seed}`,
    startAgain: 'إعادة تشغيل المحرك',
    tryAgain: 'حاول مرة أخرى',
    noneTitle: 'لا إجابة لهذا السؤال بعد',
    noneDetail: 'انتهت المحادثة قبل أن تأتي.',
    give: 'أجب عنه',
    same: 'عند إبداع 0 تأتي الإجابة نفسها: ارفعه في الإعدادات.',
  },

  markdown: {
    copyCode: 'نسخ الشيفرة',
    code: 'شيفرة',
    codeBlock: 'شيفرة',
    table: 'جدول',
    image: 'صورة: ',
    toDo: 'لم يُنجز',
    done: 'أُنجز',
  },

  guard: {
    name: 'المساحة المتبقية في هذه المحادثة',
    forget: 'نسيان الأقدم',
    anew: 'بدء محادثة جديدة',
    filling: (used, most) => `تشغل هذه المحادثة ${formatCount(used)} من ${tokens(most)} يستطيع `
      + 'النموذج قراءتها. حين تمتلئ لا تتسع لأي إجابة.',
    waits: (used, most) => `تشغل هذه المحادثة ${formatCount(used)} من ${tokens(most)} يستطيع `
      + 'النموذج قراءتها: قد لا تتسع لسؤالك وإجابته. يُرسل حين تختار.',
    choose: 'هذه المحادثة شبه ممتلئة: اختر ما تفعله.',
    forgotten: 'لم يعد الأقدم يُقرأ.',
    dropped: 'لم يعد النموذج يقرأ ما فوق هذا الخط.',
  },

  loading: {
    bar: 'النموذج',
    cancel: 'إلغاء',
    download: 'تنزيل وبدء',
    downloadBytes: (bytes) => `تنزيل ${formatMegabytes(bytes)} وبدء`,
    start: 'بدء',
    startAgain: 'البدء من جديد',
    tryAgain: 'حاول مرة أخرى',
    here: (bytes) => `${formatMegabytes(bytes)}، موجود في هذا المتصفح.`,
    keep: {
      browser: 'الاحتفاظ به في هذا المتصفح، فيبدأ فورًا في المرة القادمة.',
      site: 'الاحتفاظ به لهذا الموقع، فيبدأ هنا فورًا في المرة القادمة.',
    },
    notKept: 'لا يُحتفظ به: لا يسمح هذا المتصفح بتخزين شيء هنا، وكل زيارة تنزّله من جديد.',
    delete: (bytes) => `حذف النموذج (${formatMegabytes(bytes)})`,
    deleted: 'حُذف النموذج من هذا المتصفح.',
    phases: {
      engine: 'يجري تشغيل المحرك',
      manifest: 'تجري قراءة وصف النموذج',
      shards: 'يجري تنزيل النموذج',
      prepare: 'يجري تجهيز النموذج',
      ready: 'جاهز',
    },
    waiting: 'بانتظار الشبكة',
    reading: 'تجري قراءة النموذج من هذا المتصفح',
    some: (bytes, all) => `${formatDecimal(bytes / 1e6)} من ${formatMegabytes(all)}`,
    speed: (bytes) => formatMegabytes(bytes, '-per-second'),
    left: (seconds) => `بقي ${formatSeconds(seconds)}`,
    fromHere: (bytes) => `${formatMegabytes(bytes)} من هذا المتصفح`,
    kept: (advice) => `ما نُزّل محفوظ. ${advice}`,
    early: (planes, of) =>
      `يجيب منذ الآن بدقة أقل قليلًا: ${planes} من ${of} مستويات البتات`,
  },

  notices: {
    unsupported_browser: 'تأتي الإجابات أبطأ في هذا المتصفح؛ المتصفح الحديث أسرع.',
    quota_exceeded: 'لا يحتفظ هذا المتصفح بالنموذج: يُنزّل من جديد في المرة القادمة.',
  },

  advice: {
    unsupported_browser: {
      title: 'لا يستطيع هذا المتصفح تشغيل المحرك',
      advice: 'يستطيع ذلك إصدار حديث من Firefox أو Chrome أو Edge أو Safari. '
        + 'فإن كان هذا واحدًا منها فعلى الخادم ملف تالف.',
    },
    offline: {
      title: 'لا اتصال بالشبكة',
      advice: 'حاول مرة أخرى حين تتصل.',
    },
    http_status: {
      title: 'رفض الخادم تقديم ملف',
      advice: 'حاول مرة أخرى بعد قليل.',
    },
    wrong_content_type: {
      title: 'أرسل الخادم صفحة بدلًا من ملف',
      advice: 'يبدو أن الموقع مُعدّ خطأً: ينقصه أحد ملفات النموذج.',
    },
    shard_truncated: {
      title: 'وصل جزء من النموذج ناقصًا',
      advice: 'حاول مرة أخرى.',
    },
    shard_corrupt: {
      title: 'جزء من النموذج تالف',
      advice: 'لم يُستخدم. حاول مرة أخرى؛ فإن بقي الأمر كذلك فعلى الخادم ملف تالف.',
    },
    manifest_invalid: {
      title: 'وصف النموذج غير صالح',
      advice: 'يبدو أن في الموقع نموذجًا تالفًا أو غريبًا.',
    },
    model_invalid: {
      title: 'النموذج غير صالح',
      advice: 'يبدو أن في الموقع نموذجًا تالفًا أو غريبًا.',
    },
    version_mismatch: {
      title: 'الصفحة والنموذج لا يتوافقان',
      advice: 'أعد تحميل الصفحة لتحصل على الأحدث.',
    },
    quota_exceeded: {
      title: 'لم تبقَ مساحة في المتصفح',
      advice: 'تعمل المحادثة، لكن النموذج يُنزّل من جديد في المرة القادمة.',
    },
    out_of_memory: {
      title: 'الذاكرة لا تكفي',
      advice: 'أغلق ألسنة أخرى وحاول مرة أخرى.',
    },
    timeout: { title: 'لم يصل شيء منذ وقت طويل', advice: 'حاول مرة أخرى.' },
    aborted: { title: 'أُلغي', advice: 'ما نُزّل محفوظ.' },
    context_full: {
      title: 'هذه المحادثة ممتلئة',
      advice: 'لا يستطيع النموذج رؤية نص أكثر من هذا. ابدأ محادثة جديدة.',
    },
    bad_request: { title: 'رفض المحرك الطلب', advice: 'راجع الإعدادات.' },
    engine_crashed: {
      title: 'توقف المحرك',
      advice: 'محادثتك محفوظة. أعد تشغيل المحرك: لا حاجة إلى تنزيل النموذج مرة أخرى.',
    },
    blocked_by_policy: {
      title: 'سياسة هذه الصفحة لا تسمح بالمحرك',
      advice: 'يستطيع القائم على الصفحة تغييرها؛ أما إعادة المحاولة فلا تنفع.',
    },
    model_unsupported: {
      title: 'لا يمكن استعمال هذا الملف',
      advice: 'فيه ما لا يحسبه هذا المحرك.',
    },
    file_unreadable: {
      title: 'تعذرت قراءة الملف',
      advice: 'اختره مرة أخرى: ربما نُقل أو تغيّر.',
    },
    busy: {
      title: 'المحرك مشغول',
      advice: 'تجري إجابة أخرى. حاول مرة أخرى حين تنتهي.',
    },
  },
  noModel: {
    title: 'لا يوجد نموذج بهذا الاسم',
    own: 'ليس في هذا المتصفح نموذج كهذا من ملف، أو ليس كاملًا. افتح الملف فيبقى هنا.',
    advice: (address) => `لا شيء في ${apart(address)}: تحقق من كتابته.`,
  },

  coding: {
    heading: 'الجودة',
    best: {
      title: 'أفضل جودة',
      short: 'أفضل جودة',
      hint: 'لكل العصبونات أكثر الخطوات الزمنية، فترميزها أدق ما يكون.',
    },
    balanced: {
      title: 'متوازنة',
      short: 'متوازنة',
      hint: 'لأهم العصبونات أكثر الخطوات الزمنية، ولغيرها أقل.',
    },
    fewest: {
      title: 'أقل نبضات',
      short: 'أقل نبضات',
      hint: 'لمعظم العصبونات خطوات زمنية قليلة. الإجابات أخشن.',
    },
    missing: (titles) => `غير متاح مع هذا النموذج: ${titles}. ليس فيه ترتيب لعصبوناته.`,
    overruled: 'الخطوات الزمنية في الأسفل هي التي تسري.',
    steps: 'الخطوات الزمنية T',
    stepsAuto: 'آلي',
    stepsByQuality: 'لكل عصبون ما تعطيه الجودة.',
    stepsUniform: 'لكل العصبونات T من الخطوات الزمنية، مهما كان الاختيار في الأعلى. '
      + 'وكلما زادت كان ترميز التنشيط أدق: 16 أو 31 أو 61 مستوى.',
    uniform: (steps) => apart(`T = ${steps}`),
  },

  settings: {
    name: 'الإعدادات',
    creativity: 'الإبداع',
    temperature: 'الحرارة',
    creativityHints: {
      none: 'دائمًا الكلمة الأرجح: السؤال نفسه ينال الإجابة نفسها.',
      low: 'الكلمات الأرجح في الغالب.',
      middle: 'وكلمات أقل رجحانًا أيضًا: حيوية أكثر وأخطاء أكثر.',
      high: 'وكلمات مستبعدة أيضًا: نادرًا ما يكون لها معنى.',
    },
    creativityIs: (temperature) => `الإبداع ${formatDecimal(temperature, 1, 3)}`,
    language: 'اللغة (Language)',
    details: 'التفاصيل',
    seed: 'البذرة',
    seedRandom: 'عشوائية',
    seedHint: 'السؤال نفسه والإعدادات نفسها والبذرة نفسها تعطي الإجابة نفسها في كل متصفح.',
    kernel: 'نواة الحساب',
    kernels: { auto: 'تلقائي', lookup: 'جداول', popcount: 'AND + popcount' },
    builds: { relaxed: 'relaxed SIMD', simd: 'SIMD', plain: 'من دون SIMD' },
    running: (kernel, build, why) => `قيد التشغيل: ${apart(kernel)}، ${apart(build)} `
      + `(${apart(why)}).`,
    prompts: (kernel) => `تُقرأ الأسئلة بواسطة ${apart(kernel)}: يضرب، والنتيجة نفسها.`,
    notRunning: 'الوضع التلقائي يقيس الاثنتين أثناء الإجابة.',
    threads: 'خيوط المعالجة',
    threadsHint: 'الخيوط الأكثر تستهلك مزيدًا من المعالج والذاكرة. وتبقى الإجابات كما هي.',
    runningThreads: (threads, why) => `الخيوط: ${threads} (${apart(why)}).`,
    threadsWhy: {
      usual: 'كالمعتاد',
      asked: 'حسب الاختيار',
      alone: 'هذه الصفحة غير معزولة، فلا تستطيع الخيوط تقاسم الذاكرة',
      unshared: 'في هذا المتصفح لا تستطيع الخيوط تقاسم الذاكرة',
    },
    threadsFewer: 'أقل، لأن المحرك توقف مع عدد أكبر',
    thinking: 'التفكير قبل الإجابة',
    activity: 'إظهار ما تفعله العصبونات',
    plain: 'إظهار الإجابات كما كتبها النموذج (Markdown)',
  },

  shelf: {
    name: 'النماذج',
    open: 'افتح ملف GGUF…',
  },

  chats: {
    name: 'المحادثات',
    own: 'هذه المحادثة',
    saveMarkdown: 'حفظ بصيغة Markdown',
    saveJson: 'حفظ بصيغة JSON',
    copyLink: 'نسخ الرابط',
    others: 'محادثات أخرى',
    open: 'فتح ملف JSON…',
    file: 'ملف محادثة',
    keep: 'الاحتفاظ بمحادثاتي في هذا المتصفح',
    keepHint: 'دون تفعيله تزول المحادثة عند إغلاق الصفحة. عند تفعيله تبقى المحادثات على هذا '
      + 'الجهاز، يقرؤها كل من يستخدم هذا المتصفح، حتى تحذفها هنا أو تمسح بيانات الموقع.',
    questions,
    isOpen: 'مفتوحة',
    rename: 'إعادة التسمية',
    title: 'الاسم',
    keepTitle: 'حفظ الاسم',
    renamed: 'تغيّر الاسم.',
    delete: 'حذف',
    sure: 'حذف حقًا؟',
    deleted: 'حُذفت.',
    deleteAll: 'حذف الكل',
    sureAll: 'حذف الكل حقًا؟',
    deletedAll: 'حُذفت كل المحادثات المحفوظة.',
    noLonger: 'من الآن لا يُحتفظ بالمحادثات. ما حُفظ منها تحذفه في الأسفل، أو يبقى حتى تختار '
      + 'الاحتفاظ من جديد.',
    choiceNotKept: 'يُحتفظ بها، لكن المتصفح لن يتذكر هذا الاختيار.',
    saved: 'حُفظت: يبيّن متصفحك أين.',
    linkCopied: 'نُسخ. من يفتح الرابط يرى أسئلتك ويستطيع تشغيل المحادثة من جديد: الكلمات نفسها، '
      + 'نبضةً بنبضة.',
    noLink: (why) => `لا رابط: ${why}`,
    notOpened: (why) => `لم يُفتح: ${apart(why)}`,
    tooLarge: 'الملف أكبر من أي محادثة',
    noRoom: 'لم تبقَ في هذا المتصفح مساحة للمحادثة: احذف الأقدم، أو احفظها ملفًا.',
    blocked: 'لا يسمح هذا المتصفح للصفحة بالاحتفاظ بشيء: احفظ المحادثة ملفًا بدلًا من ذلك.',
    gone: 'حُذفت هذه المحادثة من هذا المتصفح: لا يُحتفظ بها من جديد.',
    empty: 'محادثة فارغة',
    otherTab: (title) => `${apart(title)} (لسان آخر)`,
  },

  file: {
    about: (date) => `محادثة مع SpikeChat، بدأت ${date}.`,
    instructions: 'التعليمات',
    you: 'أنت',
    model: 'النموذج',
  },

  link: {
    name: 'محادثة من رابط',
    play: 'تشغيل',
    startAndPlay: 'بدء النموذج والتشغيل',
    playAnyway: 'التشغيل رغم ذلك',
    notNow: 'ليس الآن',
    close: 'إغلاق',
    badTitle: 'لا يمكن تشغيل هذا الرابط',
    bad: (why) => `${why} اطلبه مرة أخرى.`,
    title: (n) => `محادثة من رابط: ${questions(n)}`,
    about: (model) => `سُئل فيها ${apart(model)}. يعطي جهازك الإجابات من جديد؛ ولم يُرسل شيء من `
      + 'هذا إلى أي مكان.',
    instructions: (system) => `التعليمات: ${system}`,
    replaces: 'تحل محل المحادثة الموجودة هنا، وهي غير محفوظة في أي مكان.',
    otherTitle: 'الرابط لنموذج آخر',
    other: (linked, here) => `صُنع مع ${apart(linked)}؛ والموجود هنا ${apart(here)}. لن تكون `
      + 'الإجابات نفسها.',
    playing: 'تُشغّل محادثة من رابط',
    cutTitle: 'لم تُشغّل حتى النهاية',
    cut: (given, all) => `أُعطي ${formatCount(given)} من ${answers(all)}.`,
    sameTitle: 'شُغّلت: مطابقة، نبضةً بنبضة',
    same: (n) => `أعطى جهازك ${answers(n)} بالكلمات نفسها وبعدد النبضات نفسه.`,
    notSameTitle: 'شُغّلت: غير مطابقة',
    otherWords: (answer) => `الإجابة ${answer}: كلمات غير التي في الرابط.`,
    otherSpikes: (answer) => `الإجابة ${answer}: نبضات غير التي في الرابط.`,
    nothingYet: 'لا توجد بعد إجابة يستطيع الرابط إعادتها',
    early: 'في هذه المحادثة إجابات سبقت وصول النموذج كله: '
      + 'اطلبها من جديد أولًا',
    foreign: 'في هذه المحادثة إجابات لم يعطها النموذج الموجود هنا: احفظها ملفًا',
    tooLong: 'هذه المحادثة أطول من أن تكون رابطًا: احفظها ملفًا',
    damaged: 'الرابط تالف',
  },

  activity: {
    name: 'نشاط النبضات',
    title: 'النشاط',
    details: 'التفاصيل',
  },

  figures: {
    rate: 'الرموز في الثانية',
    spikes: 'النبضات لكل رمز',
    operations: 'العمليات المشبكية',
    silent: 'العصبونات الساكنة',
    comparison: (executed, dense, back, backDense) =>
      `لكل رمز في المتوسط. نفّذت نواة popcount\u200f: ${formatShort(executed)} عملية جمع. `
      + `الحساب الكثيف: ${formatShort(dense)} عملية ضرب وجمع. النظر إلى الوراء من آخر رمز: `
      + `${formatShort(back)} عملية مشبكية، وفي الحساب الكثيف ${formatShort(backDense)}.`,
    how: 'كيف يُحسب هذا',
    notes: [
      'النبضات ثنائية وتُعدّ من السكون: \u2066k = q − z\u2069 موزعةً على T من الخطوات؛ وتُجمع '
        + 'الآحاد في كل نبضة من 4 بتات. والعصبون الذي فيه \u2066k = 0\u2069 صامت.',
      'العمليات المشبكية هي هذه النبضات مضروبةً في المشابك التي تبلغها كل منها. و«المنفَّذ» يعدّ '
        + 'الآحاد في المستويات الثنائية للرموز المرمّزة، مع مستوى السكون، مضروبةً في المشابك '
        + 'نفسها: وهو ما تجمعه نواة popcount. أما نواة الجداول فتقرأ جداول بدلًا من ذلك.',
      'المفاتيح والقيم نبضات أيضًا، تُحفظ للرموز التالية: كل نبضة من مفتاح تبلغ رؤوس الاستعلام '
        + 'التي تشترك فيه، وكل نبضة من قيمة تبلغ الرؤوس التي تعطي رمزها وزنًا. وتُعدّ على حدة '
        + 'لأنها تنمو مع السياق. ومصفوفة الخرج ليست في هذه الأرقام.',
      'الحساب الكثيف هو عدد عمليات الضرب والجمع في الطبقات نفسها من دون نبضات. ولا تتساوى كلفة '
        + 'الجمع وكلفة الضرب والجمع، فهما رقمان متجاوران لا توفير.',
    ],
  },

  wayBack: {
    name: 'ما كان هنا من قبل',
    chat: 'المحادثة السابقة غير محفوظة في أي مكان.',
    turns: 'حُذف ما كان يليه.',
    bring: 'استعادته',
  },

  heatmap: {
    role: 'خريطة حرارية',
    label: 'النشاط بحسب الرمز والطبقة. تحرّك الأسهم الخلية، ويختارها Enter، ويغادرها Escape.',
    empty: 'يصير كل رمز من الإجابة عمودًا هنا.',
    measure: 'المقياس',
    population: 'المجموعة',
    measures: {
      unusual: {
        label: 'نبضات أكثر من المعتاد',
        noun: 'مقارنةً بنبضات الطبقة المعتادة',
        says: 'فاتح: عند هذه الكلمة تطلق الطبقة نبضات أكثر من المعتاد.',
        learned: 'فاتح: عند هذه الكلمة تطلق الطبقة نبضات أكثر مما أطلقته أخيرًا عند غيرها.',
        low: 'كالمعتاد أو أقل',
        high: 'أكثر بكثير',
      },
      spikes: {
        label: 'النبضات الثنائية لكل عصبون',
        noun: 'نبضة ثنائية لكل عصبون',
        says: 'فاتح: تطلق عصبونات الطبقة نبضات كثيرة عند هذه الكلمة.',
        low: 'لا شيء',
        high: 'كثيرة',
      },
      active: {
        label: 'عصبونات غادرت السكون',
        noun: 'من العصبونات غادرت السكون',
        says: 'فاتح: قليل من عصبونات الطبقة صامت عند هذه الكلمة.',
        low: 'كلها صامتة',
        high: 'كلها تطلق',
      },
      operations: {
        label: 'العمليات المشبكية',
        noun: 'عملية مشبكية لكل مشبك',
        says: 'فاتح: تسبب نبضات الطبقة عند هذه الكلمة عمليات جمع كثيرة، واحدةً عند كل مشبك تبلغه '
          + 'نبضة.',
        low: 'لا شيء',
        high: 'كثيرة',
      },
      strong: {
        label: 'عصبونات تتجاوز خطوة واحدة',
        noun: 'من العصبونات تطلق أكثر مما تحمله خطوة واحدة',
        says: 'فاتح: كثير من عصبونات الطبقة يطلق أكثر مما تحمله خطوة زمنية واحدة.',
        low: 'لا شيء',
        high: 'كثيرة',
      },
    },
    populations: {
      all: 'كل المجموعات',
      qkv: 'دخل الانتباه',
      attn_out: 'خرج الانتباه',
      gate_up: 'دخل التغذية الأمامية',
      down: 'داخل التغذية الأمامية',
      keys: 'المفاتيح المحفوظة',
      values: 'القيم المحفوظة',
    },
    oneStep: (most) => `بخطوة واحدة لا يتجاوز أي عصبون ${most}: اختر مقياسًا آخر لترى فرقًا.`,
    notCounted: 'غير معدود',
    noText: '(بلا نص)',
    layer: 'الطبقة',
    token: 'الرمز',
    place: (token, layer) => `الرمز ${formatCount(token)}، الطبقة ${layer}`,
    cell: (token, text, layer, figure) =>
      `الرمز ${formatCount(token)}، ${apart(text)}، الطبقة ${layer}: ${figure}`,
    counts: {
      spikes: 'النبضات',
      usual: 'النبضات المعتادة',
      operations: 'عمليات الجمع',
      neurons: 'العصبونات',
    },
    none: 'لا رموز بعد.',
    size: (n, layers) => `${tokens(n)}، ${pluralOf(layers, {
      one: 'طبقة واحدة', two: 'طبقتان', few: '# طبقات', other: '# طبقة',
    })}.`,
    extremes: (busiest, quietest, noun) =>
      `في المتوسط الطبقة ${busiest.layer} هي الأنشط: ${busiest.figure} ${noun}؛ `
      + `والطبقة ${quietest.layer} هي الأهدأ: ${quietest.figure}.`,
    tools: 'هذه الصورة',
    showTable: 'عرض جدولًا',
    hideTable: 'إخفاء الجدول',
    savePicture: 'حفظ الصورة',
    saveFigures: 'حفظ الأرقام',
    pictureHint: 'الصورة كلها ملفَ PNG',
    figuresHint: 'كل الأعداد ملفَ CSV لبرامج الجداول',
    notSaved: 'تعذّر إنشاء الملف: حاول مرة أخرى.',
    notCome: 'لم يصل الجدول: حاول مرة أخرى.',
    rows: (from, to, of) =>
      `الرموز ${formatCount(from)} إلى ${formatCount(to)} من ${formatCount(of)}`,
    before: 'الأسبق',
    after: 'التالي',
    lastTokens: (shown, of) => `آخر ${formatCount(shown)} من ${tokens(of)}`,
  },

  neurons: {
    open: 'نظرة إلى الداخل',
    back: 'رجوع',
    close: 'إغلاق',
    cancel: 'إلغاء',
    again: 'قراءة من جديد',
    start: 'بدء النموذج',
    title: 'داخل كلمة واحدة',
    reading: 'يقرأ النموذج هذا مرة أخرى.',
    readingAll: 'يقرأ النموذج المحادثة كلها مرة أخرى.',
    progress: 'الرموز المقروءة',
    gone: 'لم يعد هذا الجزء من المحادثة في ذاكرة النموذج: اسأل من جديد ثم انظر.',
    unloaded: 'النموذج لا يعمل. ابدأه واسأل: عندها تستطيع النظر إلى الداخل.',
    answering: 'النموذج يجيب. يظهر ما اخترته حين ينتهي.',
    busy: 'النموذج مشغول بشيء آخر.',
    stopped: 'توقف.',
    dead: 'توقف المحرك. شغّله واسأل من جديد.',
    failed: (detail) => `تعذّرت القراءة: ${apart(detail)}.`,
    missing: 'لم يصل ما يلزم لهذا: حاول مرة أخرى، أو أعد تحميل الصفحة.',
    previous: 'الكلمة السابقة',
    next: 'الكلمة التالية',
    at: (read, next) => (next === null
      ? `وهو يقرأ ${read}`
      : `وهو يقرأ ${read} ويختار ${next}`),
    quoted: (word) => `«${apart(word)}»`,
    noText: 'رمزًا بلا نص',
    marks: { '<|im_start|>': 'بداية رسالة', '<|im_end|>': 'نهاية رسالة' },
    tabs: 'ما تنظر إليه',
    neurons: 'العصبونات',
    others: 'كلمات أخرى',
    layer: 'الطبقة',
    population: 'جزء الطبقة',
    neuron: 'العصبون',
    neuronTitle: (neuron) => `العصبون ${neuron}`,
    summary: (neurons, active, spikes) =>
      `عدد العصبونات ${neurons}، غادر السكون منها ${active}، بعدد ${spikes} من النبضات الثنائية.`,
    raster: 'نبضات كل عصبون',
    rasterSays: (steps, all) => (steps === 1
      ? 'كل عمود عصبون واحد، في خطوته الزمنية الوحيدة. '
      : `كل عمود عصبون واحد، والخطوات الزمنية ${steps}${all ? '' : ' على الأكثر'} `
        + 'من أعلى إلى أسفل. ')
      + 'كلما كبرت النقطة كانت النبضة أقوى.',
    above: 'فوق السكون',
    below: 'تحت السكون',
    strong: 'أقوى الكلمات',
    pick: 'اختر عصبونًا: أشر إليه، أو استخدم الأسهم وEnter.',
    one: (neuron, code, spikes) =>
      `العصبون ${neuron}: ${apart(code)} من السكون، النبضات ${apart(spikes)}`,
    membrane: 'جهد غشائه عبر الخطوات الزمنية',
    threshold: 'العتبة',
    rest: 'السكون',
    fires: (spike) => `يطلق ${spike}`,
    step: (step) => `الخطوة ${step}`,
    columns: { step: 'الخطوة', potential: 'الجهد', fires: 'يطلق', left: 'الباقي' },
    fired: (code, rest) => {
      const far = code - rest;
      const said = far === 0 ? 'ذلك تمامًا: لا يقول شيئًا'
        : `${code}: ${far > 0 ? 'أكثر' : 'أقل'} بمقدار ${Math.abs(far)}`;
      return `العصبون الساكن يطلق هنا ${rest}. وهذا أطلق ${said}.`;
    },
    resets: (least) => `في كل خطوة يطلق من جهده ما يستطيع، ${least} على الأكثر، وينقص جهده بقدره.`,
    excites: 'ما الذي يثير هذا العصبون؟',
    exact: 'بالتعبير الدقيق',
    terms: {
      activation: 'التنشيط x', code: 'الترميز q', rest: 'مستوى السكون z',
      from: 'من السكون \u2066k = q − z\u2069', steps: 'الخطوات الزمنية T', threshold: 'العتبة θ',
      value: 'القيمة \u2066θ (q − z)\u2069',
    },
    exactSays: 'عصبون تكامل وإطلاق معمَّم (GIF). الجهود والنبضات مقيسة بالعتبات. '
      + 'وتشترك العصبونات الـ32 في المجموعة الواحدة في العتبة ومستوى السكون.',
    histogram: 'كم تبعد العصبونات عن السكون',
    bar: (code, count) => `${apart(code)} من السكون: ${count} من العصبونات`,
    table: 'جدولًا',
    rows: {
      neuron: 'العصبون', code: 'الترميز', rest: 'السكون', from: 'من السكون', spikes: 'النبضات',
    },
    counts: { from: 'من السكون', neurons: 'العصبونات' },
    choices: 'ما كان يمكن للنموذج أن يقوله هنا',
    choicesSay: (read) => `بعد ${read} أعطى النموذج كل كلمة احتمالًا. وجاءت المميَّزة.`,
    chance: { word: 'الكلمة', chance: 'الاحتمال', chosen: 'جاءت' },
    allOthers: 'كل ما عداها معًا',
    choicesExact: 'الاحتمالات من المفردات كلها كما يعطيها النموذج: الإبداع وtop-p اللذان يأتيان '
      + 'بعدها ليسا فيها. حُسبت من جديد مما يُحفظ من الكلمات السابقة.',
    history: (neuron) => `ما يثير العصبون ${neuron}`,
    historyOf: (neuron, layer, population) =>
      `العصبون ${neuron} من الطبقة ${layer}، ${population}، عند كل رمز من هذه المحادثة.`,
    over: 'ترميزه من السكون، رمزًا برمز',
    strongest: 'الكلمات التي أثارته أكثر',
    nothing: 'لم تثره أي كلمة في هذه المحادثة.',
    elsewhere: 'آخر ما قرأه النموذج ليس المحادثة المعروضة، فلا كلمات مميَّزة.',
    inChat: 'عرضها في المحادثة',
    token: (word, code) => `${word}: ${apart(code)} من السكون`,
    tokenRows: { number: 'الرمز', word: 'الكلمة', from: 'من السكون' },
    marksToo: 'العلامات بين الرسائل في الرسم وليست في القائمة.',
  },

  compare: {
    title: 'مقارنة الإجابات',
    button: 'مقارنة',
    open: 'مقارنة الإجابات…',
    nothing: 'اسأل شيئًا أولًا: عندها يمكن مقارنة إجاباته.',
    busy: 'تجري إجابة الآن: قارن حين تنتهي.',
    asked: 'سألت:',
    before: (turns) => (turns === 1 ? '(يُقرأ السؤال السابق أيضًا.)'
      : `(يُقرأ ما قبله أيضًا: ${questions(turns)}.)`),
    kind: 'ما يُقارَن',
    kinds: { steps: 'الدقة', presets: 'جودتان', damage: 'الإتلاف' },
    says: {
      steps: 'السؤال نفسه والبذرة نفسها، مع 4 و2 و1 من الخطوات الزمنية (T) لكل عصبون. كلما قلّت '
        + 'الخطوات أطلقت العصبونات نبضات أقل، وقلّت دقة ما تقوله. ولا يزيد ذلك السرعة: فمعالج '
        + 'كمعالجك يعمل للعصبون الصامت بالقدر نفسه.',
      presets: 'السؤال نفسه والبذرة نفسها، مع جودتين مما في الإعدادات.',
      damage: 'السؤال نفسه والبذرة نفسها، مرةً سليمًا ومرةً بأجزاء متلفة من الشبكة. وتبقى محادثتك '
        + 'سليمة.',
    },
    first: 'الأولى',
    second: 'الأخرى',
    sameTwice: 'اختر جودتين مختلفتين.',
    noPresets: 'لهذا النموذج جودة واحدة: لا تختلف دقته إلا باختلاف T.',
    run: 'قارن الآن',
    again: 'تشغيل من جديد',
    stopOne: (title) => `إيقاف: ${apart(title)}`,
    stopAll: 'إيقاف الكل',
    cost: (n, most, seconds) =>
      `${n === 1 ? 'إجابة واحدة' : `${answers(n)} واحدة بعد أخرى، لكل منها`} على الأكثر `
      + `${tokens(most)}: ${seconds === null
        ? 'تتبيّن المدة مع الأولى' : `نحو ${formatSeconds(seconds)}`}.`,
    progress: (i, n, title) => `تجري المقارنة، الإجابة ${formatCount(i)} من ${formatCount(n)}: `
      + `${apart(title)}. المحادثة تنتظر.`,
    finished: 'انتهت المقارنة.',
    ended: 'أُوقفت المقارنة.',
    waits: 'تنتظر دورها',
    answering: 'تجري الإجابة',
    done: 'تمت',
    cut: (n) => `قُطعت بعد ${tokens(n)}`,
    stopped: 'أُوقفت',
    notAsked: 'لم تُسأل',
    figures: {
      spikes: 'النبضات لكل رمز',
      operations: 'العمليات المشبكية لكل رمز',
      rate: 'الرموز في الثانية',
    },
    equal: (title) => `مثل ${apart(title)}`,
    fewer: (share, title) => `أقل بنسبة ${formatPercent(share, 0)} من ${apart(title)}`,
    more: (share, title) => `أكثر بنسبة ${formatPercent(share, 0)} من ${apart(title)}`,
    differs: 'تختلف من هنا',
    otherDiffers: (title) => `${apart(title)}: تختلف من هنا`,
    endsHere: 'تنتهي هنا',
    same: (title) => `مثل ${apart(title)} كلمةً كلمة.`,
    differsAt: (title, token) => `تختلف عن ${apart(title)} من الرمز ${formatCount(token)}.`,
    copy: 'نسخ بصيغة JSON',
    alone: 'المقارنة من دون ما قبله',
  },

  lesions: {
    healthy: 'سليم',
    damaged: 'متلف',
    try: 'جرّب:',
    figures: 'كل الأرقام',
    anaesthesia: 'التخدير',
    thresholds: 'العتبات',
    times: (factor) => `\u2066× ${formatDecimal(factor, Number.isInteger(factor) ? 0 : 1)}\u2069`,
    raised: 'أي العصبونات',
    everyNeuron: 'كل العصبونات',
    anaesthesiaSays: 'يطلق العصبون حين يتجاوز دخله عتبة. وبعتبة أعلى يطلق أقل، وتضيع المدخلات '
      + 'الصغيرة.',
    silencing: 'الإسكات',
    silence: 'ماذا',
    wholeLayer: 'طبقة كاملة',
    oneHead: 'رأس انتباه',
    parts: { attention: 'الانتباه', feed_forward: 'التغذية الأمامية' },
    inLayer: 'الطبقة',
    headNumber: 'الرأس',
    all: 'كل الطبقات',
    layer: (n) => `الطبقة ${n}`,
    head: (n) => `الرأس ${n}`,
    within: (place, what) => `${place}: ${what}`,
    add: 'إسكاته',
    isSilent: (what) => `صامت الآن: ${what}.`,
    takeBack: (what) => `لم يعد صامتًا: ${what}`,
    silencingSays: 'ما أُسكت يبقى ساكنًا كأنه اقتُطع. والطبقات تمرّر ما تتلقاه، فيمكن الاستغناء عن '
      + 'كثير منها.',
    coarser: 'أوزان أخشن',
    planes: 'مستويات لا تُقرأ',
    noPlane: 'لا شيء',
    coarserSays: 'الوزن عدد من أربعة بتات. وكل مستوى بتّات لا يُقرأ يترك له نصف القيم.',
    reset: 'شفاء الكل',
    isHealthy: 'لم يعد شيء متلفًا.',
    nothing: 'لا شيء متلف بعد: اختر شيئًا من الأعلى.',
    code: 'شيفرةً',
    experiments: {
      anaesthesia: {
        title: 'كل العتبات \u2066× 8\u2069',
        measured: 'بالقياس: نبضات أقل بنسبة 73%، وتبقى الكلمة الأرجح نفسها 59 مرة من 100. ما زال '
          + 'يتكلم لكنه يدور في حلقة؛ وعند \u2066× 12\u2069 يفقد جمله.',
      },
      hidden: {
        title: 'العصبونات الداخلية \u2066× 4\u2069',
        measured: 'بالقياس: عصبونات داخل التغذية الأمامية هي الأقدر على الاستغناء. يزول ربع '
          + 'النبضات وتكاد التوقعات لا تتغير (KL 0.076).',
      },
      layer: {
        title: 'الطبقة 11 بلا تغذية أمامية',
        measured: 'بالقياس: يمكن الاستغناء عن معظم الطبقات واحدةً واحدة. أما هذا النصف من طبقة '
          + 'واحدة فكلفته ثمانية أضعاف كلفة جاراتها (KL 2.0).',
      },
      planes: {
        title: 'أوزان من ثلاثة بتات',
        measured: 'بالقياس: نقص بت واحد كثير جدًا. تبقى الكلمة الأرجح نفسها 38 مرة من 100.',
      },
      heads: {
        title: 'أهم الرؤوس',
        measured: 'بالقياس: هذه 13 رأسًا من 270. ومن دونها يسوء حال النموذج أكثر مما يسوء من دون '
          + 'النصف الأقل أهمية (KL 3.9 مقابل 1.8).',
      },
    },
  },

  recording: {
    title: 'إجابة مسجّلة',
    before: 'سُجّلت من قبل؛ لم يُنزّل شيء.',
    here: 'سُجّلت من قبل.',
    loading: 'سُجّلت من قبل، لتشاهدها ريثما يأتي النموذج.',
    after: 'سُجّلت من قبل على جهاز آخر.',
    tag: 'مسجّلة',
    play: 'تشغيل',
    pause: 'توقف',
    again: 'إعادة التشغيل',
    skip: 'تخطٍّ',
    real: 'أسرع',
    slow: 'أبطأ',
    check: 'المقارنة بهذا الجهاز',
    checking: 'يعطي جهازك الإجابة نفسها من جديد…',
    note: (model, rate, machine, slow) =>
      `${apart(model)} · ${formatDecimal(rate)} رمز/ث على ${apart(machine)}`
      + (slow > 1 ? `، تُعرض أبطأ ${slow} مرات` : ''),
    notChecked: 'لم تُقارن حتى النهاية.',
    same: (n, counts) => `أعادها جهازك بتًّا ببت: ${tokens(n)}، ${pluralOf(counts, {
      one: 'عدّ واحد', two: 'عدّان', few: '# أعداد', many: '# عددًا', other: '# عدد',
    })}.`,
    otherWord: (token, was, is) => `أعطى جهازك شيئًا آخر من الرمز ${token}: «${apart(is)}» بدلًا `
      + `من «${apart(was)}».`,
    otherSpikes: (token, layer, was, is) => `يختلف جهازك من الرمز ${token}: عدد النبضات في الطبقة `
      + `${layer} هو ${formatCount(is)}، وكان في التسجيل ${formatCount(was)}.`,
    otherCounts: (token) => `يعدّ جهازك عدًّا مختلفًا من الرمز ${token}.`,
  },

  tour: {
    open: 'ابدأ الجولة',
    back: 'رجوع',
    next: 'التالي',
    done: 'تم',
    close: 'إغلاق',
    progress: (step, all) => `${step} من ${all}`,
    reading: 'يقرأ النموذج كلمة من إجابتك مرة أخرى.',
    gone: 'لا يمكن قراءة أرقام إجابتك الآن: اسأل من جديد ثم ابدأ الجولة.',
    neuron: {
      title: 'العصبون يجمع ثم يطلق',
      text: [
        'يدخل عدد إلى العصبون جهدًا له. وفي كل خطوة زمنية يطلق منه ما يستطيع، 15 على الأكثر، وينقص '
          + 'جهده بقدره. وما لم يُطلق ينتظر الخطوة التالية.',
      ],
      says: (neuron, layer, word, potential, steps) =>
        `هذا هو العصبون ${neuron} من الطبقة ${layer} وهو يعمل نحو ${word} في إجابتك: `
        + `جهد مقداره ${potential}، أُطلق في ${inSteps(steps)}.`,
    },
    spikes: {
      title: 'للنبضات أحجام',
      text: [
        'النبضة هنا ليست موجودة أو غائبة فحسب: لها حجم من 1 إلى 15. وعدة خطوات زمنية تحمل أكثر من '
          + 'خطوة واحدة، فيقول العصبون عدده بدقة أكبر.',
      ],
      says: (neurons, steps, spikes, from) => `كل عمود واحد من ${neurons} من العصبونات المتجاورة، `
        + `والصفوف ${inSteps(steps)}، والنقطة الأكبر نبضة أكبر. العصبون المؤطر أطلق `
        + `${formatList(spikes.map(String))} زيادةً على السكون، ومجموعها ${from}.`,
    },
    thresholds: {
      title: 'لكل مجموعة عتبتها',
      text: [
        'تبيّن العتبة قيمة الوحدة من النبضة. ويشترك 32 جارًا في واحدة، مضبوطة على الأعداد التي '
          + 'جاءت: فلو كانت واحدة للجميع لأغرقت أعدادٌ كبيرة قليلة الأعدادَ الصغيرة.',
      ],
      says: (groups, layer, population, times) => `العتبات في الطبقة ${layer} (${population}): `
        + `${inGroups(groups)}. نسبة أعلاها إلى أدناها ${formatDecimal(times)}.`,
    },
    choice: {
      title: 'من ينال خطوات زمنية أكثر',
      text: [
        'الخطوات الأكثر أدق وتكلّف نبضات أكثر. رتّب Optimal Brain Spiking كل المجموعات مرةً بحسب '
          + 'أهميتها للناتج؛ ويعطي أحد الإعدادات المتقدمةَ منها أكثر.',
      ],
      alike: (groups, layer, steps) => `في هذه الإجابة كان لكل مجموعات الطبقة ${layer} `
        + `(${inGroups(groups)}) العدد نفسه: ${inSteps(steps)}. اختر «متوازنة» في الإعدادات واسأل `
        + 'من جديد تجدها مختلفة.',
      differ: (layer, kinds) => `في الطبقة ${layer} من هذه الإجابة: `
        + `${formatList(kinds.map(({ steps, groups }) =>
          `${inGroups(groups)} لكل منها ${inSteps(steps)}`))}.`,
    },
    additions: {
      title: 'الضرب يصير جمعًا',
      text: [
        'تضرب الطبقة كل عدد في أوزان. أما مع النبضات فتجمع فقط: كل بت من النبضة يضيف أوزان كل '
          + 'المشابك التي تبلغها.',
      ],
      says: (neuron, spike, bits, synapses) => `أطلق العصبون ${neuron} ${spike} في خطوة واحدة`
        + `${bits.length > 1 ? `، أي ${apart(bits.join(' + '))}` : ''}: عدد المشابك `
        + `${apart(`${formatCount(bits.length)} × ${formatCount(synapses)}`)}.`,
      sum: (operations, dense) =>
        `في كل الطبقات احتاجت هذه الكلمة إلى ${operations} عملية جمع، وكانت `
        + `لتحتاج من دون نبضات إلى ${dense} عملية ضرب. وكلفة الاثنتين ليست سواء.`,
      bars: {
        operations: (count) => `الجمع مع النبضات: ${apart(count)}`,
        dense: (count) => `الضرب من دونها: ${apart(count)}`,
      },
    },
    honesty: {
      title: 'ما يعمل هنا بالنبضات وما لا يعمل بها',
      text: [
        'بالنبضات: ما يدخل كل طبقة خطية والخرج، والمفاتيح والقيم المحفوظة. ومجاميعها هي مجاميع '
          + 'عصبونات نبضية حتى آخر بت.',
        'بلا نبضات: التسوية وsoftmax ودوال التنشيط والاستعلامات والتيار الذي يمر بكل الطبقات. ولا '
          + 'يحفظ أي عصبون حالة من كلمة إلى التالية.',
        'يجمع معالجك كل الخطوات الزمنية دفعة واحدة. فالعصبون الصامت لا يوفر عليه شيئًا، ولا أحد '
          + 'يدّعي أن في ذلك توفيرًا للطاقة.',
      ],
      silent: (share) => `العصبونات الصامتة عند هذه الكلمة: ${apart(share)}`,
    },
  },

  embed: {
    close: 'إغلاق',
  },

  page: {
    noSuchModel: 'لا يوجد نموذج كهذا',
    noModelName: (name) => `لا يمكن أن يكون «${apart(name)}» اسم نموذج.`,
    openStandard: 'فتح النموذج القياسي',
    newVersion: 'يوجد إصدار جديد من هذه الصفحة.',
    takeVersion: 'تحميله',
    closeOthers: 'أغلق أولًا علامات تبويب SpikeChat الأخرى.',
  },
};

export default ar;
