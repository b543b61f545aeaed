// The counter: cards, plug, faults, power, printer, clock; the ledgers and the slips.

import { get, looked, order, pause, picture } from './calls.js';
import { button, choices, make, pressed } from './parts.js';
import * as phone from './phone.js';
import { spoken, word } from './words.js';

const element = id => document.getElementById(id);

// Name, look. The numbers belong to the app's simulated reader.
const CARDS = [
  ['good', 'good'], ['good2', 'other'], ['expired', 'warn'], ['wrong_pin', 'warn'],
  ['no_money', 'warn'], ['stolen', 'bad'], ['held_card', 'other'], ['held_phone', 'good'],
  ['held_band', 'good'],
];

const NETWORK = [['on', 'on'], ['slow', 'some'], ['lossy', 'some'], ['off', 'off']];

const MESSAGES = ['sale', 'void', 'reversal_sale', 'reversal_void', 'refund'];
const FAULTS = {
  lost: 'at="after_booking" do="cut"',
  silent: 'at="after_booking" do="drop"',
  unread: 'at="request_read" do="cut"',
  cut: 'at="mid_answer" do="cut"',
  corrupt: 'at="mid_answer" do="corrupt"',
  wrong_mac: 'at="after_booking" do="wrong_mac"',
  foreign: 'at="after_booking" do="foreign_answer"',
  duplicate: 'at="after_answer" do="duplicate"',
  late: 'at="after_booking" do="late" arg="1"',
  code_96: 'at="request_read" do="code" arg="96"',
  code_91: 'at="request_read" do="code" arg="91"',
  code_98: 'at="request_read" do="code" arg="98"',
  code_51: 'at="request_read" do="code" arg="51"',
};

const HOUR = 3_600_000;
const CLOCKS = [
  ['clock_hour', { passed: HOUR }], ['clock_day', { passed: 24 * HOUR }],
  ['clock_wrong', { wall: -24 * HOUR }], ['clock_real', null],
];

/** One line of the hosts' fault file in TOML: spaces part the keys on the page, lines in it. */
function toml(on, kind) {
  return `[[fault]]\non="${on}"\n${FAULTS[kind].replaceAll('" ', '"\n')}\ntimes=1\n`;
}

function segments(parent, entries, press) {
  for (const [name, look] of entries) {
    const made = button(parent, name === 'off' ? 'off_' : name, () => press(name), look);
    made.dataset.name = name;
  }
}

export async function begin() {
  for (const [name, look] of CARDS) button(element('cards'), name, () => order('card', name), 'card', look);
  segments(element('network'), NETWORK, name => order('network', name).then(() => network(name)));
  segments(element('printer'), [['ok', 'on'], ['paper_out', 'off']], name => order('printer', name));
  choices(element('fault-on'), MESSAGES);
  choices(element('fault-kind'), Object.keys(FAULTS));
  element('fault-arm').onclick = () => order('fault', toml(element('fault-on').value, element('fault-kind').value)).catch(() => {});
  element('fault-clear').onclick = () => order('fault').catch(() => {});
  element('kill').onclick = () => order('kill').catch(() => {});
  element('start').onclick = () => order('start').catch(() => {});
  for (const [name, moved] of CLOCKS) button(element('clock'), name, () => order('clock', moved));
  for (const name of ['cutover', 'drop_keys']) {
    button(element('bank'), name, () => order('host', { do: name }));
  }
  phone.begin();
  spoken(() => {
    guide();
    if (standing) show(standing);
    if (mark) badge(mark);
    if (both) rows();
    if (!torn.length && !now.length) none();
  });
  ledgers();
  slips();
}

function network(name) {
  pressed(element('network'), name);
  element('network-why').textContent = word('network_' + name);
}

/** How many faults wait for their moment; the host knows. */
function waiting(faults) {
  const count = faults?.length ?? 0;
  element('fault-state').textContent = count ? `${word('faultArmed')} (${count})` : word('faultNone');
}

let standing = null;

