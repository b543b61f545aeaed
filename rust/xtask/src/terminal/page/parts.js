// What the panels are made of.

import { word } from './words.js';

export function make(tag, text, ...classes) {
  const made = document.createElement(tag);
  made.textContent = text;
  made.classList.add(...classes.filter(Boolean));
  return made;
}

/** A button whose words follow the language. */
export function button(parent, key, press, ...classes) {
  const made = make('button', '', ...classes);
  made.type = 'button';
  made.dataset.word = key;
  made.textContent = word(key);
  made.addEventListener('click', () => Promise.resolve(press()).catch(() => {}));
  parent.append(made);
  return made;
}

/** The choices of a list, in words that follow the language. */
export function choices(select, keys) {
  for (const key of keys) {
    const option = make('option', word(key));
    option.value = key;
    option.dataset.word = key;
    select.append(option);
  }
}

/** Marks one of several buttons. */
export const pressed = (parent, name) => {
  for (const child of parent.children) {
    child.setAttribute('aria-pressed', String(child.dataset.name === name));
  }
};
