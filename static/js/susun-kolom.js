/* A question as fields, for whom its marks are hard: the server reads it from the text, and writes it. */
import { send } from "./susun-kirim.js";
import { insert, reveal } from "./susun-sisip.js";

const byId = (id) => document.getElementById(id);
const panel = byId("contoh-kolom");
const fault = byId("kolom-salah");
const WAITS = "Belum ada sinyal. Tidak ada yang hilang; tekan sekali lagi nanti.";
const OTHERWISE = "Soal ini tidak muat di kolom: jenisnya lain, atau ada huruf tebal atau tautan. Ubah di sini.";

addEventListener("beforeunload", (event) => {
  if (panel.hidden) return;
  event.preventDefault();
  event.returnValue = "";
});

/* A new question of this kind, which `add` puts into its part, or else the one with the caret. */
export async function open(area, kind, add) {
  const text = area.value;
  const before = text.slice(0, area.selectionStart);
  const line = kind ? 0 : before.split("\n").length;
  const ask = (isian) => send(panel, panel.action, { teks: text, baris: line, isian });
  const { status, data } = await ask();
  if (area.value !== text) return;
  if (!data.html) {
    byId("kabar").textContent = status === 200 ? OTHERWISE : data.text || WAITS;
    return;
  }
  const part = kind || (/latihan/i.test((before.match(/^## *(latihan|kuis)\b/gim) || []).pop()) ? "Latihan" : "Kuis");
  byId("kolom").textContent = "";
  byId("kolom").append(...new DOMParser().parseFromString(data.html, "text/html").body.childNodes);
  panel.elements["isian soal"].required = true;
  byId("judul-kolom").textContent = data.baris ? "Ubah soal" : `Soal baru untuk ${part.toLowerCase()}`;
  show(true);
  byId("judul-kolom").focus();
  byId("kolom-batal").onclick = () => show(false);
  panel.onsubmit = async (event) => {
    event.preventDefault();
    const reply = await ask(filled());
    if (panel.hidden) return;
    const { soal = "", kurang, text: words = WAITS } = reply.data;
    fault.hidden = Boolean(soal.trim());
    fault.textContent = kurang ? `Belum lengkap: ${kurang.join("; ")}.` : words;
    if (soal.trim()) put(soal.trim());
  };
  const put = (soal) => {
    show(false);
    area.focus({ preventScroll: true });
    if (data.baris) replace(area, data, soal);
    else add(area, soal, soal.split("\n")[0], part);
    reveal(area);
  };
}

function replace(area, { baris, soal: old }, soal) {
  const start = area.value.split("\n", baris - 1).join("\n").length + 1;
  area.setSelectionRange(start, start + old.length - 1);
  if (old.trim() !== soal) insert(area, soal, soal.split("\n")[0]);
}

function show(open) {
  panel.hidden = !open;
  byId("naskah").hidden = open;
  fault.hidden = true;
}

/* Of a name with several boxes, all that are ticked. */
function filled() {
  const isian = {};
  new FormData(panel).forEach((text, name) => {
    const field = name.replace(/^isian /, "");
    isian[field] = field in isian ? `${isian[field]}, ${text}` : text;
  });
  return isian;
}
