/* Keeps a long form on this phone until it was sent, so that a lost signal or a call in between loses no words.
   A page that says it was sent (data-buang) throws the draft away; a form that came back filled in (data-terisi)
   keeps what it shows. Sign-out looks for what is kept here. */
const { owner } = document.querySelector("script[data-owner]").dataset;
const held = document.querySelector("[data-draf]");
const key = `draf:${owner}:${held.dataset.draf}`;
const UNKEPT = ["hidden", "submit", "checkbox"];
/* Which text the page showed goes with what was typed over it. */
const SHOWN = /^tadi-/;
const status = document.getElementById("kabar-draf");

function fields() {
  return Array.from(held.elements).filter((one) => one.name && (SHOWN.test(one.name) || !UNKEPT.includes(one.type)));
}

function keep() {
  const kept = fields().filter((one) => (one.type === "radio" ? one.checked : one.value));
  try {
    localStorage.setItem(key, JSON.stringify(kept.map((one) => [one.name, one.value])));
    say("Isian Anda disimpan di HP ini sampai terkirim.");
  } catch (full) {
    say("HP ini tidak dapat menyimpan isian. Kirim sebelum halaman ditutup.");
  }
}

function say(words) {
  if (status.textContent === words) return;
  status.hidden = false;
  status.textContent = words;
}

function restore() {
  const kept = new Map(JSON.parse(localStorage.getItem(key) || "[]"));
  fields().forEach((one) => {
    if (!kept.has(one.name)) return;
    if (one.type === "radio") one.checked = one.value === kept.get(one.name);
    else one.value = kept.get(one.name);
  });
  if (kept.size) say("Isian Anda yang belum terkirim sudah dipasang lagi.");
}

function begin() {
  try {
    if ("buang" in held.dataset) {
      localStorage.removeItem(key);
      // The address says once that it was sent, not after a crash again.
      history.replaceState(null, "", location.pathname);
    } else if (!("terisi" in held.dataset)) restore();
  } catch (blocked) {
    /* A browser that keeps nothing has no draft either. */
  }
  if (held.tagName !== "FORM") return;
  if ("terisi" in held.dataset) keep();
  held.addEventListener("input", keep);
  held.addEventListener("change", keep);
}

begin();
