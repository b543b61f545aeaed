// Requests to the supervisor, and the note that says when one was refused.

const note = document.getElementById('note');
let hiding = 0;

export function say(text) {
  note.textContent = text;
  note.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { note.hidden = true; }, 4000);
}

export const pause = ms => new Promise(done => setTimeout(done, ms));

/** Waits until the page is looked at: nothing is asked for a page behind another. */
export async function looked() {
  while (document.hidden) {
    await new Promise(done => document.addEventListener('visibilitychange', done, { once: true }));
  }
}

export const get = path => fetch(path, { cache: 'no-store' });

/** Sends JSON; a refusal is shown and thrown. */
export async function post(path, body) {
  const answer = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
  if (answer.ok) return answer;
  const { error } = await answer.json().catch(() => ({}));
  const text = error?.detail ?? error ?? `${path}: ${answer.status}`;
  say(text);
  throw new Error(text);
}

/** One order to the counter: `{"do", "arg"}`. */
export const order = (what, arg = null) => post('control', { do: what, arg });

/** Draws a code, `qr` or `barcode`, into an image. */
export async function picture(image, kind, text) {
  const answer = await post('code', { kind, text });
  const url = URL.createObjectURL(await answer.blob());
  try {
    image.src = url;
    await image.decode();
  } finally {
    URL.revokeObjectURL(url);
  }
}
