/* Puts text into the area where the caret is, as if it was typed: the browser's own undo takes it back. */
const HEADING = /^## /;
const POOL = /^## *(latihan|kuis)\b/i;
const QUESTION = /^### /;

/* Replaces what is selected; afterwards `select`, a part of the text, is selected. */
export function insert(area, text, select) {
  const start = area.selectionStart;
  area.focus();
  // Not where execCommand is gone; the text gets in all the same, only undo may not know.
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const at = select ? text.indexOf(select) : -1;
  if (at >= 0) area.setSelectionRange(start + at, start + at + select.length);
}

/* An example inside a sentence: what is selected takes the place of its words. */
export function inline(area, example, words) {
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
  const text = chosen.trim() ? example.replace(words, () => chosen.trim()) : example;
  insert(area, text, chosen.trim() && !/\]\(/.test(example) ? "" : chosen.trim() || words);
}

/* An example with a line of its own and an empty one above and below. */
export function block(area, example, words) {
  const before = area.value.slice(0, area.selectionStart);
  const after = area.value.slice(area.selectionEnd);
  const head = !before || /\n\n$/.test(before) ? "" : /\n$/.test(before) ? "\n" : "\n\n";
  const tail = !after ? "\n" : /^\n(\n|$)/.test(after) ? "" : /^\n/.test(after) ? "\n" : "\n\n";
  insert(area, head + example + tail, words);
}

/* At the end of the question or section the caret is in, and in a pool, which is opened where there is none. */
export function question(area, example, words) {
  const lines = area.value.split("\n");
  const here = area.value.slice(0, area.selectionStart).split("\n").length - 1;
  let start = here;
  while (start > 0 && !HEADING.test(lines[start])) start -= 1;
  const inPool = POOL.test(lines[start]);
  let end = HEADING.test(lines[start]) ? here + 1 : lines.findIndex((line) => /^## *dasar hukum/i.test(line));
  if (end < 0) end = lines.length;
  while (end < lines.length && !HEADING.test(lines[end]) && !(inPool && QUESTION.test(lines[end]))) end += 1;
  moveTo(area, lines, end);
  block(area, inPool ? example : `## Latihan\n\n${example}`, words);
}

/* Behind everything; a part that is there only once is shown where it stands. */
export function atEnd(area, example, words) {
  const heading = example.split("\n")[0];
  const lines = area.value.split("\n");
  const there = /^## Dasar hukum/i.test(heading) ? lines.findIndex((line) => /^## *dasar hukum/i.test(line)) : -1;
  if (there >= 0) {
    const found = lines.findIndex((line, at) => at > there && /^diperiksa:/i.test(line));
    select(area, found < 0 ? there + 1 : found + 1);
    if (found >= 0) insert(area, example.slice(example.lastIndexOf("\n") + 1), "");
    return;
  }
  moveTo(area, lines, lines.length);
  block(area, example, words);
}

function moveTo(area, lines, line) {
  let at = line;
  while (at > 0 && !lines[at - 1].trim()) at -= 1;
  const place = lines.slice(0, at).join("\n").length;
  area.setSelectionRange(place, place);
}

/* Selects a line, counted from 1. */
export function select(area, line) {
  const lines = area.value.split("\n");
  const at = Math.min(Math.max(line, 1), lines.length) - 1;
  const start = lines.slice(0, at).reduce((sum, each) => sum + each.length + 1, 0);
  area.focus({ preventScroll: true });
  area.setSelectionRange(start, start + lines[at].length);
}

export const WAYS = { kalimat: inline, blok: block, soal: question, akhir: atEnd };