/** What the supervisor says of itself, once a second. */
export function show(status) {
  standing = status;
  network(status.network);
  waiting(status.faults);
  phone.takes(status.wallets);
  pressed(element('printer'), status.printer ?? 'ok');
  element('power-state').textContent = word('power_' + status.app);
  element('ended').textContent = (status.ended ?? []).join('\n');
  element('ended').parentElement.hidden = !status.ended;
  element('kill').disabled = status.app === 'down';
  element('start').disabled = status.app !== 'down';
}

const yuan = net => (net === null ? word('wait') : '¥ ' + (net / 100).toFixed(2));

const stateOf = ({ rail, state }) =>
  [rail, ...state.split(' ')].map(name => word('is_' + name)).join(' · ');

/** `batch:trace` in words; an order number is spelt as it is. */
function nameOf(key) {
  const [batch, trace] = key.split(':');
  return trace ? `${word('batch')} ${batch} · ${word('trace')} ${trace}` : key;
}

function row(name, sale, differs) {
  const made = make('li', '', differs && 'differs', !sale && 'absent');
  made.append(make('span', sale ? stateOf(sale) : word('absent'), 'state'),
    make('span', sale ? yuan(sale.net) : '—', 'net'), make('span', nameOf(name), 'key'));
  return made;
}

let both = null;

/** The newest sale first, each on the same line of both sides. */
function rows() {
  const named = sales => new Map(sales.map(sale => [sale.rail + ' ' + sale.key, sale]));
  const terminal = named(both.terminal);
  const host = named(both.host);
  const different = new Set(both.differences.map(one => one.rail + ' ' + one.key));
  const names = [...new Set([...terminal.keys(), ...host.keys()])].reverse();
  for (const [side, sales] of [['terminal', terminal], ['host', host]]) {
    const list = element(side + '-ledger');
    list.replaceChildren(...names.map(name =>
      row(name.slice(name.indexOf(' ') + 1), sales.get(name), different.has(name))));
    if (!names.length) list.append(make('li', word('empty'), 'none'));
  }
}

let mark = '';
function badge(state) {
  mark = state;
  const equal = element('equal');
  equal.className = `badge ${state === 'down' ? 'wait' : state}`;
  equal.textContent = word(state);
}

/** Both ledgers as soon as one of them changed; the answer comes when it has. */
async function ledgers() {
  for (let seen = ''; ;) {
    try {
      const answer = await get(`ledgers?after=${seen}`);
      if (!answer.ok) throw new Error(answer.statusText);
      both = await answer.json();
      seen = answer.headers.get('X-Ledgers');
      rows();
      const open = both.differences.every(one => one.why === 'unknown');
      badge(both.equal ? 'equal' : open ? 'wait' : 'differs');
    } catch {
      seen = '';
      badge('down');
      await pause(500);
    }
    await looked();
  }
}

/** What to try, step by step. */
function guide() {
  element('try').replaceChildren(...word('trySteps').split('|').map(step => make('li', step)));
}

const blank = { rule: true, blank: true, cut: true };

function paper({ lines }) {
  const slip = make('article', '', 'slip');
  for (const { text, align, size, kind } of lines) {
    const row = make('p', blank[kind] ? '' : text, align, size, kind);
    if (kind === 'qr' || kind === 'barcode') {
      const drawn = make('img', '');
      drawn.alt = text;
      row.replaceChildren(drawn);
      // What cannot be drawn stays readable.
      picture(drawn, kind, text).catch(() => row.replaceChildren(text));
    }
    if (kind === 'pair') {
      const [label, value = ''] = text.split('\t');
      row.replaceChildren(make('span', label), make('span', value));
    }
    slip.append(row);
  }
  return slip;
}

const none = () => element('slips').replaceChildren(make('p', word('noSlips'), 'why'));

// A terminal that was started again counts its slips from one; the torn-off ones stay here.
let torn = [];
let now = [];
function slipsAre(all) {
  if (all.length === now.length) return;
  if (all.length < now.length) torn = [...torn, ...now];
  now = all;
  element('slips').replaceChildren(...[...torn, ...now].map(paper).reverse());
}

async function slips() {
  none();
  for (;;) {
    try {
      const answer = await get('slips');
      if (answer.ok) slipsAre((await answer.json()).slips);
    } catch {
      // The supervisor is gone; the page says so elsewhere.
    }
    await pause(500);
    await looked();
  }
}
