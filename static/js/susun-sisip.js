/* Puts text into the area where the caret is, as if it was typed: the browser's own undo takes it back. */
const SAME = "font letterSpacing lineHeight padding borderLeft borderRight boxSizing overflowWrap".split(" ");

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

/* Selects a line, counted from 1. */
export function select(area, line) {
  const lines = area.value.split("\n");
  const at = Math.min(Math.max(line, 1), lines.length) - 1;
  const start = lines.slice(0, at).reduce((sum, each) => sum + each.length + 1, 0);
  area.focus({ preventScroll: true });
  area.setSelectionRange(start, start + lines[at].length);
}

/* Brings what is selected before the eyes. */
export function reveal(area) {
  const top = area.getBoundingClientRect().top + scrollY + heightAbove(area);
  scrollTo(0, Math.max(0, top - innerHeight / 3));
}

/* How far down the area the selection begins: the text above it, set in a box just as wide. */
function heightAbove(area) {
  const look = getComputedStyle(area);
  const box = document.createElement("div");
  box.textContent = `${area.value.slice(0, area.selectionStart)}.`;
  SAME.forEach((name) => {
    box.style[name] = look[name];
  });
  Object.assign(box.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap" });
  box.style.width = `${area.offsetWidth}px`;
  document.body.append(box);
  const height = box.offsetHeight;
  box.remove();
  return height;
}
