/* The editor: one text area; around it what saves it, shows it, checks it and helps to write it. */
import { equip, offerChoice } from "./susun-alat.js";
import { send } from "./susun-kirim.js";
import { Preview, headingAt } from "./susun-lihat.js";
import { Keeper } from "./susun-simpan.js";
import { insert, reveal } from "./susun-sisip.js";
import { lead, leadTo, list } from "./susun-temuan.js";

// Who asked the browser to save data is not sent a preview at every breath.
const PAUSE = navigator.connection && navigator.connection.saveData ? 2000 : 100;
const UNSEEN = {
  401: "Anda sudah keluar. Masuk lagi untuk melihat pratinjau.",
  404: "Berkas ini dihapus sementara itu. Simpan; tulisan Anda tidak hilang.",
};
const WHEN = { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" };
const byId = (id) => document.getElementById(id);
const form = byId("naskah");
const area = byId("teks");
const state = byId("kabar");
const preview = new Preview(byId("layar"), byId("lebar"), tell);
const keeper = new Keeper(form, area, (words, waits) => {
  state.textContent = words;
  state.className = waits ? "saved waiting" : "saved";
  // Only what was just saved, with its time, is to be published next.
  byId("lanjut").hidden = waits || !/\d/.test(words);
});
let timer = null;
let asking = false;
let asked = null;

function tell(words) {
  byId("lihat-kata").textContent = words;
  byId("lihat-kata").hidden = !words;
}

/* One question at a time: what is typed meanwhile is asked about afterwards. */
async function look() {
  if (asking || area.value === asked) return;
  asking = true;
  const text = area.value;
  const { status, data } = await send(form, form.dataset.lihat, { teks: text });
  asking = false;
  if (status !== 200) {
    tell(UNSEEN[status] || "Pratinjau menunggu sinyal.");
    if (!status) timer = setTimeout(look, 5000);
    return;
  }
  asked = text;
  tell("");
  list(data);
  await preview.draw(data.html);
  preview.show(headingAt(area));
  if (area.value !== text) look();
}

function typed() {
  grow();
  keeper.changed();
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
}

/* Where the style sheet alone can't make it as long as its text. */
function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  if (area.scrollHeight > area.clientHeight) area.style.height = `${area.scrollHeight + 40}px`;
}

async function paste(event) {
  const html = event.clipboardData.getData("text/html");
  if (!html || !/<(p|h[1-6]|ul|ol|li|table|b|strong|i|em|a|br)\b/i.test(html)) return;
  event.preventDefault();
  const plain = event.clipboardData.getData("text/plain");
  const text = await import("./susun-tempel.js").then(({ markdownOf }) => markdownOf(html) || plain).catch(() => plain);
  insert(area, text, "");
}

/* What an earlier visit left unsaved is offered, the newest of it; nothing is put back or thrown away by itself. */
function offer() {
  const [held] = keeper.left();
  byId("pulih").hidden = !held;
  if (!held) return;
  const time = new Date(held.waktu).toLocaleString("id-ID", WHEN);
  byId("pulih-kata").textContent = `Ada tulisan yang belum dikirim ke situs, dari ${time}.`;
  byId("pulihkan").onclick = () => {
    area.select();
    insert(area, held.teks, "");
    form.elements.dasar.value = held.base;
    settle(held);
    typed();
  };
  byId("buang").onclick = () => settle(held);
}

function settle(held) {
  keeper.drop(held.key);
  offer();
  area.focus({ preventScroll: true });
}

function save(event) {
  event.preventDefault();
  keeper.save();
}

form.addEventListener("submit", save);
byId("lihat").addEventListener("click", (event) => {
  event.preventDefault();
  look();
  byId("pratinjau").scrollIntoView({ behavior: "smooth" });
});
document.querySelector(".kembali").addEventListener("click", (event) => {
  event.preventDefault();
  area.focus({ preventScroll: true });
  reveal(area);
});
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") save(event);
});
area.addEventListener("input", typed);
area.addEventListener("paste", paste);
["click", "keyup"].forEach((name) => area.addEventListener(name, () => {
  preview.show(headingAt(area));
  offerChoice(area, byId("tambah-pilihan"));
}));
equip(area, byId("alat"));
leadTo(area);
if (/^#baris-\d+$/.test(location.hash)) lead(area, Number(location.hash.slice(7)));
offer();
grow();
look();
