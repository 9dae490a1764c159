/* What Word, LibreOffice, Google Docs and web pages put on the clipboard, made into plain Markdown.
 *
 * Pictures of other places don't come along; a note stands where they were.
 */
const NOTE = "*(Gambar tidak ikut tersalin. Pasang lewat tombol Gambar.)*";
const BLOCKS = /^(P|DIV|H[1-6R]|[UOD]L|LI|D[TD]|TABLE|BLOCKQUOTE|PRE|SECTION|ARTICLE|MAIN|HEADER|FOOTER|FIGURE)$/;
const UNSEEN = /^(STYLE|SCRIPT|META|LINK|TITLE|HEAD|TEMPLATE|XML|INPUT|BUTTON|SELECT|TEXTAREA|SVG|IFRAME|OBJECT)$/i;
const LEADS = /^(https?:|mailto:|tel:)/i;

export function markdownOf(html) {
  // The policy looks at styles and handlers even in a document that nobody sees.
  const bare = html
    .replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));
  const page = new DOMParser().parseFromString(bare, "text/html");
  const levels = Array.from(page.querySelectorAll("h1,h2,h3,h4,h5,h6,.MsoTitle")).map(levelOf);
  const out = { pieces: [], shift: levels.length ? 2 - Math.min(...levels) : 0, counts: [] };
  blocks(page.body, out);
  return out.pieces.reduce((text, piece, at) => {
    if (!at) return piece.text;
    return text + (piece.joins && out.pieces[at - 1].item ? "\n" : "\n\n") + piece.text;
  }, "");
}

const styleOf = (node) => node.getAttribute("data-style") || "";
const levelOf = (node) => (/^H[1-6]$/.test(node.nodeName) ? Number(node.nodeName[1]) : 1);

/* An item joins the one above it, unless something stood between them. */
function add(out, text, item) {
  if (!text) return;
  out.pieces.push({ text, item: Boolean(item), joins: item && !out.apart });
  out.apart = false;
}

/* Blocks below a node; what stands between them in the line is a paragraph of its own. */
function blocks(node, out) {
  let line = [];
  const flush = () => {
    const text = line.map((each) => inline(each)).join("");
    paragraphs(text).forEach((each) => add(out, each, /^([-+]|\d+[.)])\s/.test(each)));
    line = [];
  };
  node.childNodes.forEach((child) => {
    if (child.nodeType === 1 && (BLOCKS.test(child.nodeName) || holdsBlocks(child))) {
      flush();
      block(child, out);
    } else if (child.nodeType === 1 || child.nodeType === 3) {
      line.push(child);
    }
  });
  flush();
}

function holdsBlocks(node) {
  const isBlock = (child) => BLOCKS.test(child.nodeName) || holdsBlocks(child);
  return node.nodeName !== "A" && Array.from(node.children).some(isBlock);
}

