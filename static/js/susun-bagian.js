/* What belongs in a part of the text, wherever the caret was left: comes when a menu is opened that needs it. */
import { open } from "./susun-kolom.js";
import { block, insert, reveal, select } from "./susun-sisip.js";

const LEGAL = /^## *dasar hukum/i;

/* At the end of the practice or of the quiz: of the one with the caret, else of the last, else of a new one. */
function question(area, example, words, kind) {
  const lines = area.value.split("\n");
  const here = area.value.slice(0, area.selectionStart).split("\n").length - 1;
  const from = (start, found) => {
    const at = lines.findIndex((line, index) => index >= start && found(line));
    return at < 0 ? lines.length : at;
  };
  const isPart = (line) => new RegExp(`^## *${kind}\\b`, "i").test(line);
  const parts = lines
    .map((line, start) => ({ start, end: isPart(line) ? from(start + 1, (each) => /^##? /.test(each)) : 0 }))
    .filter(({ end }) => end);
  const part = parts.find(({ start, end }) => start <= here && here < end) || parts[parts.length - 1];
  const isNext = (line) => LEGAL.test(line) || (kind === "Latihan" && /^## *kuis\b/i.test(line));
  moveTo(area, lines, part ? part.end : from(0, isNext));
  block(area, part ? example : `## ${kind}\n\n${example}`, words);
}

/* Behind everything; a part that is there only once is shown where it stands. */
function atEnd(area, example, words) {
  const lines = area.value.split("\n");
  const there = LEGAL.test(example) ? lines.findIndex((line) => LEGAL.test(line)) : -1;
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

/* The panel of fields stands where an example would; without a kind it is for the question with the caret. */
function fields(area, example, words, kind) {
  open(area, kind, question);
}

const WAYS = { soal: question, akhir: atEnd, kolom: fields };

export function put(area, { di, ganti }, example, kind) {
  WAYS[di](area, example, ganti, kind);
  reveal(area);
}

/* Behind the last choice of the question with the caret: an empty one with its reason, the caret in it. */
export function choice(area) {
  const lines = area.value.split("\n");
  let at = area.value.slice(0, area.selectionStart).split("\n").length - 1;
  const isBox = (line) => /^[-+*] *\[[ xX]\]/.test(line);
  const goesOn = (line) => isBox(line) || /^[ \t]+\S/.test(line) || /^>/.test(line);
  let last = at;
  for (; at < lines.length && !/^#/.test(lines[at]); at += 1) {
    if (goesOn(lines[at]) || (lines[at].trim() && last === at - 1)) last = at;
  }
  const place = lines.slice(0, last + 1).join("\n").length;
  area.setSelectionRange(place, place);
  insert(area, "\n- [ ] \n  > ", "");
  area.setSelectionRange(place + 7, place + 7);
  reveal(area);
}

/* The headings of the text, each one press away. */
export function index(area, menu) {
  const list = menu.lastElementChild;
  let fenced = false;
  list.textContent = "";
  area.value.split("\n").forEach((line, at) => {
    fenced = /^ *(```|~~~)/.test(line) !== fenced;
    const found = !fenced && /^(#{1,3}) +(.+)/.exec(line);
    if (!found) return;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: found[2], className: `sisip bagian h${found[1].length}` });
    button.addEventListener("click", () => {
      menu.open = false;
      select(area, at + 1);
      reveal(area);
    });
    list.append(button);
  });
}
