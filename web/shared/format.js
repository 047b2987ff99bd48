// Figures for people, as they are written in the language of the page.

/** Latin digits everywhere: seeds and settings are typed and copied. @param {string} language */
const localeOf = (language) => `${language}-u-nu-latn`;

let locale = localeOf('en');
/** Making one takes longer than using it. @type {Map<string, Intl.NumberFormat>} */
const made = new Map();

/** @param {string} language of the page */
export function setLocale(language) {
  locale = localeOf(language);
  made.clear();
}

/**
 * @param {number} n
 * @param {Intl.NumberFormatOptions} options
 */
function format(n, options) {
  const key = JSON.stringify(options);
  let one = made.get(key);
  if (!one) made.set(key, one = new Intl.NumberFormat(locale, options));
  return one.format(n);
}

/** 12,345. @param {number} n */
export const formatCount = (n) => format(n, { maximumFractionDigits: 0 });

/** 106M for 106,168,320. @param {number} n */
export const formatShort = (n) =>
  format(n, { notation: 'compact', maximumSignificantDigits: 3 });

/**
 * 4.0.
 * @param {number} n
 * @param {number} [digits] after the point, shown whether 0 or not
 * @param {number} [most] digits after the point
 */
export const formatDecimal = (n, digits = 1, most = digits) =>
  format(n, { minimumFractionDigits: digits, maximumFractionDigits: most });

/**
 * 4.0%.
 * @param {number} share 0.04
 * @param {number} [digits] after the point, shown whether 0 or not
 * @param {boolean} [signed] with a plus where it is above 0
 */
export const formatPercent = (share, digits = 1, signed = false) => format(share, {
  style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits,
  ...(signed ? { signDisplay: 'exceptZero' } : {}),
});

/**
 * Decimal megabytes, as networks and shops count them.
 * @param {number} bytes
 * @param {'' | '-per-second'} [per]
 */
export function formatMegabytes(bytes, per = '') {
  const megabytes = bytes / 1e6;
  const digits = megabytes >= 10 ? 0 : 1;
  return format(megabytes, {
    style: 'unit', unit: `megabyte${per}`, minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** @param {number} seconds */
export function formatSeconds(seconds) {
  const unit = (/** @type {number} */ n, /** @type {string} */ name, digits = 0) => format(n, {
    style: 'unit', unit: name, minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
  if (seconds < 10) return unit(seconds, 'second', 1);
  return seconds < 90 ? unit(seconds, 'second') : unit(seconds / 60, 'minute');
}

/** @param {number} ms since 1970 */
export const formatDate = (ms) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);

/** @param {readonly string[]} items */
export const formatList = (items) => new Intl.ListFormat(locale).format(items);

/**
 * A text in the form that the language has with a number.
 * @param {number} n
 * @param {{other: string} & Partial<Record<Intl.LDMLPluralRule, string>>} forms `#` stands for the
 *   number
 */
export const pluralOf = (n, forms) =>
  (forms[new Intl.PluralRules(locale).select(n)] ?? forms.other).replace('#', formatCount(n));

/** In English. @param {number} n @param {string} one @param {string} [many] */
export const plural = (n, one, many = `${one}s`) => `${formatCount(n)} ${n === 1 ? one : many}`;
