// The words of the page in Chinese, in simplified characters. Terms: 脉冲, 神经元, 时间步, 阈值, 层,
// 头, 词元, 种子, 静息, 突触运算, 群体, 内核, 上下文.

import {
  formatCount, formatDecimal, formatList, formatMegabytes, formatPercent, formatSeconds,
  formatShort,
} from '../shared/format.js';

/** @param {number} n */
const tokens = (n) => `${formatCount(n)} 个词元`;
/** @param {number} n */
const questions = (n) => `${formatCount(n)} 个问题`;

/** @type {import('./words.js').Words} */
const zh = {
  language: 'zh',
  direction: 'ltr',

  chat: {
    newChat: '新对话',
    isNew: '新对话。',
    yourMessage: '你的消息',
    placeholder: '输入问题',
    send: '发送',
    stop: '停止',
    conversation: '对话',
    oneMoment: '请稍候。',
    loading: '正在加载模型。',
    ready: '已就绪。',
    answering: '正在回答。',
    anotherWaits: '上一个问题还在等待。',
    waitsForModel: '模型就绪后回答。',
    waitsForStart: '模型到位后回答：请在上方启动。',
    partMissing: '页面的一部分未能加载：请重试，或刷新页面。',
    languageMissing: '该语言未能加载：请重试。',
    reading: (left) => `正在读问题，还剩 ${tokens(left)}`,
    goingOver: (n) => `正在重走前 ${tokens(n)}`,
    rate: (rate) => `${formatDecimal(rate)} 词元/秒`,
    done: (n) => `完成，${formatCount(n)} 个词。`,
    stopped: (n) => `已停止，${formatCount(n)} 个词。`,
    contextInUse: '本对话已用空间',
    used: (used, most) => `${formatCount(used)} / ${tokens(most)}`,
    note: (sentence) => `提示：${sentence}`,
  },

  greeting: {
    title: '一个靠脉冲运行的小型语言模型，就在你的浏览器里。',
    what: '它在这里以脉冲神经网络的方式，在你自己的处理器上运行。',
    caution: '这种规模的模型文笔流畅，但经常出错：不要轻信它说的话。它最擅长英语。',
    private: '你输入的内容不会离开本页面。',
    framed: '我们不会把你输入的内容送出浏览器；但嵌入此对话的页面可以读到。',
    space: '',
    examples: '示例',
    questions: [
      'What is a neuron?',
      'Write a short poem about the sea.',
      'Give me three tips for a good night’s sleep.',
    ],
  },

  question: {
    you: '你：',
    edit: '编辑',
    yours: '你的问题',
    hint: '从这里重新提问：其后的内容会被删除。',
    again: '重新提问',
    cancel: '取消',
  },

  answer: {
    model: '模型：',
    tools: '本条回答',
    copy: '复制',
    another: '换一个回答',
    goOn: '继续',
    copied: '已复制',
    notCopied: '未复制',
    isCopied: '已复制。',
    cannotCopy: '此浏览器不允许页面复制：请选中文本。',
    stopped: '已停止',
    cutLength: '达到最大长度而截断',
    cutFull: '已截断：本对话已满',
    first: (seconds) => `${formatSeconds(seconds)}后出现第一个词元`,
    early: (planes, of) => `模型尚未全部到达时作答（位平面 ${planes}/${of}）`,
    seed: (seed) => `种子 ${seed}`,
    startAgain: '重新启动引擎',
    tryAgain: '重试',
    noneTitle: '这个问题还没有回答',
    noneDetail: '对话在回答到来之前就结束了。',
    give: '回答它',
    same: '创造性为 0 时会得到同样的回答：请在设置中调高。',
  },

  markdown: {
    copyCode: '复制代码',
    code: '代码',
    codeBlock: '代码',
    table: '表格',
    image: '图片：',
    toDo: '待办',
    done: '已完成',
  },

  guard: {
    name: '本对话剩余空间',
    forget: '忘记最早的问答',
    anew: '开始新对话',
    filling: (used, most) => `本对话已占用模型可读的 ${tokens(most)}中的 ${formatCount(used)} 个。`
      + '占满后就容不下回答了。',
    waits: (used, most) => `本对话已占用模型可读的 ${tokens(most)}中的 ${formatCount(used)} 个：`
      + '你的问题和回答可能放不下。作出选择后即发送。',
    choose: '本对话快满了：请选择如何处理。',
    forgotten: '最早的问答不再读取。',
    dropped: '模型不再读取以上内容。',
  },

  loading: {
    bar: '模型',
    cancel: '取消',
    download: '下载并启动',
    downloadBytes: (bytes) => `下载 ${formatMegabytes(bytes)} 并启动`,
    start: '启动',
    startAgain: '重新启动',
    tryAgain: '重试',
    here: (bytes) => `${formatMegabytes(bytes)}，已在此浏览器中。`,
    keep: {
      browser: '保存在此浏览器中，下次可立即启动。',
      site: '为此网站保存，下次在这里可立即启动。',
    },
    notKept: '不保存：此浏览器不允许在这里存储，每次访问都要重新下载。',
    delete: (bytes) => `删除模型（${formatMegabytes(bytes)}）`,
    deleted: '模型已从此浏览器中删除。',
    phases: {
      engine: '正在启动引擎',
      manifest: '正在读取模型说明',
      shards: '正在下载模型',
      prepare: '正在准备模型',
      ready: '已就绪',
    },
    waiting: '正在等待网络',
    reading: '正在从此浏览器读取模型',
    some: (bytes, all) => `${formatDecimal(bytes / 1e6)} / ${formatMegabytes(all)}`,
    speed: (bytes) => formatMegabytes(bytes, '-per-second'),
    left: (seconds) => `还剩 ${formatSeconds(seconds)}`,
    fromHere: (bytes) => `其中 ${formatMegabytes(bytes)} 来自此浏览器`,
    kept: (advice) => `已下载的部分会保留。${advice}`,
    early: (planes, of) => `已可作答，精度略低（位平面 ${planes}/${of}）`,
  },

  notices: {
    unsupported_browser: '在此浏览器中回答较慢；新版浏览器更快。',
    quota_exceeded: '此浏览器不保存模型：下次需重新下载。',
  },

  advice: {
    unsupported_browser: {
      title: '此浏览器无法运行引擎',
      advice: '新版 Firefox、Chrome、Edge 或 Safari 可以。如果已是新版，则服务器上的文件已损坏。',
    },
    offline: {
      title: '网络已断开',
      advice: '联网后请重试。',
    },
    http_status: {
      title: '服务器拒绝提供文件',
      advice: '请稍后重试。',
    },
    wrong_content_type: {
      title: '服务器发来的是网页而不是文件',
      advice: '网站似乎配置有误：缺少模型的一个文件。',
    },
    shard_truncated: {
      title: '模型的一部分不完整',
      advice: '请重试。',
    },
    shard_corrupt: {
      title: '模型的一部分已损坏',
      advice: '该部分没有使用。请重试；如果仍然如此，则服务器上的文件已损坏。',
    },
    manifest_invalid: {
      title: '模型说明无效',
      advice: '网站上的模型似乎已损坏，或不是本站的模型。',
    },
    model_invalid: {
      title: '模型无效',
      advice: '网站上的模型似乎已损坏，或不是本站的模型。',
    },
    version_mismatch: {
      title: '页面与模型不匹配',
      advice: '请刷新页面以获取新版本。',
    },
    quota_exceeded: {
      title: '浏览器没有剩余空间',
      advice: '对话可以使用，但下次需重新下载模型。',
    },
    out_of_memory: {
      title: '内存不足',
      advice: '请关闭其他标签页后重试。',
    },
    timeout: { title: '长时间没有收到数据', advice: '请重试。' },
    aborted: { title: '已取消', advice: '已下载的部分会保留。' },
    context_full: {
      title: '本对话已满',
      advice: '模型无法再看更多文字。请开始新对话。',
    },
    bad_request: { title: '引擎拒绝了请求', advice: '请检查设置。' },
    engine_crashed: {
      title: '引擎已停止',
      advice: '对话已保留。请重新启动引擎：无需再次下载模型。',
    },
    blocked_by_policy: {
      title: '此页面的策略不允许引擎运行',
      advice: '页面的运营者可以更改；重试没有用。',
    },
    model_unsupported: {
      title: '无法使用此文件',
      advice: '其中有此引擎不能计算的内容。',
    },
    file_unreadable: {
      title: '无法读取文件',
      advice: '请重新选择：它可能已被移动或更改。',
    },
    busy: {
      title: '引擎正忙',
      advice: '正在生成另一个回答。请在它完成后重试。',
    },
  },
  noModel: {
    title: '没有这个名称的模型',
    own: '此浏览器中没有由文件生成的这个模型，或不完整。打开它的文件，它就会留在这里。',
    advice: (address) => `${address} 处没有内容：请检查拼写。`,
  },

  coding: {
    heading: '质量',
    best: {
      title: '最佳质量',
      short: '最佳质量',
      hint: '所有神经元都有最多的时间步，编码最精细。',
    },
    balanced: {
      title: '均衡',
      short: '均衡',
      hint: '最重要的神经元有最多的时间步，其余较少。',
    },
    fewest: {
      title: '脉冲最少',
      short: '脉冲最少',
      hint: '大多数神经元的时间步很少。回答较粗糙。',
    },
    missing: (titles) => `此模型不支持：${titles}。它没有神经元的排序。`,
    overruled: '以下方的时间步为准。',
    steps: '时间步 T',
    stepsAuto: '自动',
    stepsByQuality: '每个神经元的时间步数由质量决定。',
    stepsUniform: '无论上方选择什么，所有神经元都有 T 个时间步。'
      + '越多则激活值编码越精细：16、31 或 61 级。',
    uniform: (steps) => `T = ${steps}`,
  },

  settings: {
    name: '设置',
    creativity: '创造性',
    temperature: '温度',
    creativityHints: {
      none: '总是选最可能的词：同样的问题得到同样的回答。',
      low: '大多选最可能的词。',
      middle: '也选不太可能的词：更生动，错误也更多。',
      high: '也选不可能的词：很少说得通。',
    },
    creativityIs: (temperature) => `创造性 ${formatDecimal(temperature, 1, 3)}`,
    language: '语言 (Language)',
    details: '详细信息',
    seed: '种子',
    seedRandom: '随机',
    seedHint: '问题、设置和种子相同，在任何浏览器中得到的回答都相同。',
    kernel: '内核',
    kernels: { auto: '自动', lookup: '查表', popcount: 'AND + popcount' },
    builds: { relaxed: 'relaxed SIMD', simd: 'SIMD', plain: '无 SIMD' },
    running: (kernel, build, why) => `正在运行：${kernel}，${build} 版（${why}）。`,
    prompts: (kernel) => `问题用 ${kernel} 读取：做乘法，结果相同。`,
    notRunning: '自动模式会在回答时测量两者。',
    threads: '线程数',
    threadsHint: '线程越多，占用的处理器和内存越多。回答保持不变。',
    runningThreads: (threads, why) => `线程：${threads}（${why}）。`,
    threadsWhy: {
      usual: '默认',
      asked: '按所选',
      alone: '此页面未隔离，线程之间无法共享内存',
      unshared: '此浏览器中线程之间无法共享内存',
    },
    threadsFewer: '因为更多线程时引擎停止了，所以减少了',
    thinking: '先思考再回答',
    activity: '显示神经元的活动',
    plain: '按模型所写的原文显示回答（Markdown）',
  },

  shelf: {
    name: '模型',
    open: '打开 GGUF 文件…',
  },

  chats: {
    name: '对话列表',
    own: '本对话',
    saveMarkdown: '存为 Markdown',
    saveJson: '存为 JSON',
    copyLink: '复制链接',
    others: '其他对话',
    open: '打开 JSON 文件…',
    file: '对话文件',
    keep: '在此浏览器中保存我的对话',
    keepHint: '关闭时，关掉页面对话就会消失。开启时，对话留在此设备上，使用此浏览器的人都能读到，'
      + '直到你在这里删除它们或清除网站数据。',
    questions,
    isOpen: '当前',
    rename: '重命名',
    title: '名称',
    keepTitle: '保存名称',
    renamed: '已重命名。',
    delete: '删除',
    sure: '确定删除？',
    deleted: '已删除。',
    deleteAll: '全部删除',
    sureAll: '确定全部删除？',
    deletedAll: '保存的对话已全部删除。',
    noLonger: '从现在起不再保存对话。已保存的可在下方删除，或一直保留到你再次选择保存时。',
    choiceNotKept: '会保存，但浏览器不会记住这个选择。',
    saved: '已保存：位置由浏览器显示。',
    linkCopied: '已复制。打开链接的人会看到你的问题，并可重放对话：同样的词，每个脉冲都相同。',
    noLink: (why) => `没有链接：${why}`,
    notOpened: (why) => `未打开：${why}`,
    tooLarge: '文件比任何对话都大。',
    noRoom: '此浏览器没有空间保存对话：请删除较早的对话，或存为文件。',
    blocked: '此浏览器不允许页面保存任何内容：请把对话存为文件。',
    gone: '本对话已从此浏览器中删除：不会再次保存。',
    empty: '空对话',
    otherTab: (title) => `${title}（另一个标签页）`,
  },

  file: {
    about: (date) => `与 SpikeChat 的对话，始于 ${date}。`,
    instructions: '指令',
    you: '你',
    model: '模型',
  },

  link: {
    name: '链接中的对话',
    play: '播放',
    startAndPlay: '启动模型并播放',
    playAnyway: '仍然播放',
    notNow: '暂不',
    close: '关闭',
    badTitle: '此链接无法播放',
    bad: (why) => `${why}请再要一次链接。`,
    title: (n) => `链接中的对话：${questions(n)}`,
    about: (model) => `提问的对象是 ${model}。回答由你的设备重新给出；这里的内容没有发送到任何地方。`,
    instructions: (system) => `指令：${system}`,
    replaces: '它会取代这里的对话，而这里的对话没有保存。',
    otherTitle: '链接属于另一个模型',
    other: (linked, here) => `它是用 ${linked} 生成的；这里是 ${here}。回答不会相同。`,
    playing: '正在播放链接中的对话',
    cutTitle: '没有播放到最后',
    cut: (given, all) => `${formatCount(all)} 个回答中给出了 ${formatCount(given)} 个。`,
    sameTitle: '播放完毕：每个脉冲都相同',
    same: (n) => `你的设备给出的 ${formatCount(n)} 个回答，词和脉冲数都相同。`,
    notSameTitle: '播放完毕：不相同',
    otherWords: (answer) => `回答 ${answer}：词与链接中的不同。`,
    otherSpikes: (answer) => `回答 ${answer}：脉冲与链接中的不同。`,
    nothingYet: '还没有链接可以重现的回答。',
    early: '本对话含有模型尚未全部到达时给出的回答：请先重新作答。',
    foreign: '本对话含有不是由这里的模型给出的回答：请存为文件。',
    tooLong: '本对话太长，不能做成链接：请存为文件。',
    damaged: '链接已损坏。',
  },

  activity: {
    name: '脉冲活动',
    title: '活动',
    details: '详细信息',
  },

  figures: {
    rate: '每秒词元数',
    spikes: '每词元脉冲数',
    operations: '突触运算',
    silent: '静息神经元',
    comparison: (executed, dense, back, backDense) =>
      `每个词元的平均值。popcount 内核执行：${formatShort(executed)} 次加法。稠密计算：`
      + `${formatShort(dense)} 次乘加。从最后一个词元回看：${formatShort(back)} 次突触运算，`
      + `稠密计算为 ${formatShort(backDense)} 次。`,
    how: '如何计数',
    notes: [
      '脉冲是二值的，从静息状态起计数：k = q − z 分到 T 步，把每个 4 位脉冲中的 1 相加。'
        + 'k = 0 的神经元保持沉默。',
      '突触运算是这些脉冲乘以每个脉冲到达的突触数。“执行”是编码的二值平面中的 1（含静息值）'
        + '乘以同样的突触数，即 popcount 内核所做的加法。查表内核则改为读表。',
      '键和值也是脉冲，为后面的词元保留：键的每个脉冲到达共享它的查询头，'
        + '值的每个脉冲到达给其词元权重的头。它们随上下文增长，因此单独计数。'
        + '输出矩阵不计入这些数字。',
      '稠密计算是同样的层在没有脉冲时的乘加次数。一次加法与一次乘加的代价不同，'
        + '因此两者是并列的数字，而不是节省量。',
    ],
  },

  wayBack: {
    name: '之前在这里的内容',
    chat: '之前的对话没有保存。',
    turns: '其后的内容已删除。',
    bring: '恢复',
  },

  heatmap: {
    role: '热图',
    label: '按词元和层显示的活动。方向键移动单元格，Enter 选中，Escape 离开。',
    empty: '回答的每个词元都会在这里成为一列。',
    measure: '度量',
    population: '群体',
    measures: {
      unusual: {
        label: '比平常多的脉冲',
        noun: '（相对该层平常的脉冲）',
        says: '亮：在这个词上，该层发放的脉冲比平常多。',
        learned: '亮：在这个词上，该层发放的脉冲比最近其他词多。',
        low: '与平常相同或更少',
        high: '多得多',
      },
      spikes: {
        label: '每个神经元的二值脉冲',
        noun: '个二值脉冲（每个神经元）',
        says: '亮：该层的神经元在这个词上发放许多脉冲。',
        low: '无',
        high: '多',
      },
      active: {
        label: '离开静息的神经元',
        noun: '的神经元离开静息',
        says: '亮：该层在这个词上沉默的神经元很少。',
        low: '全部沉默',
        high: '全部发放',
      },
      operations: {
        label: '突触运算',
        noun: '次突触运算（每个突触）',
        says: '亮：该层的脉冲在这个词上引起许多加法，脉冲到达的每个突触各一次。',
        low: '无',
        high: '多',
      },
      strong: {
        label: '超出一步的神经元',
        noun: '的神经元发放超出一步所能承载的量',
        says: '亮：该层许多神经元的发放超出一个时间步所能承载的量。',
        low: '无',
        high: '多',
      },
    },
    populations: {
      all: '所有群体',
      qkv: '注意力输入',
      attn_out: '注意力输出',
      gate_up: '前馈输入',
      down: '前馈内部',
      keys: '保留的键',
      values: '保留的值',
    },
    oneStep: (most) => `只有一步时，任何神经元都不能超过 ${most}：请选择其他度量以看到差别。`,
    notCounted: '未计数',
    noText: '（无文字）',
    layer: '层',
    token: '词元',
    place: (token, layer) => `词元 ${formatCount(token)}，层 ${layer}`,
    cell: (token, text, layer, figure) =>
      `词元 ${formatCount(token)}，${text}，层 ${layer}：${figure}`,
    counts: {
      spikes: '脉冲',
      usual: '平常的脉冲',
      operations: '加法',
      neurons: '神经元',
    },
    none: '还没有词元。',
    size: (n, layers) => `${tokens(n)}，${formatCount(layers)} 层。`,
    extremes: (busiest, quietest, noun) =>
      `平均最活跃的是层 ${busiest.layer}：${busiest.figure} ${noun}；`
      + `最安静的是层 ${quietest.layer}：${quietest.figure}。`,
    tools: '本图',
    showTable: '显示为表格',
    hideTable: '隐藏表格',
    savePicture: '保存图片',
    saveFigures: '保存数据',
    pictureHint: '整张图，PNG 文件',
    figuresHint: '所有计数，供表格软件使用的 CSV 文件',
    notSaved: '无法生成文件：请重试。',
    notCome: '表格未能加载：请重试。',
    rows: (from, to, of) =>
      `第 ${formatCount(from)} 至 ${formatCount(to)} 个词元，共 ${formatCount(of)} 个`,
    before: '较早',
    after: '较晚',
    lastTokens: (shown, of) => `${tokens(of)}中的最后 ${formatCount(shown)} 个`,
  },

  neurons: {
    open: '看看内部',
    back: '返回',
    close: '关闭',
    cancel: '取消',
    again: '再读一次',
    start: '启动模型',
    title: '一个词的内部',
    reading: '模型正在再读一次。',
    readingAll: '模型正在再读一次整个对话。',
    progress: '已读词元',
    gone: '对话的这一部分已不在模型的记忆中：请重新提问后再看。',
    unloaded: '模型没有运行。启动并提问后，就可以看到内部。',
    answering: '模型正在回答。完成后显示你所选的内容。',
    busy: '模型正忙于其他事情。',
    stopped: '已停止。',
    dead: '引擎已停止。请启动它并重新提问。',
    failed: (detail) => `无法读取：${detail}。`,
    missing: '所需内容未能加载：请重试，或刷新页面。',
    previous: '上一个词',
    next: '下一个词',
    at: (read, next) => (next === null ? `读到${read}时` : `读到${read}并选出${next}时`),
    quoted: (word) => `“${word}”`,
    noText: '没有文字的词元',
    marks: { '<|im_start|>': '消息的开头', '<|im_end|>': '消息的结尾' },
    tabs: '要看什么',
    neurons: '神经元',
    others: '其他的词',
    layer: '层',
    population: '层的部分',
    neuron: '神经元',
    neuronTitle: (neuron) => `神经元 ${neuron}`,
    summary: (neurons, active, spikes) =>
      `${neurons} 个神经元中有 ${active} 个离开静息，共 ${spikes} 个二值脉冲。`,
    raster: '每个神经元的脉冲',
    rasterSays: (steps, all) => (steps === 1
      ? '一列是一个神经元，只有一个时间步。'
      : `一列是一个神经元，从上到下${all ? '共' : '最多'} ${steps} 个时间步。`)
      + '点越大，脉冲越强。',
    above: '高于静息',
    below: '低于静息',
    strong: '最强的词',
    pick: '选一个神经元：指向它，或用方向键和 Enter。',
    one: (neuron, code, spikes) => `神经元 ${neuron}：距静息 ${code}，脉冲 ${spikes}`,
    membrane: '它在各时间步的膜电位',
    threshold: '阈值',
    rest: '静息',
    fires: (spike) => `发放 ${spike}`,
    step: (step) => `第 ${step} 步`,
    columns: { step: '步', potential: '电位', fires: '发放', left: '剩余' },
    fired: (code, rest) => {
      const far = code - rest;
      const said = far === 0 ? '正好相同：它什么也没说'
        : `了 ${code}：${far > 0 ? '多' : '少'} ${Math.abs(far)}`;
      return `静息的神经元在这里发放 ${rest}。这一个发放${said}。`;
    },
    resets: (least) => `每一步它都尽可能多地发放电位，最多 ${least}，并相应复位。`,
    excites: '什么会使这个神经元兴奋？',
    exact: '准确地说',
    terms: {
      activation: '激活值 x', code: '编码 q', rest: '静息值 z', from: '距静息 k = q − z',
      steps: '时间步 T', threshold: '阈值 θ', value: '值 θ (q − z)',
    },
    exactSays: '广义积分发放（GIF）神经元。电位和脉冲以阈值为单位。'
      + '一组 32 个神经元共用阈值和静息值。',
    histogram: '神经元距静息有多远',
    bar: (code, count) => `距静息 ${code}：${count} 个神经元`,
    table: '以表格显示',
    rows: { neuron: '神经元', code: '编码', rest: '静息', from: '距静息', spikes: '脉冲' },
    counts: { from: '距静息', neurons: '神经元' },
    choices: '模型在这里可能说的词',
    choicesSay: (read) => `在${read}之后，模型给每个词一个概率。带标记的词被选中。`,
    chance: { word: '词', chance: '概率', chosen: '选中' },
    allOthers: '其余全部',
    choicesExact: '概率针对整个词表，是模型直接给出的：之后才起作用的创造性和 top-p 不在其中。'
      + '它们由前面各词保留下来的内容重新算出。',
    history: (neuron) => `什么使神经元 ${neuron} 兴奋`,
    historyOf: (neuron, layer, population) =>
      `层 ${layer}、${population}的神经元 ${neuron}，在本对话的每个词元上。`,
    over: '它距静息的编码，逐个词元',
    strongest: '使它最兴奋的词',
    nothing: '本对话中没有词使它兴奋。',
    elsewhere: '模型最后读的不是所显示的对话，因此没有标记词。',
    inChat: '在对话中查看',
    token: (word, code) => `${word}：距静息 ${code}`,
    tokenRows: { number: '词元', word: '词', from: '距静息' },
    marksToo: '消息之间的标记在图中，不在列表中。',
  },

  compare: {
    title: '比较回答',
    button: '比较',
    open: '比较回答…',
    nothing: '请先提问：之后就可以比较它的回答。',
    busy: '正在回答：完成后再比较。',
    asked: '你的问题：',
    before: (turns) => `（也会读取之前的 ${formatCount(turns)} 轮问答。）`,
    kind: '比较什么',
    kinds: { steps: '精度', presets: '两种质量', damage: '损伤' },
    says: {
      steps: '同样的问题和种子，每个神经元分别用 4、2、1 个时间步（T）。'
        + '步数越少，神经元发放的脉冲越少，表达也越不精确。'
        + '速度不会更快：对沉默的神经元，你的处理器做同样多的计算。',
      presets: '同样的问题和种子，使用设置中的两种质量。',
      damage: '同样的问题和种子，一次健康，一次损伤网络的某些部分。你的对话保持健康。',
    },
    first: '其一',
    second: '其二',
    sameTwice: '请选择两种不同的质量。',
    noPresets: '此模型只有一种质量：其精度只随 T 变化。',
    run: '开始比较',
    again: '再运行一次',
    stopOne: (title) => `停止：${title}`,
    stopAll: '全部停止',
    cost: (n, most, seconds) => `${formatCount(n)} 个回答${n === 1 ? '，' : '，依次进行，每个'}`
      + `最多 ${tokens(most)}：${seconds === null
        ? '所需时间看第一个便知' : `约 ${formatSeconds(seconds)}`}。`,
    progress: (i, n, title) =>
      `正在比较，第 ${formatCount(i)} 个回答，共 ${formatCount(n)} 个：${title}。对话在等待。`,
    finished: '比较完成。',
    ended: '比较已停止。',
    waits: '等待轮到',
    answering: '正在回答',
    done: '完成',
    cut: (n) => `${tokens(n)}后截断`,
    stopped: '已停止',
    notAsked: '未提问',
    figures: {
      spikes: '每词元脉冲数',
      operations: '每词元突触运算',
      rate: '每秒词元数',
    },
    equal: (title) => `与${title}相同`,
    fewer: (share, title) => `比${title}少 ${formatPercent(share, 0)}`,
    more: (share, title) => `比${title}多 ${formatPercent(share, 0)}`,
    differs: '从这里起不同',
    otherDiffers: (title) => `${title}：从这里起不同`,
    endsHere: '到此结束',
    same: (title) => `与${title}逐词相同。`,
    differsAt: (title, token) => `从第 ${formatCount(token)} 个词元起与${title}不同。`,
    copy: '复制为 JSON',
    alone: '不带之前的问答进行比较',
  },

  lesions: {
    healthy: '健康',
    damaged: '受损',
    try: '试试：',
    figures: '所有数据',
    anaesthesia: '麻醉',
    thresholds: '阈值',
    times: (factor) => `× ${formatDecimal(factor, Number.isInteger(factor) ? 0 : 1)}`,
    raised: '哪些神经元',
    everyNeuron: '所有神经元',
    anaesthesiaSays: '输入超过阈值时，神经元就会发放。阈值越高，发放越少，小的输入会丢失。',
    silencing: '沉默',
    silence: '什么',
    wholeLayer: '整个层',
    oneHead: '一个注意力头',
    parts: { attention: '注意力', feed_forward: '前馈' },
    inLayer: '层',
    headNumber: '头',
    all: '所有层',
    layer: (n) => `层 ${n}`,
    head: (n) => `头 ${n}`,
    within: (place, what) => `${place}：${what}`,
    add: '使其沉默',
    isSilent: (what) => `现已沉默：${what}。`,
    takeBack: (what) => `不再沉默：${what}`,
    silencingSays: '沉默的部分保持静息，如同被切除。层会传递它得到的东西，因此许多层可以缺少。',
    coarser: '更粗的权重',
    planes: '不读取的平面',
    noPlane: '无',
    coarserSays: '权重是 4 位的数。每少读一个位平面，它可取的值就少一半。',
    reset: '全部治愈',
    isHealthy: '不再有任何损伤。',
    nothing: '还没有任何损伤：请在上方选择。',
    code: '以代码显示',
    experiments: {
      anaesthesia: {
        title: '所有阈值 × 8',
        measured: '实测：脉冲减少 73%，最可能的词 100 次中有 59 次不变。'
          + '它还能说话，但在兜圈子；到 × 12 时已说不成句。',
      },
      hidden: {
        title: '隐藏神经元 × 4',
        measured: '实测：前馈内部的神经元最能承受。全部脉冲少四分之一，预测几乎不变（KL 0.076）。',
      },
      layer: {
        title: '层 11 去掉前馈',
        measured: '实测：大多数层可以单独缺少。这一层的这一半，代价是相邻层的八倍（KL 2.0）。',
      },
      planes: {
        title: '3 位的权重',
        measured: '实测：少一位就已太多。最可能的词 100 次中只有 38 次不变。',
      },
      heads: {
        title: '最重要的头',
        measured: '实测：这是 270 个头中的 13 个。缺少它们，比缺少最不重要的那一半更糟'
          + '（KL 3.9 对 1.8）。',
      },
    },
  },

  recording: {
    title: '一段录制的回答',
    before: '先前录制；尚未下载任何内容。',
    here: '先前录制。',
    loading: '先前录制，供模型到来之前观看。',
    after: '先前在另一台设备上录制。',
    tag: '录制',
    play: '播放',
    pause: '暂停',
    again: '重播',
    skip: '跳过',
    real: '加快',
    slow: '放慢',
    check: '与这台设备比较',
    checking: '你的设备正在重新给出同样的回答……',
    note: (model, rate, machine, slow) => `${model} · 在 ${machine} 上 ${formatDecimal(rate)} 词元/秒`
      + (slow > 1 ? `，放慢 ${slow} 倍显示` : ''),
    notChecked: '没有比较到最后。',
    same: (n, counts) => `你的设备逐位重现了它：${tokens(n)}，${formatCount(counts)} 个计数。`,
    otherWord: (token, was, is) => `从第 ${token} 个词元起，你的设备给出的不同：`
      + `是“${is}”而不是“${was}”。`,
    otherSpikes: (token, layer, was, is) => `从第 ${token} 个词元起，你的设备不同：`
      + `层 ${layer} 有 ${formatCount(is)} 个脉冲，录制时为 ${formatCount(was)} 个。`,
    otherCounts: (token) => `从第 ${token} 个词元起，你的设备的计数不同。`,
  },

  tour: {
    open: '开始导览',
    back: '上一步',
    next: '下一步',
    done: '完成',
    close: '关闭',
    progress: (step, all) => `${step} / ${all}`,
    reading: '模型正在再读一次你的回答中的一个词。',
    gone: '现在无法读取你的回答的数据：请重新提问，再看导览。',
    neuron: {
      title: '神经元先积累，再发放',
      text: [
        '一个数作为电位进入神经元。每个时间步它尽可能多地发放，最多 15，并相应复位。'
          + '没有发放的留到下一步。',
      ],
      says: (neuron, layer, word, potential, steps) => `这是层 ${layer} 的神经元 ${neuron}，`
        + `当时它正为你的回答中的${word}工作：电位 ${potential}，分 ${formatCount(steps)} 步发放。`,
    },
    spikes: {
      title: '脉冲有大小',
      text: [
        '这里的脉冲不只是有或没有：它有大小，从 1 到 15。多个时间步承载得更多，'
          + '神经元就能把它的数说得更精细。',
      ],
      says: (neurons, steps, spikes, from) => `一列是 ${neurons} 个相邻神经元之一，一行是 `
        + `${formatCount(steps)} 个时间步之一，点越大脉冲越大。`
        + `框出的神经元比静息时多发放 ${formatList(spikes.map(String))}，共 ${from}。`,
    },
    thresholds: {
      title: '每组有自己的阈值',
      text: [
        '阈值说明脉冲的一个单位值多少。32 个相邻神经元共用一个，按到来的数调整：'
          + '如果全体只用一个，少数大的数会淹没小的数。',
      ],
      says: (groups, layer, population, times) => `层 ${layer}（${population}）中 `
        + `${formatCount(groups)} 组的阈值。最高的是最低的 ${formatDecimal(times)} 倍。`,
    },
    choice: {
      title: '谁得到更多时间步',
      text: [
        '步数越多越精细，脉冲也越多。Optimal Brain Spiking 按各组对结果的重要程度'
          + '为所有组排过一次序；设置会给排在前面的更多。',
      ],
      alike: (groups, layer, steps) => `在这个回答中，层 ${layer} 的全部 ${formatCount(groups)} `
        + `组都是 ${formatCount(steps)} 步。在设置中选择“均衡”并重新提问，它们就会不同。`,
      differ: (layer, kinds) => `在这个回答的层 ${layer} 中，${formatList(kinds.map(
        ({ steps, groups }) => `${formatCount(groups)} 组有 ${formatCount(steps)} 步`))}。`,
    },
    additions: {
      title: '乘法变成加法',
      text: [
        '层把每个数乘以权重。有了脉冲它只做加法：脉冲的每一位都加上它所到达的所有突触的权重。',
      ],
      says: (neuron, spike, bits, synapses) => `神经元 ${neuron} 在一步中发放 ${spike}`
        + `${bits.length > 1 ? `，即 ${bits.join(' + ')}` : ''}：${formatCount(bits.length)} × `
        + `${formatCount(synapses)} 个突触。`,
      sum: (operations, dense) => `在所有层中，这个词用了 ${operations} 次加法；没有脉冲则需 `
        + `${dense} 次乘法。两者的代价并不相同。`,
      bars: {
        operations: (count) => `有脉冲的加法：${count}`,
        dense: (count) => `无脉冲的乘法：${count}`,
      },
    },
    honesty: {
      title: '这里哪些是脉冲，哪些不是',
      text: [
        '是脉冲的：进入每个线性层和输出的数，以及被记住的键和值。'
          + '它们的和就是脉冲神经元的和，一位不差。',
        '不是脉冲的：归一化、softmax、激活函数、查询，以及贯穿所有层的信号流。'
          + '没有神经元把状态从一个词留到下一个词。',
        '你的处理器一次加完所有时间步。沉默的神经元并不为它省事，也没有人声称节省了能量。',
      ],
      silent: (share) => `在这个词上沉默的神经元：${share}`,
    },
  },

  embed: {
    close: '关闭',
  },

  page: {
    noSuchModel: '没有这样的模型',
    noModelName: (name) => `“${name}”不能作为模型名称。`,
    openStandard: '打开标准模型',
    newVersion: '本页有新版本。',
    takeVersion: '加载',
    closeOthers: '请先关闭 SpikeChat 的其他标签页。',
  },
};

export default zh;
