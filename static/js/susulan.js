/* On every other page of a signed-in person: what is still waiting is sent, and a slim line says so. */
import { Outbox } from "./kotak.js";
import { isWaiting, news, tell } from "./kabar.js";

const box = new Outbox(document.querySelector("[data-owner]").dataset.owner, show);
let line = null;

function show() {
  if (!line && !isWaiting(box) && !box.refused().length) return;
  if (!line) line = addLine();
  tell(line, isWaiting(box) || box.refused().length ? news(box) : arrived());
}

function addLine() {
  const made = document.createElement("p");
  made.className = "saved note";
  made.setAttribute("role", "status");
  document.querySelector("main").prepend(made);
  return made;
}

function arrived() {
  const results = Object.keys(box.results).map((attempt) => box.results[attempt]);
  if (!results.length) return { text: "Jawaban yang menunggu sudah terkirim." };
  return { text: "Kuis Anda sudah terkirim.", link: ["Lihat hasil", results[results.length - 1]] };
}

show();
box.flush();
