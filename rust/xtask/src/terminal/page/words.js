// Every word of the page, in both languages. A missing one is an error when the page loads.

const zh = {
  title: '稳撤 · 柜台', promise: '撤销绝不丢失，绝不重复；每次失败都说清原因和下一步。',
  language: 'English', device: '终端', screen: '终端屏幕', back: '返回', keyboard: '在此打字',
  off: '终端未运行', starting: '终端正在启动…', loading: '正在取画面…', ended: '终端自己停了。账本还在，可以再开机。它最后说的是：', profile: '填入配置',
  profileWhy: '把适合这台模拟主机的配置填入当前输入框',
  cards: '顾客的卡', cardsWhy: '终端请刷卡时，点一张卡。',
  network: '网线', on: '通', slow: '慢', lossy: '丢包', off_: '拔掉',
  network_on: '终端与主机相通。',
  network_slow: '每段数据多走 1.5 秒。',
  network_lossy: '每两次应答丢一次：主机已记账，终端却收不到。',
  network_off: '网线已拔：撤销会先登记，插回后自动送达。',
  fault: '主机下一次出错', faultWhy: '在选定的那一刻出错一次，然后恢复正常。',
  faultOn: '交易', faultKind: '出什么错', faultArm: '设好', faultClear: '取消全部',
  faultArmed: '已设好，等下一笔。', faultNone: '没有设好的错误。',
  sale: '消费', void: '撤销', reversal_sale: '消费冲正', reversal_void: '撤销冲正', refund: '退货',
  lost: '已记账，应答前断线', silent: '已记账，不应答', unread: '没读完请求就断线', cut: '应答只到一半',
  corrupt: '应答损坏', wrong_mac: '应答 MAC 错', foreign: '答成别人的交易',
  duplicate: '应答来两遍', late: '应答迟到一笔', code_96: '拒绝：96 系统异常',
  code_91: '拒绝：91 发卡方不能操作', code_98: '拒绝：98 交换中心超时', code_51: '拒绝：51 余额不足',
  power: '终端', kill: '断电', start: '开机',
  power_up: '运行中', power_starting: '正在启动…', power_down: '已断电：账本还在。',
  printer: '打印机', ok: '有纸', paper_out: '缺纸',
  clock: '终端时钟', clock_hour: '过 1 小时', clock_day: '过 1 天', clock_wrong: '钟慢一天', clock_real: '恢复',
  bank: '主机', cutover: '日切', drop_keys: '密钥失效',
  ledgers: '两本账', equal: '✓ 相等', differs: '✗ 不等', wait: '… 未知', down: '— 读不到',
  terminalSide: '终端', hostSide: '主机', empty: '还没有交易',
  batch: '批', trace: '流水', absent: '没有这一笔',
  more: '设备与主机', try: '试一试',
  trySteps: '输入金额，点“收款”，刷一张好卡|拔掉网线|点“撤销”：马上登记，等联网|断电，再开机：撤销还在|插回网线：撤销自动送达，只送一次|再用手机付款码收一笔，照样试一遍',
  phone: '顾客的手机', phoneDoes: '付款时', phoneBars: '付款条形码', phoneQr: '付款二维码',
  phoneShow: '让终端扫这个码', phoneScans: '扫商户的码', phonePays: '输入密码付款', phoneCancels: '取消付款',
  pays_now: '马上付款', pays_soon: '输入密码后付款', pays_never: '迟迟不输密码', pays_not: '取消付款',
  has_no_money: '余额不足', code_old: '付款码过期', pays_late: '收银员放弃时才付款',
  slips: '小票', noSlips: '还没有打印。',
  good: '好卡', good2: '另一张好卡', expired: '过期卡', wrong_pin: '密码错', stolen: '被盗卡',
  held_card: '卡片挥卡', held_phone: '手机挥卡', held_band: '手环挥卡',
  no_money: '余额不足',
  is_unionpay: '银联', is_wechat: '微信', is_alipay: '支付宝',
  is_approved: '已收款', is_declined: '已拒绝', is_unknown: '结果未知', is_reversed: '已冲正',
  is_voided: '已撤销', is_refunded: '已退货', is_partly_refunded: '部分退货',
  is_not_sent: '未发出', is_held: '已预授权', is_completed: '已完成',
  is_queued: '撤销待送', is_sending: '撤销发送中', is_needs_card: '撤销待刷卡',
  is_on_hold: '撤销已暂停', is_refused: '撤销被拒', is_withdrawn: '撤销已撤回',
  is_refund_offered: '可改退货', is_escalated: '已上报',
};

