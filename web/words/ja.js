// The words of the page in Japanese. Terms: スパイク, ニューロン, 時間ステップ, しきい値, 層,
// ヘッド, トークン, シード, 静止, シナプス演算, 集団, カーネル, 文脈 (of the model).

import {
  formatCount, formatDecimal, formatList, formatMegabytes, formatPercent, formatSeconds,
  formatShort,
} from '../shared/format.js';

/** @param {number} n */
const tokens = (n) => `${formatCount(n)} トークン`;
/** @param {number} n */
const questions = (n) => `質問 ${formatCount(n)} 件`;

/** @type {import('./words.js').Words} */
const ja = {
  language: 'ja',
  direction: 'ltr',

  chat: {
    newChat: '新しいチャット',
    isNew: '新しいチャットです。',
    yourMessage: 'メッセージ',
    placeholder: '質問を入力',
    send: '送信',
    stop: '停止',
    conversation: '会話',
    oneMoment: 'お待ちください。',
    loading: 'モデルを読み込んでいます。',
    ready: '準備ができました。',
    answering: '回答しています。',
    anotherWaits: '前の質問がまだ待っています。',
    waitsForModel: 'モデルの準備ができたら回答します。',
    waitsForStart: 'モデルがそろったら回答します。上のボタンで開始してください。',
    partMissing: 'ページの一部が届きませんでした。もう一度試すか、ページを再読み込みしてください。',
    languageMissing: 'この言語が届きませんでした。もう一度試してください。',
    reading: (left) => `質問を読んでいます（残り ${tokens(left)}）`,
    goingOver: (n) => `最初の ${tokens(n)}をたどり直しています`,
    rate: (rate) => `${formatDecimal(rate)} トークン/秒`,
    done: (n) => `完了、${formatCount(n)} 語。`,
    stopped: (n) => `停止しました、${formatCount(n)} 語。`,
    contextInUse: 'このチャットの使用量',
    used: (used, most) => `${formatCount(used)} / ${tokens(most)}`,
    note: (sentence) => `お知らせ: ${sentence}`,
  },

  greeting: {
    title: 'スパイクで動く小さな言語モデルを、ブラウザの中で。',
    what: 'ここでは、お使いのプロセッサ上でスパイキングニューラルネットワークとして動作します。',
    caution: 'この規模のモデルは流暢に書きますが、よく間違えます。内容をあてにしないでください。'
      + '最も得意なのは英語です。',
    private: '入力した内容がこのページの外に出ることはありません。',
    framed: '入力した内容を私たちがブラウザの外へ送ることはありませんが、'
      + 'このチャットを載せているページからは読めます。',
    space: '',
    examples: '質問の例',
    questions: [
      'What is a neuron?',
      'Write a short poem about the sea.',
      'Give me three tips for a good night’s sleep.',
    ],
  },

  question: {
    you: 'あなた: ',
    edit: '編集',
    yours: '質問',
    hint: 'ここから質問し直します。これより後は削除されます。',
    again: '質問し直す',
    cancel: 'キャンセル',
  },

  answer: {
    model: 'モデル: ',
    tools: 'この回答',
    copy: 'コピー',
    another: '別の回答',
    goOn: '続ける',
    copied: 'コピー済み',
    notCopied: 'コピー失敗',
    isCopied: 'コピーしました。',
    cannotCopy: 'このブラウザではページからコピーできません。テキストを選択してください。',
    stopped: '停止',
    cutLength: '最大の長さで打ち切り',
    cutFull: '打ち切り: このチャットは満杯です',
    first: (seconds) => `最初のトークンまで ${formatSeconds(seconds)}`,
    early: (planes, of) => `モデルがすべて届く前（ビットプレーン ${planes}/${of}）`,
    seed: (seed) => `シード ${seed}`,
    startAgain: 'エンジンを再起動',
    tryAgain: 'もう一度試す',
    noneTitle: 'この質問にはまだ回答がありません',
    noneDetail: '回答が届く前にチャットが終わりました。',
    give: '回答する',
    same: '創造性が 0 では同じ回答になります。設定で上げてください。',
  },

  markdown: {
    copyCode: 'コードをコピー',
    code: 'コード',
    codeBlock: 'コード',
    table: '表',
    image: '画像: ',
    toDo: '未完了',
    done: '完了',
  },

  guard: {
    name: 'このチャットの残り',
    forget: '古いやり取りを忘れる',
    anew: '新しいチャットを始める',
    filling: (used, most) => `このチャットは、モデルが読める ${tokens(most)}のうち `
      + `${formatCount(used)} を使っています。満杯になると回答が入りません。`,
    waits: (used, most) => `このチャットは、モデルが読める ${tokens(most)}のうち `
      + `${formatCount(used)} を使っています。質問と回答が入りきらないかもしれません。`
      + '選択すると質問が送信されます。',
    choose: 'このチャットはほぼ満杯です。どうするか選んでください。',
    forgotten: '最も古いやり取りは、もう読まれません。',
    dropped: 'これより上は、モデルはもう読みません。',
  },

  loading: {
    bar: 'モデル',
    cancel: 'キャンセル',
    download: 'ダウンロードして開始',
    downloadBytes: (bytes) => `${formatMegabytes(bytes)} をダウンロードして開始`,
    start: '開始',
    startAgain: 'もう一度開始',
    tryAgain: 'もう一度試す',
    here: (bytes) => `${formatMegabytes(bytes)}、このブラウザに保存済みです。`,
    keep: {
      browser: 'このブラウザに保存する。次回はすぐに始まります。',
      site: 'このサイト用に保存する。ここでは次回すぐに始まります。',
    },
    notKept: '保存されません。このブラウザはここに何も保存できず、訪れるたびにダウンロードします。',
    delete: (bytes) => `モデルを削除（${formatMegabytes(bytes)}）`,
    deleted: 'モデルをこのブラウザから削除しました。',
    phases: {
      engine: 'エンジンを起動しています',
      manifest: 'モデルの説明を読んでいます',
      shards: 'モデルをダウンロードしています',
      prepare: 'モデルを準備しています',
      ready: '準備ができました',
    },
    waiting: 'ネットワークを待っています',
    reading: 'ブラウザからモデルを読んでいます',
    some: (bytes, all) => `${formatDecimal(bytes / 1e6)} / ${formatMegabytes(all)}`,
    speed: (bytes) => formatMegabytes(bytes, '-per-second'),
    left: (seconds) => `残り ${formatSeconds(seconds)}`,
    fromHere: (bytes) => `うち ${formatMegabytes(bytes)} はこのブラウザから`,
    kept: (advice) => `ダウンロードした分は残っています。${advice}`,
    early: (planes, of) => `すでに回答できます。精度はやや低めです（ビットプレーン ${planes}/${of}）`,
  },

  notices: {
    unsupported_browser: 'このブラウザでは回答が遅くなります。新しいブラウザではもっと速くなります。',
    quota_exceeded: 'このブラウザはモデルを保存しません。次回はもう一度ダウンロードします。',
  },

  advice: {
    unsupported_browser: {
      title: 'このブラウザではエンジンを実行できません',
      advice: '最新の Firefox、Chrome、Edge、Safari なら実行できます。'
        + 'それでもだめなら、サーバーのファイルが壊れています。',
    },
    offline: {
      title: 'ネットワークに接続できません',
      advice: '接続してからもう一度試してください。',
    },
    http_status: {
      title: 'サーバーがファイルを拒否しました',
      advice: 'しばらくしてからもう一度試してください。',
    },
    wrong_content_type: {
      title: 'サーバーがファイルではなくページを送ってきました',
      advice: 'サイトの設定が誤っているようです。モデルのファイルがありません。',
    },
    shard_truncated: {
      title: 'モデルの一部が不完全です',
      advice: 'もう一度試してください。',
    },
    shard_corrupt: {
      title: 'モデルの一部が壊れています',
      advice: 'その部分は使っていません。もう一度試してください。'
        + '変わらなければ、サーバーのファイルが壊れています。',
    },
    manifest_invalid: {
      title: 'モデルの説明が正しくありません',
      advice: 'サイトのモデルが壊れているか、別のもののようです。',
    },
    model_invalid: {
      title: 'モデルが正しくありません',
      advice: 'サイトのモデルが壊れているか、別のもののようです。',
    },
    version_mismatch: {
      title: 'ページとモデルが合っていません',
      advice: 'ページを再読み込みして、新しいものにしてください。',
    },
    quota_exceeded: {
      title: 'ブラウザに空きがありません',
      advice: 'チャットは使えますが、次回もモデルをダウンロードします。',
    },
    out_of_memory: {
      title: 'メモリが足りません',
      advice: 'ほかのタブを閉じて、もう一度試してください。',
    },
    timeout: {
      title: '長い間何も届きませんでした', advice: 'もう一度試してください。',
    },
    aborted: {
      title: 'キャンセルしました', advice: 'ダウンロードした分は残っています。',
    },
    context_full: {
      title: 'このチャットは満杯です',
      advice: 'モデルはこれ以上の文章を見られません。新しいチャットを始めてください。',
    },
    bad_request: {
      title: 'エンジンが要求を拒否しました', advice: '設定を確認してください。',
    },
    engine_crashed: {
      title: 'エンジンが停止しました',
      advice: 'チャットは残っています。エンジンを再起動してください。'
        + 'モデルをもう一度ダウンロードする必要はありません。',
    },
    blocked_by_policy: {
      title: 'このページのポリシーがエンジンを許可していません',
      advice: 'ページの運営者なら変更できます。もう一度試しても変わりません。',
    },
    model_unsupported: {
      title: 'このファイルは使えません',
      advice: 'このエンジンが計算できないものが含まれています。',
    },
    file_unreadable: {
      title: 'ファイルを読めませんでした',
      advice: 'もう一度選んでください。移動または変更された可能性があります。',
    },
    busy: {
      title: 'エンジンは使用中です',
      advice: '別の回答を作っています。終わってからもう一度試してください。',
    },
  },
  noModel: {
    title: 'この名前のモデルはありません',
    own: 'このブラウザには、ファイルから作ったこのモデルがないか、全体がそろっていません。ファイルを開くと、ここに残ります。',
    advice: (address) => `${address} には何もありません。つづりを確認してください。`,
  },

  coding: {
    heading: '品質',
    best: {
      title: '最高品質',
      short: '最高品質',
      hint: 'すべてのニューロンが最も多くの時間ステップを持ち、最も細かく符号化します。',
    },
    balanced: {
      title: 'バランス',
      short: 'バランス',
      hint: '最も重要なニューロンに最も多くの時間ステップを、ほかには少なく割り当てます。',
    },
    fewest: {
      title: '省スパイク',
      short: '省スパイク',
      hint: 'ほとんどのニューロンの時間ステップを少なくします。回答は粗くなります。',
    },
    missing: (titles) => `このモデルでは使えません: ${titles}。ニューロンの順位がありません。`,
    overruled: '下の時間ステップが優先されます。',
    steps: '時間ステップ T',
    stepsAuto: '自動',
    stepsByQuality: '各ニューロンは、品質で決まる数だけ持ちます。',
    stepsUniform: '上の選択にかかわらず、すべてのニューロンが T 個の時間ステップを持ちます。'
      + '多いほど活性を細かく符号化します（16、31、61 段階）。',
    uniform: (steps) => `T = ${steps}`,
  },

  settings: {
    name: '設定',
    creativity: '創造性',
    temperature: '温度',
    creativityHints: {
      none: '常に最も確率の高い語を選びます。同じ質問には同じ回答になります。',
      low: 'おもに確率の高い語を選びます。',
      middle: '確率の低い語も選びます。生き生きしますが、間違いが増えます。',
      high: 'ありそうにない語も選びます。意味をなすことはまれです。',
    },
    creativityIs: (temperature) => `創造性 ${formatDecimal(temperature, 1, 3)}`,
    language: '言語 (Language)',
    details: '詳細',
    seed: 'シード',
    seedRandom: 'ランダム',
    seedHint: '質問、設定、シードが同じなら、どのブラウザでも同じ回答になります。',
    kernel: 'カーネル',
    kernels: { auto: '自動', lookup: '表引き', popcount: 'AND + popcount' },
    builds: { relaxed: 'relaxed SIMD', simd: 'SIMD', plain: 'SIMD なし' },
    running: (kernel, build, why) => `実行中: ${kernel}、${build} ビルド（${why}）。`,
    prompts: (kernel) => `質問は ${kernel} で読みます（掛け算。結果は同じです）。`,
    notRunning: '自動では、回答しながら両方を測ります。',
    threads: 'スレッド数',
    threadsHint: 'スレッドを増やすと、プロセッサとメモリを多く使います。回答は変わりません。',
    runningThreads: (threads, why) => `スレッド: ${threads}（${why}）。`,
    threadsWhy: {
      usual: '通常どおり',
      asked: '選択どおり',
      alone: 'このページは分離されていないため、スレッド間でメモリを共有できません',
      unshared: 'このブラウザではスレッド間でメモリを共有できません',
    },
    threadsFewer: 'より多いスレッドでエンジンが停止したため減らしました',
    thinking: '回答する前に考える',
    activity: 'ニューロンの活動を表示する',
    plain: '回答をモデルが書いたまま表示する（Markdown）',
  },

  shelf: {
    name: 'モデル',
    open: 'GGUFファイルを開く…',
  },

  chats: {
    name: 'チャット',
    own: 'このチャット',
    saveMarkdown: 'Markdown で保存',
    saveJson: 'JSON で保存',
    copyLink: 'リンクをコピー',
    others: 'ほかのチャット',
    open: 'JSON ファイルを開く…',
    file: 'チャットのファイル',
    keep: 'チャットをこのブラウザに保存する',
    keepHint: 'オフでは、ページを閉じるとチャットは消えます。オンでは、ここで削除するか'
      + 'サイトのデータを消去するまでこの端末に残り、このブラウザを使う人なら誰でも読めます。',
    questions,
    isOpen: '表示中',
    rename: '名前を変更',
    title: '名前',
    keepTitle: '名前を保存',
    renamed: '名前を変更しました。',
    delete: '削除',
    sure: '本当に削除しますか？',
    deleted: '削除しました。',
    deleteAll: 'すべて削除',
    sureAll: '本当にすべて削除しますか？',
    deletedAll: '保存したチャットをすべて削除しました。',
    noLonger: '今後はチャットを保存しません。これまでの分は下のボタンで削除できます。'
      + '削除しなければ、再び保存を選ぶまで残ります。',
    choiceNotKept: '保存しますが、ブラウザはこの選択を覚えていません。',
    saved: '保存しました。場所はブラウザに表示されます。',
    linkCopied: 'コピーしました。リンクを開いた人は質問を見て、チャットをもう一度再生できます。'
      + '同じ言葉が、スパイク 1 つまで同じように再現されます。',
    noLink: (why) => `リンクを作れません: ${why}`,
    notOpened: (why) => `開けませんでした: ${why}`,
    tooLarge: 'ファイルがチャットとしては大きすぎます。',
    noRoom: 'このブラウザにはチャットを保存する空きがありません。'
      + '古いものを削除するか、ファイルに保存してください。',
    blocked: 'このブラウザではページから何も保存できません。'
      + '代わりにチャットをファイルに保存してください。',
    gone: 'このチャットはこのブラウザから削除されました。再び保存されることはありません。',
    empty: '空のチャット',
    otherTab: (title) => `${title}（別のタブ）`,
  },

  file: {
    about: (date) => `SpikeChat とのチャット（${date} 開始）。`,
    instructions: '指示',
    you: 'あなた',
    model: 'モデル',
  },

  link: {
    name: 'リンクされたチャット',
    play: '再生',
    startAndPlay: 'モデルを開始して再生',
    playAnyway: 'それでも再生',
    notNow: '後で',
    close: '閉じる',
    badTitle: 'このリンクは再生できません',
    bad: (why) => `${why}リンクをもう一度もらってください。`,
    title: (n) => `リンクされたチャット: ${questions(n)}`,
    about: (model) => `${model} への質問です。回答はお使いの端末がもう一度作ります。`
      + 'この内容はどこにも送信されていません。',
    instructions: (system) => `指示: ${system}`,
    replaces: 'どこにも保存されていない今のチャットは、これに置き換わります。',
    otherTitle: 'リンクは別のモデルのものです',
    other: (linked, here) => `リンクは ${linked} で作られました。ここにあるのは ${here} です。`
      + '回答は同じになりません。',
    playing: 'リンクされたチャットを再生しています',
    cutTitle: '最後まで再生されませんでした',
    cut: (given, all) => `回答 ${formatCount(all)} 件のうち ${formatCount(given)} 件を再生しました。`,
    sameTitle: '再生完了: スパイク 1 つまで同じ',
    same: (n) => `お使いの端末の回答 ${formatCount(n)} 件は、言葉もスパイクの数も同じでした。`,
    notSameTitle: '再生完了: 同じではありません',
    otherWords: (answer) => `回答 ${answer}: リンクと言葉が違います。`,
    otherSpikes: (answer) => `回答 ${answer}: リンクとスパイクが違います。`,
    nothingYet: 'リンクで再現できる回答がまだありません。',
    early: 'このチャットには、モデルがすべて届く前の回答が含まれています。'
      + '先にもう一度回答させてください。',
    foreign: 'このチャットには、ここのモデルのものではない回答が含まれています。'
      + 'ファイルに保存してください。',
    tooLong: 'このチャットはリンクには長すぎます。ファイルに保存してください。',
    damaged: 'リンクが壊れています。',
  },

  activity: {
    name: 'スパイクの活動',
    title: '活動',
    details: '詳細',
  },

  figures: {
    rate: '毎秒のトークン数',
    spikes: 'トークンあたりのスパイク',
    operations: 'シナプス演算',
    silent: '静止しているニューロン',
    comparison: (executed, dense, back, backDense) =>
      `トークンあたりの平均。popcount カーネルの実行: 加算 ${formatShort(executed)} 回。`
      + `密な計算: 積和 ${formatShort(dense)} 回。最後のトークンからの振り返り: `
      + `シナプス演算 ${formatShort(back)} 回、密な計算では ${formatShort(backDense)} 回。`,
    how: '数え方',
    notes: [
      'スパイクは 2 値で、静止状態から数えます。k = q − z を T ステップに分け、'
        + '各 4 ビットスパイクの 1 を足し合わせます。k = 0 のニューロンは沈黙しています。',
      'シナプス演算は、このスパイクに、それぞれが届くシナプスの数を掛けたものです。'
        + '「実行」は、静止値を含む符号のビットプレーンの 1 に同じシナプス数を掛けたもので、'
        + 'popcount カーネルが加算する量です。表引きカーネルは代わりに表を読みます。',
      'キーと値もスパイクで、後に続くトークンのために残されます。キーのスパイクは'
        + 'それを共有するクエリヘッドに、値のスパイクはそのトークンに重みを与えるヘッドに届きます。'
        + '文脈とともに増えるため、別に数えます。出力の行列はこの数字に含まれません。',
      '密な計算は、同じ層をスパイクなしで計算したときの積和の回数です。加算と積和の費用は'
        + '同じではないので、2 つは並べて見る数字であり、節約量ではありません。',
    ],
  },

  wayBack: {
    name: '前にここにあったもの',
    chat: '前のチャットはどこにも保存されていません。',
    turns: 'これより後は削除されました。',
    bring: '元に戻す',
  },

  heatmap: {
    role: 'ヒートマップ',
    label: 'トークンと層ごとの活動。矢印キーでセルを動かし、Enter で選び、Escape で離れます。',
    empty: '回答のトークンが 1 つずつ、ここに列として並びます。',
    measure: '指標',
    population: '集団',
    measures: {
      unusual: {
        label: '普段より多いスパイク',
        noun: '（その層の普段のスパイクとの差）',
        says: '明るい: この語では、層が普段より多くスパイクを発火しています。',
        learned: '明るい: この語では、層が最近のほかの語より多くスパイクを発火しています。',
        low: '普段どおりか以下',
        high: 'ずっと多い',
      },
      spikes: {
        label: 'ニューロンあたりの 2 値スパイク',
        noun: '個（ニューロンあたりの 2 値スパイク）',
        says: '明るい: この語で、層のニューロンが多くのスパイクを発火しています。',
        low: 'なし',
        high: '多い',
      },
      active: {
        label: '静止から離れたニューロン',
        noun: 'のニューロンが静止から離れている',
        says: '明るい: この語で沈黙しているニューロンが、層に少ししかありません。',
        low: 'すべて沈黙',
        high: 'すべて発火',
      },
      operations: {
        label: 'シナプス演算',
        noun: '回（シナプスあたりのシナプス演算）',
        says: '明るい: この語で、層のスパイクが多くの加算を起こしています。'
          + 'スパイクが届くシナプスごとに 1 回です。',
        low: 'なし',
        high: '多い',
      },
      strong: {
        label: '1 ステップを超えるニューロン',
        noun: 'のニューロンが 1 ステップで運べる量を超えて発火',
        says: '明るい: 層の多くのニューロンが、1 時間ステップで運べる量を超えて発火しています。',
        low: 'なし',
        high: '多い',
      },
    },
    populations: {
      all: 'すべての集団',
      qkv: 'アテンションの入力',
      attn_out: 'アテンションの出力',
      gate_up: 'フィードフォワードの入力',
      down: 'フィードフォワードの内部',
      keys: '保存されたキー',
      values: '保存された値',
    },
    oneStep: (most) => `1 ステップではどのニューロンも ${most} を超えられません。`
      + '違いを見るには別の指標を選んでください。',
    notCounted: '数えていません',
    noText: '（文字なし）',
    layer: '層',
    token: 'トークン',
    place: (token, layer) => `トークン ${formatCount(token)}、層 ${layer}`,
    cell: (token, text, layer, figure) =>
      `トークン ${formatCount(token)}、${text}、層 ${layer}: ${figure}`,
    counts: {
      spikes: 'スパイク',
      usual: '普段のスパイク',
      operations: '加算',
      neurons: 'ニューロン',
    },
    none: 'まだトークンがありません。',
    size: (n, layers) => `${tokens(n)}、${formatCount(layers)} 層。`,
    extremes: (busiest, quietest, noun) =>
      `平均で最も活発なのは層 ${busiest.layer}: ${busiest.figure} ${noun}。`
      + `最も静かなのは層 ${quietest.layer}: ${quietest.figure}。`,
    tools: 'この図',
    showTable: '表で表示',
    hideTable: '表を隠す',
    savePicture: '画像を保存',
    saveFigures: '数値を保存',
    pictureHint: '図全体を PNG ファイルで',
    figuresHint: 'すべての数を表計算用の CSV ファイルで',
    notSaved: 'ファイルを作れませんでした。もう一度試してください。',
    notCome: '表が届きませんでした。もう一度試してください。',
    rows: (from, to, of) =>
      `トークン ${formatCount(from)}〜${formatCount(to)}（全 ${formatCount(of)}）`,
    before: '前へ',
    after: '次へ',
    lastTokens: (shown, of) => `${tokens(of)}のうち最後の ${formatCount(shown)}`,
  },

  neurons: {
    open: '中を見る',
    back: '戻る',
    close: '閉じる',
    cancel: 'キャンセル',
    again: 'もう一度読む',
    start: 'モデルを開始',
    title: '1 つの語の内側',
    reading: 'モデルがもう一度読んでいます。',
    readingAll: 'モデルがチャット全体をもう一度読んでいます。',
    progress: '読んだトークン',
    gone: 'チャットのこの部分は、もうモデルの記憶にありません。質問し直してから見てください。',
    unloaded: 'モデルは動いていません。開始して質問すると、中を見られます。',
    answering: 'モデルが回答しています。選んだものは、終わってから表示します。',
    busy: 'モデルはほかの処理をしています。',
    stopped: '停止しました。',
    dead: 'エンジンが停止しました。起動して、もう一度質問してください。',
    failed: (detail) => `読めませんでした: ${detail}。`,
    missing: '必要なものが届きませんでした。もう一度試すか、ページを再読み込みしてください。',
    previous: '前の語',
    next: '次の語',
    at: (read, next) => (next === null
      ? `${read}を読んだとき`
      : `${read}を読んで${next}を選んだとき`),
    quoted: (word) => `「${word}」`,
    noText: '文字のないトークン',
    marks: { '<|im_start|>': 'メッセージの始まり', '<|im_end|>': 'メッセージの終わり' },
    tabs: '見るもの',
    neurons: 'ニューロン',
    others: 'ほかの語',
    layer: '層',
    population: '層の部分',
    neuron: 'ニューロン',
    neuronTitle: (neuron) => `ニューロン ${neuron}`,
    summary: (neurons, active, spikes) =>
      `${neurons} 個のニューロンのうち ${active} 個が静止を離れ、2 値スパイクは ${spikes} 個でした。`,
    raster: 'すべてのニューロンのスパイク',
    rasterSays: (steps, all) => (steps === 1
      ? '1 列が 1 つのニューロンで、時間ステップは 1 つです。'
      : `1 列が 1 つのニューロンで、上から下へ${all ? '' : '最大'} ${steps} 時間ステップです。`)
      + '点が大きいほど、スパイクが強いことを表します。',
    above: '静止より上',
    below: '静止より下',
    strong: '最も強い語',
    pick: 'ニューロンを選んでください。指し示すか、矢印キーと Enter を使います。',
    one: (neuron, code, spikes) => `ニューロン ${neuron}: 静止から ${code}、スパイク ${spikes}`,
    membrane: '時間ステップごとの膜電位',
    threshold: 'しきい値',
    rest: '静止',
    fires: (spike) => `${spike} を発火`,
    step: (step) => `ステップ ${step}`,
    columns: { step: 'ステップ', potential: '電位', fires: '発火', left: '残り' },
    fired: (code, rest) => {
      const far = code - rest;
      const said = far === 0 ? 'ちょうど同じで、何も伝えていません'
        : `${code} で、${Math.abs(far)} ${far > 0 ? '多い' : '少ない'}です`;
      return `静止したニューロンはここで ${rest} を発火します。このニューロンの発火は${said}。`;
    },
    resets: (least) => `各ステップで、電位のうち発火できる分（最大 ${least}）を発火し、`
      + 'その分だけリセットされます。',
    excites: 'このニューロンを興奮させるものは？',
    exact: '正確には',
    terms: {
      activation: '活性 x', code: '符号 q', rest: '静止値 z', from: '静止から k = q − z',
      steps: '時間ステップ T', threshold: 'しきい値 θ', value: '値 θ (q − z)',
    },
    exactSays: '一般化された積分発火（GIF）ニューロンです。電位とスパイクの単位はしきい値です。'
      + '1 グループの 32 個のニューロンは、しきい値と静止値を共有します。',
    histogram: 'ニューロンが静止からどれだけ離れているか',
    bar: (code, count) => `静止から ${code}: ニューロン ${count} 個`,
    table: '表で見る',
    rows: {
      neuron: 'ニューロン', code: '符号', rest: '静止', from: '静止から', spikes: 'スパイク',
    },
    counts: { from: '静止から', neurons: 'ニューロン' },
    choices: 'ここでモデルが言えたかもしれない語',
    choicesSay: (read) => `${read}の後、モデルはすべての語に確率を与えました。印の語が選ばれました。`,
    chance: { word: '語', chance: '確率', chosen: '選ばれた語' },
    allOthers: 'ほかのすべて',
    choicesExact: '確率は語彙全体に対する、モデルが出したままの値です。後で働く創造性と top-p は'
      + '含みません。それまでの語について残されているものから計算し直しました。',
    history: (neuron) => `ニューロン ${neuron} を興奮させるもの`,
    historyOf: (neuron, layer, population) =>
      `層 ${layer}、${population}のニューロン ${neuron}。このチャットの各トークンで。`,
    over: '静止からの符号（トークンごと）',
    strongest: '最も興奮させた語',
    nothing: 'このチャットに、このニューロンを興奮させた語はありません。',
    elsewhere: 'モデルが最後に読んだのは表示中のチャットではないため、語に印はありません。',
    inChat: 'チャットの中で見る',
    token: (word, code) => `${word}: 静止から ${code}`,
    tokenRows: { number: 'トークン', word: '語', from: '静止から' },
    marksToo: 'メッセージの間の印は図にはありますが、一覧にはありません。',
  },

  compare: {
    title: '回答を比べる',
    button: '比べる',
    open: '回答を比べる…',
    nothing: 'まず質問してください。その後、回答を比べられます。',
    busy: '回答中です。終わってから比べてください。',
    asked: 'あなたの質問:',
    before: (turns) => `（その前のやり取り ${formatCount(turns)} 件も読みます。）`,
    kind: '比べるもの',
    kinds: { steps: '精度', presets: '2 つの品質', damage: '損傷' },
    says: {
      steps: '同じ質問とシードを、すべてのニューロンの時間ステップ（T）を 4、2、1 にして比べます。'
        + 'ステップが少ないほどスパイクは減り、伝える内容は粗くなります。'
        + '速くはなりません。普通のプロセッサは沈黙したニューロンにも同じだけ計算します。',
      presets: '同じ質問とシードを、設定にある 2 つの品質で比べます。',
      damage: '同じ質問とシードを、健全なままと、ネットワークの一部を損傷させた場合とで比べます。'
        + 'チャットは健全なままです。',
    },
    first: '一方',
    second: 'もう一方',
    sameTwice: '異なる 2 つの品質を選んでください。',
    noPresets: 'このモデルの品質は 1 つだけです。精度は T だけで変わります。',
    run: '比べる',
    again: 'もう一度実行',
    stopOne: (title) => `停止: ${title}`,
    stopAll: 'すべて停止',
    cost: (n, most, seconds) => `回答 ${formatCount(n)} 件${n === 1 ? '' : 'を順に、それぞれ'}`
      + `最大 ${tokens(most)}: ${seconds === null
        ? '所要時間は最初の回答で分かります' : `約 ${formatSeconds(seconds)}`}。`,
    progress: (i, n, title) => `比較中、回答 ${formatCount(i)} / ${formatCount(n)}: ${title}。`
      + 'チャットは待っています。',
    finished: '比較が終わりました。',
    ended: '比較を停止しました。',
    waits: '順番待ち',
    answering: '回答中',
    done: '完了',
    cut: (n) => `${tokens(n)}で打ち切り`,
    stopped: '停止',
    notAsked: '未実行',
    figures: {
      spikes: 'トークンあたりのスパイク',
      operations: 'トークンあたりのシナプス演算',
      rate: '毎秒のトークン数',
    },
    equal: (title) => `${title}と同じ`,
    fewer: (share, title) => `${title}より ${formatPercent(share, 0)} 少ない`,
    more: (share, title) => `${title}より ${formatPercent(share, 0)} 多い`,
    differs: 'ここから違う',
    otherDiffers: (title) => `${title}: ここから違う`,
    endsHere: 'ここで終わり',
    same: (title) => `${title}と一語一句同じです。`,
    differsAt: (title, token) => `トークン ${formatCount(token)} から${title}と違います。`,
    copy: 'JSON でコピー',
    alone: '前のやり取りなしで比べる',
  },

  lesions: {
    healthy: '健全',
    damaged: '損傷',
    try: '試す:',
    figures: 'すべての数値',
    anaesthesia: '麻酔',
    thresholds: 'しきい値',
    times: (factor) => `× ${formatDecimal(factor, Number.isInteger(factor) ? 0 : 1)}`,
    raised: '対象のニューロン',
    everyNeuron: 'すべてのニューロン',
    anaesthesiaSays: 'ニューロンは、入力がしきい値を超えると発火します。'
      + 'しきい値を上げると発火が減り、小さな入力は失われます。',
    silencing: '沈黙させる',
    silence: '対象',
    wholeLayer: '層全体',
    oneHead: 'アテンションヘッド 1 つ',
    parts: { attention: 'アテンション', feed_forward: 'フィードフォワード' },
    inLayer: '層',
    headNumber: 'ヘッド',
    all: 'すべての層',
    layer: (n) => `層 ${n}`,
    head: (n) => `ヘッド ${n}`,
    within: (place, what) => `${place}: ${what}`,
    add: '沈黙させる',
    isSilent: (what) => `沈黙中: ${what}。`,
    takeBack: (what) => `沈黙を解除: ${what}`,
    silencingSays: '沈黙させた部分は、切り取られたかのように静止したままです。'
      + '層は受け取ったものを次へ渡すので、多くはなくても済みます。',
    coarser: '粗い重み',
    planes: '読まないプレーン',
    noPlane: 'なし',
    coarserSays: '重みは 4 ビットの数です。ビットプレーンを 1 つ読まないごとに、'
      + '取りうる値は半分になります。',
    reset: 'すべて治す',
    isHealthy: '損傷はなくなりました。',
    nothing: 'まだ何も損傷していません。上で選んでください。',
    code: 'コードで表示',
    experiments: {
      anaesthesia: {
        title: 'すべてのしきい値 × 8',
        measured: '測定: スパイクは 73% 減り、最も確率の高い語は 100 回中 59 回同じです。'
          + 'まだ話しますが堂々巡りで、× 12 では文になりません。',
      },
      hidden: {
        title: '内部ニューロン × 4',
        measured: '測定: 最も余裕があるのはフィードフォワード内部のニューロンです。'
          + '全スパイクの 4 分の 1 が減っても、予測はほとんど変わりません（KL 0.076）。',
      },
      layer: {
        title: '層 11 のフィードフォワードなし',
        measured: '測定: ほとんどの層は 1 つずつならなくても済みます。'
          + 'この層のこの半分だけは、隣の層の 8 倍の影響があります（KL 2.0）。',
      },
      planes: {
        title: '3 ビットの重み',
        measured: '測定: 1 ビット減らすだけで減らしすぎです。'
          + '最も確率の高い語が同じなのは 100 回中 38 回です。',
      },
      heads: {
        title: '最も重要なヘッド',
        measured: '測定: 270 個のうちの 13 個です。これらを失うと、'
          + '重要でない半分を失うより悪くなります（KL 3.9 対 1.8）。',
      },
    },
  },

  recording: {
    title: '記録された回答',
    before: '以前に記録したものです。まだ何もダウンロードしていません。',
    here: '以前に記録したものです。',
    loading: '以前に記録したものです。モデルが届くまでご覧ください。',
    after: '以前に別の端末で記録したものです。',
    tag: '記録',
    play: '再生',
    pause: '一時停止',
    again: 'もう一度再生',
    skip: 'スキップ',
    real: '速く',
    slow: '遅く',
    check: 'この端末と比べる',
    checking: 'お使いの端末が同じ回答をもう一度作っています…',
    note: (model, rate, machine, slow) => `${model} · ${machine} で ${formatDecimal(rate)} `
      + `トークン/秒${slow > 1 ? `、${slow} 倍遅く表示` : ''}`,
    notChecked: '最後までは比べていません。',
    same: (n, counts) => `お使いの端末は 1 ビットも違わず再現しました: ${tokens(n)}、`
      + `計数 ${formatCount(counts)} 個。`,
    otherWord: (token, was, is) => `お使いの端末では、トークン ${token} から違いました: `
      + `「${was}」ではなく「${is}」。`,
    otherSpikes: (token, layer, was, is) => `お使いの端末では、トークン ${token} から違いました: `
      + `層 ${layer} のスパイクは ${formatCount(is)} 個、記録では ${formatCount(was)} 個。`,
    otherCounts: (token) => `お使いの端末では、トークン ${token} から計数が違いました。`,
  },

  tour: {
    open: 'ツアーを見る',
    back: '戻る',
    next: '次へ',
    done: '終わり',
    close: '閉じる',
    progress: (step, all) => `${step} / ${all}`,
    reading: 'モデルが回答の 1 語をもう一度読んでいます。',
    gone: '回答の数値を今は読めません。もう一度質問してから、ツアーを見てください。',
    neuron: {
      title: 'ニューロンはためて発火する',
      text: [
        '数値は電位としてニューロンに入ります。ニューロンは各時間ステップで、そのうち発火できる分'
          + '（最大 15）を発火し、その分だけリセットされます。残りは次のステップを待ちます。',
      ],
      says: (neuron, layer, word, potential, steps) => `これは層 ${layer} のニューロン ${neuron} が、`
        + `回答の${word}に向けて働いたときのものです。電位 ${potential} を `
        + `${formatCount(steps)} ステップで発火しました。`,
    },
    spikes: {
      title: 'スパイクには大きさがある',
      text: [
        'ここでのスパイクは、あるかないかだけではなく、1 から 15 までの大きさを持ちます。'
          + '時間ステップが多いほど多くを運べ、ニューロンは数値をより細かく伝えられます。',
      ],
      says: (neurons, steps, spikes, from) => `1 列は隣り合う ${neurons} 個のうちの 1 個、1 行は `
        + `${formatCount(steps)} 時間ステップのうちの 1 つで、大きな点ほど大きなスパイクです。`
        + `枠のニューロンは静止より ${formatList(spikes.map(String))} 多く、合計 ${from} を`
        + '発火しました。',
    },
    thresholds: {
      title: 'グループごとに固有のしきい値',
      text: [
        'しきい値は、スパイクの 1 単位がどれだけの値かを決めます。隣り合う 32 個が 1 つを共有し、'
          + '入ってきた数値に合わせます。全体で 1 つにすると、'
          + '少数の大きな数値に小さな数値が埋もれてしまいます。',
      ],
      says: (groups, layer, population, times) => `層 ${layer}（${population}）の `
        + `${formatCount(groups)} グループのしきい値です。最も高いものは最も低いものの `
        + `${formatDecimal(times)} 倍です。`,
    },
    choice: {
      title: '多くの時間ステップをもらうのは',
      text: [
        'ステップが多いほど細かくなり、スパイクも増えます。Optimal Brain Spiking は、'
          + '出力への重要さで全グループに一度だけ順位を付けました。'
          + '設定によって、上位のグループに多く割り当てます。',
      ],
      alike: (groups, layer, steps) => `この回答では、層 ${layer} の全 ${formatCount(groups)} `
        + `グループが ${formatCount(steps)} ステップでした。設定で「バランス」を選んで`
        + 'もう一度質問すると、違いが出ます。',
      differ: (layer, kinds) => `この回答の層 ${layer} では、`
        + `${formatList(kinds.map(({ steps, groups }) =>
          `${formatCount(groups)} グループが ${formatCount(steps)} ステップ`))}でした。`,
    },
    additions: {
      title: '掛け算は足し算になる',
      text: [
        '層はそれぞれの数値に重みを掛けます。スパイクなら足すだけです。スパイクの各ビットが、'
          + '届くすべてのシナプスの重みを加えます。',
      ],
      says: (neuron, spike, bits, synapses) => `ニューロン ${neuron} は 1 ステップで ${spike} `
        + `${bits.length > 1 ? `（${bits.join(' + ')}）` : ''}を発火しました: `
        + `${formatCount(bits.length)} × シナプス ${formatCount(synapses)} 個。`,
      sum: (operations, dense) => `全層で、この語には加算 ${operations} 回が必要でした。`
        + `スパイクなしなら乗算 ${dense} 回です。2 つの費用は同じではありません。`,
      bars: {
        operations: (count) => `スパイクありの加算: ${count}`,
        dense: (count) => `スパイクなしの乗算: ${count}`,
      },
    },
    honesty: {
      title: 'ここでスパイクするもの、しないもの',
      text: [
        'スパイクするもの: すべての線形層と出力に入るもの、そして記憶されるキーと値。'
          + 'その和は、最後の 1 ビットまでスパイキングニューロンの和です。',
        'スパイクしないもの: 正規化、softmax、活性化関数、クエリ、全層を流れる信号。'
          + 'ニューロンは、語から語へ状態を持ち越しません。',
        'プロセッサは全時間ステップを一度に足します。沈黙したニューロンで節約できるものはなく、'
          + '省エネになるとも主張しません。',
      ],
      silent: (share) => `この語で沈黙していたニューロン: ${share}`,
    },
  },

  embed: {
    close: '閉じる',
  },

  page: {
    noSuchModel: 'そのようなモデルはありません',
    noModelName: (name) => `「${name}」はモデルの名前になりません。`,
    openStandard: '標準のモデルを開く',
    newVersion: 'このページの新しい版があります。',
    takeVersion: '読み込む',
    closeOthers: '先に SpikeChat のほかのタブを閉じてください。',
  },
};

export default ja;
