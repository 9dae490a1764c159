/* A term opens its explanation where it stands. Without this it leads to the list at the end of the lesson. */
let shown = null;

/* Lets the terms of a page open. */
export function explain(page) {
  page.querySelectorAll("a.istilah").forEach((word) => word.setAttribute("aria-expanded", "false"));
  page.addEventListener("click", (event) => {
    const word = event.target.closest("a.istilah");
    if (word && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    if (word) event.preventDefault();
    else if (event.target.closest(".meaning")) return;
    const isSame = shown && shown.word === word;
    close();
    if (word && !isSame) open(word);
  });
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) back();
  });
  addEventListener("resize", () => shown && place());
}

function open(word) {
  const term = word.ownerDocument.getElementById(word.hash.slice(1));
  const box = document.createElement("div");
  box.className = "meaning";
  box.tabIndex = -1;
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", word.textContent);
  box.append(name(term), meaning(term), closing());
  word.after(box);
  word.setAttribute("aria-expanded", "true");
  shown = { word, box };
  box.addEventListener("focusout", (event) => {
    const next = event.relatedTarget;
    if (next && next !== word && !box.contains(next)) close();
  });
  place();
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: "nearest" });
}

function name(term) {
  const made = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = term.firstElementChild.textContent;
  made.append(strong);
  if (term.lastElementChild !== term.firstElementChild) made.append(" ", term.lastElementChild.cloneNode(true));
  return made;
}

/* As it stands at the end of the lesson. */
function meaning(term) {
  const made = document.createElement("div");
  term.nextElementSibling.childNodes.forEach((node) => made.append(node.cloneNode(true)));
  return made;
}

function closing() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = "Tutup";
  button.addEventListener("click", back);
  return button;
}

/* As wide as the text and just below the word, so that it fits every screen and size of letters. */
function place() {
  const { word, box } = shown;
  const top = word.closest(".prose").getBoundingClientRect().top;
  box.style.top = `${word.getBoundingClientRect().bottom - top}px`;
}

function close() {
  if (!shown) return;
  shown.word.setAttribute("aria-expanded", "false");
  const { box } = shown;
  shown = null;
  box.remove();
}

function back() {
  const { word } = shown;
  close();
  word.focus();
}

explain(document);
