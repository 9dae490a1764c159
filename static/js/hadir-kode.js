/* The code in the hall changes by itself every half minute, and counts who came; without signal it says so. */
const PAUSE = 3000;
const byId = (id) => document.getElementById(id);
const address = byId("kode").dataset.alamat;
const news = byId("kabar");
const first = news.textContent;

async function renew() {
  try {
    const reply = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!reply.ok) return location.reload();
    const { kode, sisa, hadir } = await reply.json();
    byId("kode").querySelector("img").src = `${address}.svg?${kode}`;
    byId("huruf").textContent = `${kode.slice(0, 3)} ${kode.slice(3)}`;
    byId("hadir").textContent = hadir;
    if (news.textContent !== first) news.textContent = first;
    return setTimeout(renew, sisa * 1000 + 100);
  } catch (noSignal) {
    news.textContent = "Tidak ada sinyal, jadi kode ini tidak berganti. Pindai kartu atau centang di daftar.";
    return setTimeout(renew, PAUSE);
  }
}

byId("perbarui").hidden = true;
setTimeout(renew, PAUSE);
