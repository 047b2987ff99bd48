// The words of the shelf of models, in Chinese.

import { formatCount, formatDecimal, formatMegabytes } from '../../shared/format.js';

/** @type {import('./en.js').ShelfWords} */
const zh = {
  intro: '本站的模型，以及你打开的文件中的模型。GGUF 是多数小型语言模型发布时采用的文件格式。'
    + '文件在此浏览器中变成模型，不会发送到任何地方。',
  noLicense: '未注明许可证',
  about: (bytes, license) => `${formatMegabytes(bytes)} · ${license}`,
  own: '来自你的文件',
  speed: (rate) => `在这里每秒约 ${formatDecimal(rate, 0)} 个词元：按其大小和最近回答的速度估计。`,
  noSpeed: '回答一次之后才能估计它在这里的速度。',
  memory: (bytes) => `约需 ${formatMegabytes(bytes)} 内存。`,
  tight: (bytes, gigabytes) => `约需 ${formatMegabytes(bytes)} 内存，而浏览器称此设备有 `
    + `${formatCount(gigabytes)} GB：可能不够。`,
  tooLarge: '太大：一个页面最多有 4 GB 内存。',
  use: '使用',
  useNamed: (name) => `使用 ${name}`,
  inUse: '使用中',
  chosen: '已选择，未加载',
  tiny: '供测试用：权重是随机的，回答没有意义。',
  delete: '删除',
  deleteNamed: (name) => `删除 ${name}`,
  sure: '确定删除？',
  deleted: (name) => `${name} 已从此浏览器中删除。`,
  rank: (minutes) => (minutes === null ? '为神经元排序'
    : `为神经元排序（约 ${formatDecimal(minutes, minutes < 10 ? 1 : 0)} 分钟）`),
  rankHint: '没有排序时，此模型只有最佳质量。排序会让它在你的处理器上处理一段短文，需要几分钟。',
  list: '模型',
  none: '未能取得本站的模型列表。',
  opening: (name) => `正在打开 ${name}`,
  ranking: (name) => `正在为 ${name} 的神经元排序`,
  phases: {
    start: '正在取得打包程序',
    read: '正在读取文件',
    template: '正在读取其对话模板',
    pack: '正在把权重变成位平面',
    load: '正在读取模型',
    measure: '正在测量需要多久',
    rank: '正在处理一段文字',
  },
  minutes: (minutes) => `共约 ${formatDecimal(minutes, minutes < 10 ? 1 : 0)} 分钟`,
  cancel: '取消',
  cancelled: '已取消：没有保留任何内容。',
  close: '关闭',
  another: '选择另一个文件',
  packerAway: '把文件变成模型的程序需要从网络取得一次，之后会保存下来。文件本身不会发送。请在联网后再次选择它。',
  opened: (name) => `${name} 已在这里，并保存在此浏览器中。`,
  ranked: (name) => `${name} 的神经元已排序：可以选择所有质量。`,
  note: '注意：',
};

export default zh;
