/* The buttons above the text: menus that open one at a time, and what each of them inserts. */
import { bring } from "./susun-foto.js";
import { block, inline, insert } from "./susun-sisip.js";

const byId = (id) => document.getElementById(id);

export function equip(area, tools) {
  tools.hidden = false;
  document.querySelector(".menulis").classList.add("hidup");
  document.querySelectorAll("[data-sisip]").forEach((button) => {
    button.hidden = false;
    // A press must not take the caret out of the text.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      close(tools);
      put(area, button.dataset.sisip, button.dataset.untuk);
    });
  });
  oneAtATime(tools);
  const undo = byId("urung");
  undo.addEventListener("mousedown", (event) => event.preventDefault());
  undo.addEventListener("click", () => {
    area.focus();
    document.execCommand("undo");
  });
  const jump = byId("lompat");
  jump.addEventListener("toggle", () => jump.open && withParts((parts) => parts.index(area, jump)));
  bring(tools.querySelector("[data-gambar]"), area);
  choose("pilih-pelajaran", ({ text, value }) => inline(area, `[${text}](${value})`, text));
  choose("pilih-istilah", (option) => insert(area, option.text, ""));
  area.addEventListener("keydown", (event) => shortcut(area, event));

  function choose(id, then) {
    const list = byId(id);
    if (!list) return;
    list.addEventListener("change", () => {
      const option = list.options[list.selectedIndex];
      list.selectedIndex = 0;
      close(tools);
      area.focus();
      then(option);
    });
  }
}

/* The example of the help under this name; `kind` is the part of the text that a question is for. */
export function put(area, slug, kind) {
  const { dataset, textContent } = byId(`contoh-${slug}`);
  const way = { kalimat: inline, blok: block }[dataset.di];
  if (way) return way(area, textContent, dataset.ganti);
  return withParts((parts) => parts.put(area, dataset, textContent, kind));
}

/* Shown while the caret stands among the choices of a question: a box above it in its question, or in its own line. */
export function offerChoice(area, button) {
  const end = `${area.value}\n`.indexOf("\n", area.selectionStart);
  const above = area.value.slice(0, end).split(/^#+ /m).pop();
  const last = above.split(/\n[ \t]*\n(?! )/).pop();
  button.hidden = !/^[-+*] *\[[ xX]\]/m.test(last);
  button.onclick = () => withParts((parts) => parts.choice(area));
}

function withParts(then) {
  return import("./susun-bagian.js").then(then, () => {
    byId("kabar").textContent = "Belum ada sinyal. Tekan sekali lagi nanti.";
  });
}

function shortcut(area, event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const slug = { b: "tebal", i: "miring", k: "tautan" }[event.key.toLowerCase()];
  if (!slug || !byId(`contoh-${slug}`)) return;
  event.preventDefault();
  put(area, slug);
}

function oneAtATime(tools) {
  const menus = Array.from(tools.children).filter((child) => child.nodeName === "DETAILS");
  menus.forEach((menu) => {
    menu.addEventListener("toggle", () => {
      if (menu.open) menus.filter((other) => other !== menu).forEach((other) => (other.open = false));
    });
  });
  document.addEventListener("click", (event) => {
    if (!tools.contains(event.target)) close(tools);
  });
  tools.addEventListener("keydown", (event) => {
    const open = menus.find((menu) => menu.open);
    if (event.key !== "Escape" || !open) return;
    open.open = false;
    open.firstElementChild.focus();
  });
}

function close(tools) {
  Array.from(tools.children).forEach((child) => {
    child.open = false;
  });
}