const en = {
  title: 'voidproof · counter',
  promise: 'A void is never lost, never doubled, and every failure is explained.',
  language: '中文', device: 'Terminal', screen: "The terminal's screen", back: 'Back',
  keyboard: 'Type here', off: 'The terminal is off', starting: 'The terminal is starting…',
  loading: 'Fetching the screen…',
  ended: 'The terminal ended by itself. The ledger stays; start it again. Its last words:',
  profile: 'Fill profile',
  profileWhy: 'Types a profile that fits these simulated hosts into the focused field',
  cards: "The customer's card", cardsWhy: 'When the terminal asks for a card, pick one.',
  network: 'Network plug', on: 'In', slow: 'Slow', lossy: 'Lossy', off_: 'Out',
  network_on: 'The terminal reaches the hosts.',
  network_slow: 'Every piece of data takes 1.5 s longer.',
  network_lossy: 'Every second answer is lost: booked by the host, unknown to the terminal.',
  network_off: 'The plug is out: a void is noted and goes out by itself afterwards.',
  fault: "The host's next fault", faultWhy: 'Happens once at the chosen moment, then no more.',
  faultOn: 'Message', faultKind: 'What goes wrong', faultArm: 'Arm', faultClear: 'Clear all',
  faultArmed: 'Armed for the next one.', faultNone: 'Nothing is armed.',
  sale: 'Sale', void: 'Void', reversal_sale: 'Reversal of a sale',
  reversal_void: 'Reversal of a void', refund: 'Refund',
  lost: 'Booked, then the line is cut', silent: 'Booked, never answered',
  unread: 'Not booked, the line is cut', cut: 'Half an answer',
  corrupt: 'Answer damaged', wrong_mac: 'Answer with a wrong MAC',
  foreign: "Somebody else's answer", duplicate: 'Answer twice', late: 'Answer one message late',
  code_96: 'Refused: 96 system error', code_91: 'Refused: 91 issuer unavailable',
  code_98: 'Refused: 98 exchange time-out', code_51: 'Refused: 51 insufficient funds',
  power: 'Terminal', kill: 'Cut power', start: 'Start',
  power_up: 'Running', power_starting: 'Starting…', power_down: 'Power is cut; the ledger stays.',
  printer: 'Printer', ok: 'Has paper', paper_out: 'Out of paper',
  clock: "The terminal's clock", clock_hour: '1 hour later', clock_day: '1 day later', clock_wrong: 'A day slow',
  clock_real: 'Reset',
  bank: 'Host', cutover: 'Day cut-over', drop_keys: 'Lose the keys',
  ledgers: 'Both ledgers', equal: '✓ equal', differs: '✗ different', wait: '… unknown',
  down: '— not readable',
  terminalSide: 'Terminal', hostSide: 'Host', empty: 'No sale yet',
  batch: 'Batch', trace: 'trace', absent: 'no such sale',
  more: 'Device and host', try: 'Try it',
  trySteps: 'Type an amount, tap 收款 (Charge), present a good card|Pull the plug out|Tap 撤销 (Void): noted at once, it waits for the network|Cut the power, start again: the void is still there|Put the plug in: the void arrives by itself, exactly once|The same again with a code of the phone',
  phone: "The customer's phone", phoneDoes: 'Customer', phoneBars: 'Payment bar code',
  phoneQr: 'Payment QR code', phoneShow: 'Let the terminal scan it', phoneScans: "Scan the shop's code",
  phonePays: 'Pay with password', phoneCancels: 'Cancel the payment',
  pays_now: 'Pays at once', pays_soon: 'Types the password, then pays',
  pays_never: 'Never types the password', pays_not: 'Cancels', has_no_money: 'Has too little money',
  code_old: 'Shows an expired code', pays_late: 'Pays just as the cashier gives up',
  slips: 'Slips', noSlips: 'Nothing printed yet.',
  held_card: 'Card, tapped', held_phone: 'Phone, tapped', held_band: 'Wristband, tapped',
  good: 'Good card', good2: 'Another good one', expired: 'Expired', wrong_pin: 'Wrong PIN',
  stolen: 'Stolen', no_money: 'No money left',
  is_unionpay: 'UnionPay', is_wechat: 'WeChat', is_alipay: 'Alipay',
  is_approved: 'approved', is_declined: 'declined', is_unknown: 'unknown',
  is_reversed: 'reversed', is_voided: 'voided', is_refunded: 'refunded',
  is_partly_refunded: 'partly refunded', is_not_sent: 'not sent', is_held: 'held',
  is_completed: 'completed', is_queued: 'undo queued', is_sending: 'undo under way',
  is_needs_card: 'undo needs the card', is_on_hold: 'undo on hold', is_refused: 'undo refused',
  is_withdrawn: 'undo withdrawn', is_refund_offered: 'refund offered',
  is_escalated: 'escalated',
};

const missing = Object.keys({ ...zh, ...en }).filter(key => !zh[key] || !en[key]);
if (missing.length) throw new Error('words missing: ' + missing.join(' '));

const languages = { zh, en };
let current = (localStorage.getItem('language') ?? navigator.language).startsWith('en') ? 'en' : 'zh';
const listeners = [];

/** The word in the language that is shown; a name nobody translated stands for itself. */
export const word = key => languages[current][key] ?? key;

/** Runs now and at each change of the language. */
export function spoken(listener) {
  listeners.push(listener);
  listener();
}

export function switchLanguage() {
  current = current === 'zh' ? 'en' : 'zh';
  localStorage.setItem('language', current);
  listeners.forEach(listener => listener());
}

const ATTRIBUTES = { label: 'aria-label', hint: 'placeholder', title: 'title', alt: 'alt' };

spoken(() => {
  document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';
  for (const element of document.querySelectorAll('[data-word]')) {
    element.textContent = word(element.dataset.word);
  }
  for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
    for (const element of document.querySelectorAll(`[data-${name}]`)) {
      element.setAttribute(attribute, word(element.dataset[name]));
    }
  }
});
