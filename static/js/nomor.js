/* The next numbers while the pattern is typed: the page itself, as "Lihat nomornya dulu" would show it. */
const PAUSE = 400;
const form = document.querySelector("form[data-nomor]");
let waiting;
let newest = 0;

async function look() {
  const turn = (newest += 1);
  const body = new URLSearchParams(new FormData(form));
  body.set("aksi", "lihat");
  try {
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok || turn !== newest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const shown = document.getElementById("contoh");
    shown.textContent = "";
    shown.append(...page.getElementById("contoh").childNodes);
  } catch {
    // Without signal the button tells.
  }
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
});
