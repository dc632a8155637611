"use strict";
// Words of the interface, Chinese and English. Texts of articles are never translated.
const Lunheng = {};
(L => {
  const WORDS = {
    overview: ["总览", "Overview"], points: ["观点地图", "Viewpoints"], map: ["论证图", "Argument map"],
    matrix: ["谁说什么", "Who says what"], prices: ["价格线", "Prices"], read: ["原文", "Articles"], list: ["逐条", "All arguments"],
    cause: ["原因", "Cause"], risk: ["风险", "Risk"], benefit: ["利好", "Benefit"], strategy: ["策略", "Strategy"],
    forecast: ["预判", "Forecast"], evidence: ["依据", "Evidence"], claim: ["主张", "Claim"],
    pro: ["支持", "For"], con: ["反对", "Against"], neu: ["中立", "Neutral"], mixed: ["兼有", "Mixed"],
    direct: ["直接引语", "quoted"], indirect: ["转述", "reported"], hearsay: ["传闻", "hearsay"], author: ["作者", "author"],
    person: ["个人", "person"], organisation: ["机构", "organisation"], group: ["群体", "group"], anonymous: ["佚名", "unnamed"],
    possible: ["可能", "possible"], necessary: ["必须", "necessary"], hypothetical: ["假设", "hypothetical"],
    negated: ["否定", "negated"], question: ["反问", "question"],
    support: ["支持", "supports"], attack: ["反驳", "attacks"], leads: ["导致", "causes"], member: ["持此观点", "makes this point"],
    f_kind: ["类别", "Kind"], f_stance: ["立场", "Stance"], f_who: ["发言人", "Speaker"], f_outlet: ["媒体", "Outlet"],
    f_date: ["日期", "Date"], f_conf: ["把握不低于", "Confidence at least"], f_q: ["搜字句", "Search words"], f_issue: ["议题", "Issue"],
    f_vp: ["观点", "Viewpoint"], from: ["从", "from"], to: ["到", "to"], noOutlet: ["未署媒体", "no outlet given"],
    filters: ["筛选", "Filter"], clear: ["全部清除", "Clear all"], more: ["更多", "more"], less: ["收起", "fewer"],
    matching: ["{n} 条论证，共 {all} 条", "{n} of {all} arguments"], none: ["没有符合条件的论证。放宽左边的筛选试试。", "Nothing matches. Loosen the filters."],
    csv: ["导出 CSV", "Export CSV"], md: ["导出 Markdown", "Export Markdown"], print: ["打印", "Print"],
    skip: ["跳到内容", "Skip to content"], lang: ["English", "中文"], close: ["关闭", "Close"], back: ["返回", "Back"],
    lede: ["{a} 篇文章，{p} 位发言人，{n} 条论证。", "{a} articles, {p} speakers, {n} arguments."],
    ledeCon: ["反对的声音多于支持：{con} 条对 {pro} 条，另有 {neu} 条不表态。", "More against than for: {con} to {pro}; {neu} take no side."],
    ledePro: ["支持的声音多于反对：{pro} 条对 {con} 条，另有 {neu} 条不表态。", "More for than against: {pro} to {con}; {neu} take no side."],
    ledeEven: ["支持与反对大致相当：{pro} 条对 {con} 条，另有 {neu} 条不表态。", "For and against are about even: {pro} to {con}; {neu} take no side."],
    balance: ["立场天平", "The balance"], themes: ["反复出现的观点", "Recurring viewpoints"], voices: ["各方", "Voices"], issues: ["议题", "Issues"],
    articles: ["文章", "Articles"], nArgs: ["{n} 条", "{n}"], allOf: ["看全部 {n} 条", "all {n}"], other: ["其他观点", "Other points"],
    vpStats: ["{n} 条论证 · {a} 篇文章 · {p} 位发言人", "{n} arguments · {a} articles · {p} speakers"],
    pointsHelp: ["每个点是一条论证，靠得近的意思相近。滚轮或按钮缩放，拖动平移，点一下看原话。", "Each point is an argument; near points mean alike. Wheel or buttons zoom, drag moves, click shows the words."],
    mapHelp: ["左起：议题、观点、论证、依据。取每个观点里最有把握的几条。点一下看原话。", "From the left: issue, viewpoints, arguments, evidence; the surest of each viewpoint. Click for the words."],
    byVp: ["按观点", "By viewpoint"], byWho: ["按发言人", "By speaker"], asMap: ["图", "Picture"], asText: ["文字大纲", "Outline"],
    zoomIn: ["放大", "Zoom in"], zoomOut: ["缩小", "Zoom out"], fit: ["全图", "Fit"], shown: ["图中 {n} 条，共 {all} 条", "{n} of {all} shown"],
    matrixHelp: ["行是发言人，列是观点，格子里是立场和条数。点一下看原话。", "Rows are speakers, columns viewpoints; a cell shows stance and count. Click for the words."],
    pricesHelp: ["文章里报出的价格变动。箭头从原价指向现价，纵轴按倍数。", "Price changes that the articles report. Arrows run from old to new on a log scale."],
    noPrices: ["这些文章里没有明确报出的价格变动。", "These articles report no price change."],
    pDate: ["日期", "Date"], pWho: ["公司与产品", "Vendor and product"], pOld: ["原价", "Old"], pNew: ["现价", "New"], pChange: ["变动", "Change"], pSource: ["出处", "Source"],
    free: ["免费", "free"], input: ["输入", "input"], output: ["输出", "output"], both: ["输入与输出", "input and output"], undated: ["日期不详", "undated"],
    guessed: ["年份为推断", "year guessed"], readHelp: ["选一篇文章，论证会在原文里标出。", "Choose an article; its arguments are marked in the text."],
    folded: ["网页杂项（{n} 处，已折叠）", "Page furniture ({n}, folded)"], repeatOf: ["转载自", "Copy of"], sourceFile: ["文件", "file"],
    conf: ["把握", "confidence"], sameVp: ["同一观点", "Same viewpoint"], relations: ["与其他论证", "Relations"], inText: ["在原文中看", "See it in the text"],
    says: ["此人其他论证", "Other arguments of this voice"], prev: ["上一条", "Previous"], next: ["下一条", "Next"], untitled: ["（无题）", "(untitled)"],
    keys: ["键盘：/ 搜索，1–7 换页，j k 前后一条，Esc 关闭", "Keys: / search, 1–7 views, j k next and previous, Esc closes"],
    footer: ["引文逐字取自原文。分类、发言人与立场由程序判断，会有错；发表前请核对原文。", "Quotations are verbatim. Kinds, speakers and stances are a program’s judgement and can be wrong; check before you publish."],
    eachIssue: ["各篇文章的议题", "Each article’s issue"], speakerCol: ["发言人", "Speaker"], stanceOf: ["对议题", "on the issue"], alone: ["单独成说", "stands alone"],
  };
  L.lang = 0;
  L.t = (key, values = {}) => {
    const text = (WORDS[key] || [key, key])[L.lang];
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  };
  L.KINDS = ["cause", "risk", "benefit", "strategy", "forecast", "evidence", "claim"];
  L.STANCES = ["pro", "con", "neu"];
  L.SIGN = { pro: "＋", con: "－", neu: "○", mixed: "±" };
  // Okabe and Ito's colours, darkened where text or thin lines need it; kinds also have a mark of their own.
  L.COLOUR = { cause: "#b07800", risk: "#c2480c", benefit: "#00805c", strategy: "#0067a5", forecast: "#a8508a", evidence: "#6b6b6b", claim: "#807300",
    pro: "#0067a5", con: "#c2480c", neu: "#6b6b6b", mixed: "#a8508a" };
  L.TINT = { cause: "#f6e2b8", risk: "#f6cdbb", benefit: "#c3e6d8", strategy: "#c6dff2", forecast: "#ecd6e6", evidence: "#e9e7e2", claim: "#f3eeb8" };
  L.GLYPH = { cause: "因", risk: "险", benefit: "利", strategy: "策", forecast: "判", evidence: "据", claim: "主" };
})(Lunheng);
