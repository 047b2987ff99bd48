// The words of the page in English, by part. A text with figures in it is a function. Each other
// language is one file beside this one, with the same names.

const en = {
  language: 'en',
};

/** @typedef {typeof en} Words */

export default en;
