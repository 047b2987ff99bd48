// Answers that a model, or whoever wrote what it was asked, could use against the reader's page.
// Each marks itself on window.executed where it runs, or asks another host where it loads: HTML,
// addresses of every protocol, turned and combining characters, and texts whose parsing or layout
// could take without end.

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
  'wss://evil.example', 'chrome://settings', 'intent://x#Intent;end', 'tel:+1', 'sms:+1',
  'filesystem:http://evil.example/x', 'jar:http://evil.example!/x', 'urn:x', 'ms-word:ofe|u|x',
  `mailto:a@b?body=<script>${RUN}</script>`, 'http://a\u202egro.live//:ptth', 'http://a\u200bb.c',
  'http://%00@evil.example', 'HTTP://evil.example:80/..//', `http://a"onclick="${RUN}`,
  `javascript:/*--></title></style></textarea></script><svg/onload='${RUN}'>`,
  `&#106;avascript:${RUN}`, `%6aavascript:${RUN}`, `java\0script:${RUN}`, '<http://evil.example>',
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
  `<marquee onstart="${RUN}">x</marquee>`, `<svg><animate onbegin="${RUN}" attributeName=x>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload='${RUN}'/>#x"></use></svg>`,
  `<dialog open onfocus="${RUN}" autofocus tabindex=0>x</dialog>`,
  `<img srcset="${HOST}/2x 2x" loading=eager>`, `<track src="${HOST}/t">`,
  `<link rel=preconnect href="${HOST}">`, `<link rel=dns-prefetch href="${HOST}">`,
  `<a ping="${HOST}" href="${HOST}">x</a>`, `<div style="background:url(${HOST}/b)">x</div>`,
  `<script type=importmap>{"imports":{"x":"${HOST}"}}</script>`, `<slot name=header>x</slot>`,
  `<script src="data:text/javascript,${RUN}"></script>`, `<p class="failure" id="question">x</p>`,
  `<div><template shadowrootmode=open><img src=x onerror="${RUN}"></template></div>`,
  `<textarea></textarea><img src=x onerror="${RUN}">`, `<title><img src=x onerror="${RUN}">`,
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
  `| ${'a | '.repeat(400)}\n|${' - |'.repeat(400)}\n${`| ${'b | '.repeat(400)}\n`.repeat(4)}`,
  '\u202e' + 'txet desrever '.repeat(500), '\u2066\u2067\u2068'.repeat(3000) + 'x',
  'a\u0301'.repeat(3000), '\u{1f468}\u200d'.repeat(2000), '\u0000'.repeat(5000) + '**b**',
  'x'.repeat(30_000), ' '.repeat(20_000) + 'x', '\t'.repeat(5000) + '- x', '\r\n'.repeat(3000),
  '**'.repeat(5000), '~~'.repeat(5000) + 'x', '_a'.repeat(5000), '\\'.repeat(10_000),
  '$$' + '\\frac{'.repeat(2000), '$$\\href{javascript:window.executed=1}{x}$$',
  '\\[\\url{javascript:window.executed=1}\\]', '![[[[](((('.repeat(1000),
  '[a](<http://evil.example', '[a]: javascript:window.executed=1\n\n[a]', '[^1]\n\n[^1]: x',
  '&lt;script&gt;window.executed=1&lt;/script&gt;', '&#60;img src=x onerror=window.executed=1&#62;',
  Array.from({ length: 150 }, (_, i) => `${'  '.repeat(i)}${i % 2 ? '1.' : '-'} x`).join('\n'),
  Array.from({ length: 200 }, (_, i) => `${'#'.repeat(1 + (i % 6))} ${i}`).join('\n\n'),
  '```js\n```html\n```\n'.repeat(300), '1. a\n'.repeat(2000), '---\n'.repeat(2000),
  '```' + 'x'.repeat(20_000) + '\ny', '__proto__ constructor', '- [x] a\n- [ ] b\n- [y] c',
];

/** At least 200 different ones. @type {readonly string[]} */
export const HOSTILE = [
  ...ADDRESSES.flatMap((a) => LINKS.map((link) => link(a))),
  ...ADDRESSES.map((a) => `see ${a} there`),
  ...TAGS.flatMap((tag) => PLACES.map((place) => place(tag))),
  ...LONG,
];
