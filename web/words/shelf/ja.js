// The words of the shelf of models, in Japanese.

import { formatCount, formatDecimal, formatMegabytes } from '../../shared/format.js';

/** @type {import('./en.js').ShelfWords} */
const ja = {
  intro: 'このサイトのモデルと、あなたが開いたファイルのモデルです。GGUF は、多くの小さな言語モデルが'
    + '配布されているファイル形式です。ファイルはこのブラウザの中でモデルになり、どこにも送信されません。',
  noLicense: 'ライセンスの記載なし',
  about: (bytes, license) => `${formatMegabytes(bytes)} · ${license}`,
  own: 'あなたのファイルから',
  speed: (rate) => `ここでは約 ${formatDecimal(rate, 0)} トークン/秒（大きさと最近の回答の速さからの推定）。`,
  noSpeed: 'ここでの速さは、一度回答すると推定できます。',
  memory: (bytes) => `メモリーを約 ${formatMegabytes(bytes)} 使います。`,
  tight: (bytes, gigabytes) => `メモリーを約 ${formatMegabytes(bytes)} 使います。ブラウザによると`
    + `この端末は ${formatCount(gigabytes)} GB で、足りないかもしれません。`,
  tooLarge: '大きすぎます。ページが使えるメモリーは 4 GB までです。',
  use: '使う',
  useNamed: (name) => `使う：${name}`,
  inUse: '使用中',
  chosen: '選択中、未読み込み',
  tiny: 'テスト用です。重みは乱数で、回答に意味はありません。',
  delete: '削除',
  deleteNamed: (name) => `削除：${name}`,
  sure: '本当に削除しますか？',
  deleted: (name) => `${name} をこのブラウザから削除しました。`,
  rank: (minutes) => (minutes === null ? 'ニューロンを順位付け'
    : `ニューロンを順位付け（約${formatDecimal(minutes, minutes < 10 ? 1 : 0)}分）`),
  rankHint: '順位がないと、このモデルは最高品質だけを選べます。順位付けでは、短い文章でモデルを数分間、'
    + 'あなたのプロセッサーで動かします。',
  list: 'モデル',
  none: 'このサイトのモデル一覧を取得できませんでした。',
  opening: (name) => `${name} を開いています`,
  ranking: (name) => `${name} のニューロンを順位付けしています`,
  phases: {
    start: '変換プログラムを取得しています',
    read: 'ファイルを読んでいます',
    template: 'チャットテンプレートを読んでいます',
    pack: '重みをビットプレーンにしています',
    load: 'モデルを読んでいます',
    measure: 'かかる時間を測っています',
    rank: '文章で動かしています',
  },
  minutes: (minutes) => `全体で約 ${formatDecimal(minutes, minutes < 10 ? 1 : 0)} 分`,
  cancel: 'キャンセル',
  cancelled: 'キャンセルしました。何も残っていません。',
  close: '閉じる',
  another: '別のファイルを選ぶ',
  packerAway: 'ファイルをモデルにするプログラムは、一度だけネットワークから取得し、その後は保存されます。'
    + 'ファイル自体は送信されません。オンラインのときにもう一度選んでください。',
  opened: (name) => `${name} を追加しました。このブラウザに残ります。`,
  ranked: (name) => `${name} のニューロンを順位付けしました。すべての品質を選べます。`,
  note: '注意：',
};

export default ja;