function block(node, out) {
  const name = node.nodeName;
  const isItem = /mso-list:\s*[^;"]*level\d/i.test(styleOf(node)) || /MsoListParagraph/.test(node.className);
  if (isItem) return wordItem(node, out);
  out.counts = [];
  out.apart = true;
  if (/^H[1-6]$/.test(name) || /MsoTitle/.test(node.className)) return heading(node, out);
  if (name === "UL" || name === "OL") return list(node, out, "");
  if (name === "TABLE") return table(node, out);
  if (name === "HR") return undefined;
  if (name === "PRE") return add(out, `\`\`\`\n${node.textContent.replace(/\n+$/, "")}\n\`\`\``);
  if (name === "BLOCKQUOTE") return quote(node, out);
  return blocks(node, out);
}

function heading(node, out) {
  const words = oneLine(inline(node)).replace(/\*\*/g, "");
  add(out, words && `${"#".repeat(Math.min(4, Math.max(2, levelOf(node) + out.shift)))} ${words}`);
}

function quote(node, out) {
  const inside = { pieces: [], shift: out.shift, counts: [] };
  blocks(node, inside);
  add(out, inside.pieces.map((piece) => piece.text.replace(/^/gm, "> ")).join("\n>\n"));
}

/* Lists may stand inside an item, as they should, or right inside the list, as Google Docs writes them. */
function list(node, out, indent) {
  const ordered = node.nodeName === "OL";
  let number = Number(node.getAttribute("start")) || 1;
  let mark = "";
  Array.from(node.children).forEach((child) => {
    if (/^[UO]L$/.test(child.nodeName)) return list(child, out, `${indent}${" ".repeat(mark.length || 2)}`);
    mark = ordered ? `${number}. ` : "- ";
    const inner = Array.from(child.childNodes).filter((each) => !/^[UO]L$/.test(each.nodeName));
    const words = oneLine(inner.map((each) => inline(each)).join(""));
    add(out, words && `${indent}${mark}${words}`, true);
    number += words ? 1 : 0;
    Array.from(child.children)
      .filter((each) => /^[UO]L$/.test(each.nodeName))
      .forEach((each) => list(each, out, `${indent}${" ".repeat(mark.length)}`));
    return undefined;
  });
}

/* Word's lists are paragraphs that carry their level in a style and their mark in a span to be ignored. */
function wordItem(node, out) {
  const level = Number((/level(\d)/i.exec(styleOf(node)) || [0, 1])[1]);
  const marker = Array.from(node.querySelectorAll("span")).find((span) => /mso-list:\s*ignore/i.test(styleOf(span)));
  const sign = marker ? marker.textContent.trim() : "";
  if (marker) marker.remove();
  const words = oneLine(inline(node)).replace(marker ? "" : /^[·•§o]\s+/, "");
  const ordered = /^\(?[0-9a-z]{1,4}[.)]/i.test(sign);
  out.counts.length = Math.min(out.counts.length, level);
  out.counts[level - 1] = (out.counts[level - 1] || 0) + 1;
  const indent = "   ".repeat(level - 1);
  add(out, words && `${indent}${ordered ? `${out.counts[level - 1]}. ` : "- "}${words}`, true);
}

function table(node, out) {
  const cells = (cell) => [cellText(cell), ...Array(Math.max(0, cell.colSpan - 1)).fill("")];
  const rows = Array.from(node.rows).map((row) => [].concat(...Array.from(row.cells).map(cells)));
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (rows.length < 2 || width < 2) return rows.forEach((row) => row.forEach((text) => add(out, text)));
  const full = rows.map((row) => `| ${row.concat(Array(width - row.length).fill("")).join(" | ")} |`);
  full.splice(1, 0, `|${"---|".repeat(width)}`);
  return add(out, full.join("\n"));
}

function cellText(cell) {
  return oneLine(inline(cell, true)).replace(/\|/g, "\\|");
}

function inline(node, inCell) {
  if (node.nodeType === 3) return sane(node.data);
  if (node.nodeType !== 1 || UNSEEN.test(node.nodeName)) return "";
  if (node.nodeName === "BR") return inCell ? " " : "\n\n";
  if (node.nodeName === "IMG") return picture(node);
  const words = Array.from(node.childNodes).map((child) => inline(child, inCell)).join("");
  return dressed(node, BLOCKS.test(node.nodeName) ? `${words} ` : words);
}

/* An emoji is a picture of its own words. */
function picture(node) {
  const words = node.getAttribute("data-plain-text") || node.alt;
  if (words && words.length <= 8 && !/[a-z0-9]/i.test(words)) return words;
  return Number(node.getAttribute("width")) > 0 && Number(node.getAttribute("width")) < 4 ? "" : `\n\n${NOTE}\n\n`;
}

function dressed(node, words) {
  if (!words.trim() || /^H[1-6]$/.test(node.nodeName)) return words;
  const look = styleOf(node);
  const weight = (/(?:^|;)\s*font-weight:\s*(\w+)/i.exec(look) || ["", ""])[1];
  const bold = weight ? /bold|[6-9]00/i.test(weight) : /^(B|STRONG)$/.test(node.nodeName);
  const slant = (/(?:^|;)\s*font-style:\s*(\w+)/i.exec(look) || ["", ""])[1];
  const italic = slant ? /italic/i.test(slant) : /^(I|EM)$/.test(node.nodeName);
  const address = node.nodeName === "A" ? node.getAttribute("href") || "" : "";
  let text = italic ? wrapped(words, "*") : words;
  text = bold && !BLOCKS.test(node.nodeName) ? wrapped(text, "**") : text;
  if (!LEADS.test(address) || text.trim() === address) return text;
  return around(text, (inner) => `[${inner.replace(/[[\]]/g, "")}](${address.replace(/[\s()]/g, encodeURIComponent)})`);
}

/* What `make` makes of a text, the blanks before and behind it left outside. */
function around(text, make) {
  return text.replace(/^(\s*)([\s\S]*?)(\s*)$/, (_, head, inner, tail) => head + make(inner) + tail);
}

function wrapped(text, mark) {
  if (/\n/.test(text.trim())) return text;
  return around(text, (inner) => (inner.startsWith(mark) ? inner : mark + inner + mark));
}

/* Straight quotes as on a keyboard, plain spaces; dashes stay. */
function sane(text) {
  return text
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "")
    .replace(/[\u201c-\u201f\u2033]/g, '"')
    .replace(/[\u2018-\u201b\u2032]/g, "'")
    .replace(/[\u2010\u2011]/g, "-")
    .replace(/[\s\u00a0\u2000-\u200a\u202f\u3000]+/g, " ");
}

const joined = (text) => text.replace(/\*\*(\s*)\*\*/g, "$1").trim();
const oneLine = (text) => joined(text.replace(/\s+/g, " "));

function paragraphs(text) {
  return text
    .split(/\n\s*\n/)
    .map((each) => oneLine(each).replace(/^(#|>)/, "\\$1").replace(/^[•·]\s*/, "- "))
    .filter(Boolean);
}
