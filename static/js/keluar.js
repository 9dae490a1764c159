/* Signing out of a shared phone: first what is unsent goes out, then nothing stays but sealed choice keys. */
import { NO_SIGNAL, Outbox, renewToken } from "./kotak.js";
import { count, isWaiting } from "./kabar.js";

const byId = (id) => document.getElementById(id);
const form = byId("keluar");
const leave = form.querySelector(".next .btn");
const { owner } = document.querySelector("[data-owner]").dataset;
const box = new Outbox(owner, show);
let trouble = "";

function show() {
  const written = box.written();
  const drafts = unsaved();
  const said = trouble || words(written, drafts);
  byId("belum-terkirim").hidden = !said;
  byId("kabar").textContent = said;
  byId("tunggu").hidden = !written.length;
  leave.hidden = written.length + drafts.length > 0;
  byId("hapus").hidden = !leave.hidden;
}

/* What its writer has not saved of a course's texts or sent of a long form, and cards scanned but not sent:
 * susun-simpan.js, draf.js and pindai.js keep it. */
function unsaved() {
  const own = [`susun:${owner}:`, `draf:${owner}:`, `pindai:${owner}:`];
  try {
    return Object.keys(localStorage).filter((key) => own.some((start) => key.startsWith(start)));
  } catch (blocked) {
    return [];
  }
}

/* What a kept text calls itself, else where it belongs. */
function title(key) {
  const found = /"teks":"# ([^"\\]+)/.exec(localStorage.getItem(key) || "");
  return found ? `“${found[1]}”` : key.split(":")[2];
}

function words(written, drafts) {
  if (drafts.some((key) => key.startsWith("pindai:"))) {
    return "Kartu yang dipindai belum semua terkirim. Buka lagi halaman pindai, atau hapus dari HP ini.";
  }
  if (drafts.length) {
    const names = Array.from(new Set(drafts.map(title))).join(", ");
    return `Tulisan Anda di ${names} belum tersimpan di situs. Buka lagi dan kirim, atau hapus dari HP ini.`;
  }
  if (!isWaiting(box)) return "";
  if (box.running && !box.problem) return "Mengirim jawaban yang belum terkirim…";
  if (written.length) {
    const numbers = Array.from(new Set(written.map((entry) => entry.number))).join(", ");
    return `Tulisan Anda (soal ${numbers}) belum terkirim. Tunggu sinyal agar tulisan itu tidak hilang.`;
  }
  return count(box)
    ? `${count(box)} jawaban belum terkirim. Jawaban itu disimpan tanpa nama, dan dikirim setelah Anda masuk lagi.`
    : "Kuis Anda belum terkirim. Kuis itu dikirim setelah Anda masuk lagi.";
}

async function askToLeave() {
  const fields = new URLSearchParams(new FormData(form));
  try {
    const headers = { Accept: "application/json" };
    const reply = await fetch("/keluar", { method: "POST", body: fields, headers, redirect: "manual" });
    return reply.type === "opaqueredirect" || reply.status === 401 ? "" : String(reply.status);
  } catch (noSignal) {
    return NO_SIGNAL;
  }
}

async function signOut() {
  let refusal = await askToLeave();
  if (refusal === "400" && (await renewToken()).status === 200) refusal = await askToLeave();
  if (refusal) {
    trouble = `${refusal === NO_SIGNAL ? "Belum ada sinyal, " : ""}Anda belum keluar. Coba lagi sebentar.`;
    show();
    return;
  }
  box.seal();
  location.replace("/?keluar=1");
}

async function tryToLeave(event) {
  event.preventDefault();
  trouble = "";
  await box.flush();
  if (box.written().length || unsaved().length) show();
  else await signOut();
}

async function eraseAndLeave() {
  trouble = "";
  box.erase(box.written());
  unsaved().forEach((key) => localStorage.removeItem(key));
  show();
  await signOut();
}

form.addEventListener("submit", tryToLeave);
byId("tunggu").addEventListener("click", () => box.flush());
byId("hapus").addEventListener("click", eraseAndLeave);
box.flush();
show();
