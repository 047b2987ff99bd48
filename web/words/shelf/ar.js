// The words of the shelf of models, in Arabic.

import { formatCount, formatDecimal, formatMegabytes } from '../../shared/format.js';

/** @type {import('./en.js').ShelfWords} */
const ar = {
  intro: 'نماذج هذا الموقع، ونماذج الملفات التي تفتحها. GGUF هي صيغة الملفات التي تُنشر بها معظم '
    + 'النماذج اللغوية الصغيرة. يصير الملف نموذجًا في هذا المتصفح، ولا يُرسل إلى أي مكان.',
  noLicense: 'لم تُذكر رخصة',
  about: (bytes, license) => `${formatMegabytes(bytes)} · ${license}`,
  own: 'من ملفك',
  speed: (rate) => `نحو ${formatDecimal(rate, 0)} رمزًا في الثانية هنا: تقدير من حجمه وسرعة `
    + 'إجاباتك الأخيرة.',
  noSpeed: 'يمكن تقدير سرعته هنا بعد إجابة.',
  memory: (bytes) => `يحتاج إلى نحو ${formatMegabytes(bytes)} من الذاكرة.`,
  tight: (bytes, gigabytes) => `يحتاج إلى نحو ${formatMegabytes(bytes)} من الذاكرة، ويقول المتصفح `
    + `إن في هذا الجهاز ${formatCount(gigabytes)} غيغابايت: قد لا يتسع له.`,
  tooLarge: 'أكبر من اللازم: يمكن أن يكون للصفحة 4 غيغابايت من الذاكرة.',
  use: 'استعمال',
  useNamed: (name) => `استعمال ${name}`,
  inUse: 'قيد الاستعمال',
  chosen: 'مختار، غير محمّل',
  tiny: 'للاختبار: أوزانه عشوائية، ولا معنى لإجاباته.',
  delete: 'حذف',
  deleteNamed: (name) => `حذف ${name}`,
  sure: 'أتريد الحذف حقًا؟',
  deleted: (name) => `حُذف ${name} من هذا المتصفح.`,
  rank: (minutes) => (minutes === null ? 'ترتيب العصبونات'
    : `ترتيب العصبونات (نحو ${formatDecimal(minutes, minutes < 10 ? 1 : 0)} دقيقة)`),
  rankHint: 'بلا ترتيب ليس لهذا النموذج إلا أفضل جودة. الترتيب يشغّله على نص قصير في معالجك لبضع '
    + 'دقائق.',
  list: 'النماذج',
  none: 'لم تصل قائمة نماذج هذا الموقع.',
  opening: (name) => `جارٍ فتح ${name}`,
  ranking: (name) => `جارٍ ترتيب عصبونات ${name}`,
  phases: {
    start: 'جلب ما يحزمه',
    read: 'قراءة الملف',
    template: 'قراءة قالب المحادثة',
    pack: 'تحويل أوزانه إلى مستويات بتات',
    load: 'قراءة النموذج',
    measure: 'قياس ما سيستغرقه',
    rank: 'تشغيله على نص',
  },
  minutes: (minutes) => `نحو ${formatDecimal(minutes, minutes < 10 ? 1 : 0)} دقيقة إجمالًا`,
  cancel: 'إلغاء',
  cancelled: 'أُلغي: لا يبقى منه شيء.',
  close: 'إغلاق',
  another: 'اختر ملفًا آخر',
  packerAway: 'ما يجعل الملف نموذجًا يأتي من الشبكة مرة واحدة ثم يبقى هنا. أما الملف '
    + 'نفسه فلا يُرسل. اختره مرة أخرى حين تتصل.',
  opened: (name) => `${name} هنا الآن، ويبقى في هذا المتصفح.`,
  ranked: (name) => `رُتبت عصبونات ${name}: يمكن اختيار كل الجودات.`,
  note: 'ملاحظة:',
};

export default ar;
