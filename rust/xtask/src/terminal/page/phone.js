// The customer's phone: a payment code to be scanned, and what its owner does with it.

import { order, picture } from './calls.js';
import { button, choices, pressed } from './parts.js';

const element = id => document.getElementById(id);

// How the codes of a wallet begin, and how long they are.
const WALLETS = {
  wechat: { begin: '13', length: 18 },
  alipay: { begin: '28', length: 18 },
  unionpay: { begin: '62', length: 19 },
};

// What the owner does, as the simulated wallets read it from the end of the code.
const OWNERS = {
  pays_now: '00', pays_soon: '01', pays_never: '02', pays_not: '03', has_no_money: '04',
  code_old: '05', pays_late: '06',
};

let wallet = '';

const code = () => {
  const { begin, length } = WALLETS[wallet];
  const end = OWNERS[element('phone-does').value];
  return begin + '0'.repeat(length - begin.length - end.length) + end;
};

async function draw() {
  const text = code();
  element('phone-digits').textContent = text.replace(/(\d{4})(?=\d)/g, '$1 ');
  await Promise.all([
    picture(element('phone-bars'), 'barcode', text), picture(element('phone-qr'), 'qr', text),
  ]);
}

function take(name) {
  wallet = name;
  pressed(element('wallets'), name);
  return draw();
}

const does = what => () => order('customer', { what }).catch(() => {});

export function begin() {
  choices(element('phone-does'), Object.keys(OWNERS));
  element('phone-does').onchange = () => draw().catch(() => {});
  element('phone-show').onclick = () => order('code', code()).catch(() => {});
  element('phone-scans').onclick = does('scans');
  element('phone-pays').onclick = does('pays');
  element('phone-cancels').onclick = does('cancels');
}

/** The wallets that this terminal takes; without any the phone stays in its owner's pocket. */
export function takes(wallets) {
  element('phone').hidden = !wallets.length;
  if (!wallets.length || wallets.includes(wallet)) return;
  element('wallets').replaceChildren();
  for (const name of wallets) {
    button(element('wallets'), 'is_' + name, () => take(name), 'plain').dataset.name = name;
  }
  take(wallets[0]).catch(() => {});
}
