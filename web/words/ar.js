// The words of the page in Arabic. Terms: نبضة, عصبون, خطوة زمنية, عتبة, طبقة, رأس, رمز, بذرة, سكون,
// عملية مشبكية, مجموعة, نواة حساب, سياق.

import {
  formatCount, formatDecimal, formatMegabytes, formatSeconds, formatShort, pluralOf,
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
/** A text of another direction, so that it does not turn what is around it. @param {string} text */
const apart = (text) => `\u2068${text}\u2069`;

/** @type {import('./en.js').Words} */
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
    kept: {
      browser: 'يحتفظ به هذا المتصفح، فيبدأ فورًا في المرة القادمة.',
      site: 'يُحتفظ به لهذا الموقع، فيبدأ هنا فورًا في المرة القادمة.',
      nothing: 'لا يُحتفظ به: لا يسمح هذا المتصفح بتخزين شيء هنا، وكل زيارة تنزّله من جديد.',
    },
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
      advice: 'ما نُزّل محفوظ. حاول مرة أخرى حين تتصل.',
    },
    http_status: {
      title: 'رفض الخادم تقديم ملف',
      advice: 'ما نُزّل محفوظ. حاول مرة أخرى بعد قليل.',
    },
    wrong_content_type: {
      title: 'أرسل الخادم صفحة بدلًا من ملف',
      advice: 'يبدو أن الموقع مُعدّ خطأً: ينقصه أحد ملفات النموذج.',
    },
    shard_truncated: {
      title: 'وصل جزء من النموذج ناقصًا',
      advice: 'ما نُزّل محفوظ. حاول مرة أخرى.',
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
      advice: 'ما نُزّل محفوظ. أغلق ألسنة أخرى وحاول مرة أخرى.',
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
    busy: {
      title: 'المحرك مشغول',
      advice: 'تجري إجابة أخرى. حاول مرة أخرى حين تنتهي.',
    },
  },
  noModel: {
    title: 'لا يوجد نموذج بهذا الاسم',
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
    stepsAuto: 'تلقائي',
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
    notRunning: 'الوضع التلقائي يقيس الاثنتين أثناء الإجابة.',
    plain: 'إظهار الإجابات كما كتبها النموذج (Markdown)',
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
      `لكل رمز في المتوسط. نفّذت نواة popcount: ${formatShort(executed)} عملية جمع. `
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
        + 'التي تشترك فيه، وكل نبضة من قيمة تبلغ الرؤوس التي تعطي رمزها وزنًا. وتُعدّ على حدة لأنها '
        + 'تنمو مع السياق. ومصفوفة الخرج ليست في هذه الأرقام.',
      'الحساب الكثيف هو عدد عمليات الضرب والجمع في الطبقات نفسها من دون نبضات. ولا تتساوى كلفة '
        + 'الجمع وكلفة الضرب والجمع، فهما رقمان متجاوران لا توفير.',
    ],
  },

  embed: {
    close: 'إغلاق',
  },

  page: {
    noSuchModel: 'لا يوجد نموذج كهذا',
    noModelName: (name) => `لا يمكن أن يكون «${apart(name)}» اسم نموذج.`,
    openStandard: 'فتح النموذج القياسي',
  },
};

export default ar;
