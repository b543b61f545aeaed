// The live screen: pictures come in, touches, keys and text go out.

import { get, looked, pause, post, say } from './calls.js';
import { begin, show } from './panels.js';
import { spoken, switchLanguage, word } from './words.js';

const element = id => document.getElementById(id);
const screen = element('screen');
const keyboard = element('keyboard');

// Input goes out one request at a time, so that it arrives in order.
let last = Promise.resolve();
const send = (path, body) => (last = last.then(() => post(path, body)).catch(() => {}));
const key = code => send('key', { code });

// Pictures say that the screen can be touched: a status from the start may be older than they are.
let life = 'down';
let pictures = false;
const COVERS = { down: 'off', starting: 'starting', up: 'loading' };
function cover() {
  element('off').hidden = pictures && life !== 'down';
  element('off').textContent = word(COVERS[life]);
}

/** Shows each new picture as it comes; while the app is down, asks again several times a second. */
async function follow() {
  for (let seen = 0; ;) {
    try {
      const answer = await get(`screen.png?after=${seen}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const number = Number(answer.headers.get('X-Picture'));
      if (number !== seen) await draw(await answer.blob());
      seen = number;
      screen.dataset.picture = seen;
      pictures = true;
      cover();
    } catch {
      seen = 0;
      delete screen.dataset.picture;
      pictures = false;
      cover();
      await pause(150);
    }
    await looked();
  }
}

/** Puts a picture on the glass, and waits until it is there. */
async function draw(picture) {
  const url = URL.createObjectURL(picture);
  try {
    screen.src = url;
    await screen.decode();
  } finally {
    URL.revokeObjectURL(url);
  }
  screen.hidden = false;
  screen.parentElement.classList.add('fits');
}

/** How things stand, twice a second while somebody looks. */
async function watch() {
  for (;;) {
    try {
      const status = await (await get('status')).json();
      life = status.app;
      show(status);
    } catch {
      life = 'down';
    }
    cover();
    await pause(500);
    await looked();
  }
}

const at = event => {
  const scale = screen.naturalWidth / screen.clientWidth;
  return { x: Math.round(event.offsetX * scale), y: Math.round(event.offsetY * scale) };
};

// A touch that stays where it began is a tap; one that moves is dragged along.
const STILL = 8;
let begun = null;
let dragging = false;
let moving = false;

screen.addEventListener('pointerdown', event => {
  screen.setPointerCapture(event.pointerId);
  begun = event;
  dragging = false;
});

screen.addEventListener('pointermove', event => {
  if (!begun) return;
  const far = Math.hypot(event.offsetX - begun.offsetX, event.offsetY - begun.offsetY) > STILL;
  if (!dragging && far) {
    dragging = true;
    send('drag', { action: 'down', ...at(begun) });
  }
  if (!dragging || moving) return;
  moving = true;
  send('drag', { action: 'move', ...at(event) }).then(() => { moving = false; });
});

screen.addEventListener('pointerup', event => {
  if (!begun) return;
  if (dragging) send('drag', { action: 'up', ...at(event) });
  else send('tap', at(event));
  begun = null;
  keyboard.focus({ preventScroll: true });
});
screen.addEventListener('pointercancel', () => { begun = null; });

// The wheel pulls the screen's content like a finger, in steps that end at rest.
const PULL = 240;
let rolling = false;
screen.addEventListener('wheel', event => {
  event.preventDefault();
  if (rolling || !event.deltaY) return;
  rolling = true;
  const { x, y } = at(event);
  const end = y - Math.sign(event.deltaY) * PULL;
  send('drag', { action: 'down', x, y });
  for (const part of [0.25, 0.5, 0.75, 1, 1]) {
    send('drag', { action: 'move', x, y: Math.round(y + (end - y) * part) });
  }
  send('drag', { action: 'up', x, y: end }).then(() => { rolling = false; });
}, { passive: false });

const KEYS = {
  Enter: 'ENTER', Backspace: 'DEL', Delete: 'FORWARD_DEL', Tab: 'TAB', Escape: 'BACK',
  ArrowUp: 'DPAD_UP', ArrowDown: 'DPAD_DOWN', ArrowLeft: 'DPAD_LEFT', ArrowRight: 'DPAD_RIGHT',
};
keyboard.addEventListener('keydown', event => {
  if (event.isComposing || !KEYS[event.key]) return;
  event.preventDefault();
  key(KEYS[event.key]);
});

function typed() {
  if (!keyboard.value) return;
  send('text', { text: keyboard.value });
  keyboard.value = '';
}
keyboard.addEventListener('input', event => { if (!event.isComposing) typed(); });
keyboard.addEventListener('compositionend', typed);

element('back').addEventListener('click', () => key('BACK'));
element('profile').addEventListener('click', async () => {
  const text = await (await get('profile')).text();
  await send('text', { text });
});
element('language').addEventListener('click', switchLanguage);
spoken(() => {
  element('language').textContent = word('language');
  cover();
});

begin().catch(error => say(error.message));
follow();
watch();
