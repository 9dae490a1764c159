/* Nothing that was written gets lost: it stays on this phone until the server has it.
 *
 * It is kept under "susun:<owner>:<file>:<base>"; `base` is the hash of what the text started from. What an earlier
 * visit left waits behind ":lama" for its person.
 */
import { send } from "./susun-kirim.js";

const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 30000;
const WORDS = {
  0: "Menunggu sinyal. Tersimpan di HP ini, dikirim sendiri nanti.",
  401: "Anda sudah keluar. Tersimpan di HP ini; masuk lagi, lalu simpan.",
  404: "Berkas ini tidak ada lagi. Tulisan Anda tersimpan di HP ini.",
  413: "Lebih dari 200 KB, belum tersimpan. Pindahkan sebagian ke pelajaran lain.",
};

export class Keeper {
  /* `said` gets the state in words, and whether something waits. */
  constructor(form, area, said) {
    Object.assign(this, { form, area, said, sent: [], failures: 0, wants: false, own: new Set() });
    this.start = `susun:${form.dataset.owner}:${form.dataset.kunci}:`;
    this.saved = "belum" in form.dataset ? null : area.value;
    if ("tersimpan" in form.dataset) this.arrived(form.dataset.tersimpan);
    addEventListener("online", () => this.wants && this.save());
    addEventListener("beforeunload", (event) => {
      if (!this.isDirty() || this.keep()) return;
      event.preventDefault();
      event.returnValue = "";
    });
  }

  get base() {
    return this.form.elements.dasar;
  }

  isDirty() {
    return this.area.value !== this.saved;
  }

  changed() {
    if (!this.isDirty()) return this.settle();
    const words = this.keep() ? "Belum tersimpan: tersimpan di HP ini" : "Belum tersimpan. Jangan tutup halaman ini.";
    if (!this.wants) this.said(words, true);
    return undefined;
  }

  /* What was sent by the form itself is on the page now; the address says so once, not after a crash again. */
  arrived(time) {
    this.keys().forEach((key) => {
      if (JSON.parse(localStorage.getItem(key)).teks === this.area.value) this.drop(key);
    });
    this.said(time ? `Tersimpan ${time}` : "Tersimpan", false);
    history.replaceState(null, "", location.pathname + location.hash);
  }

  /* False when this browser keeps nothing. */
  keep() {
    try {
      const held = JSON.stringify({ teks: this.area.value, waktu: Date.now() });
      const key = this.start + this.base.value;
      localStorage.setItem(key, held);
      this.own.add(key);
      return true;
    } catch (fullOrBlocked) {
      return false;
    }
  }

  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch (blocked) {
      // Nothing was kept there either.
    }
  }

  keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.start));
    } catch (blocked) {
      return [];
    }
  }

  /* What an earlier visit left unsaved, the newest first; what is the same as the page goes. */
  left() {
    const found = [];
    this.keys().forEach((key) => {
      const held = JSON.parse(localStorage.getItem(key));
      if (held.teks === this.area.value) return this.drop(key);
      const put = /:lama$/.test(key) ? key : `${key}:${held.waktu}:lama`;
      if (put !== key) this.rename(key, put, held);
      found.push(Object.assign({ key: put, base: put.slice(this.start.length).split(":")[0] }, held));
      return undefined;
    });
    return found.sort((one, other) => other.waktu - one.waktu);
  }

  /* A full browser keeps it where it is. */
  rename(key, put, held) {
    try {
      localStorage.setItem(put, JSON.stringify(held));
      this.drop(key);
    } catch (full) {
      this.own.delete(key);
    }
  }

  /* What this page kept is with the server; what another one kept is not. */
  settle(time) {
    this.own.forEach((key) => this.drop(key));
    this.own.clear();
    this.said(time ? `Tersimpan ${time}` : "Tersimpan", false);
  }

  async save() {
    this.wants = true;
    clearTimeout(this.timer);
    if (this.busy) return;
    this.busy = true;
    this.keep();
    this.said("Menyimpan…", true);
    const text = this.area.value;
    const reply = await send(this.form, this.form.action, { teks: text, dasar: this.base.value });
    this.busy = false;
    this.answer(reply, text);
  }

  answer({ status, data }, text) {
    if (status === 200 && data.dasar) return this.done(data, text);
    // A reply got lost on the way: what the other one wrote is our own.
    if (status === 409 && this.sent.includes(data.teks)) {
      this.base.value = data.dasar;
      return this.save();
    }
    this.sent.push(text);
    this.wants = status === 0 || status === 503;
    if (status === 409) return this.form.submit();
    this.said(WORDS[this.wants ? 0 : status] || "Belum tersimpan: tersimpan di HP ini. Coba simpan lagi.", true);
    if (this.wants) this.again();
    return undefined;
  }

  done(data, text) {
    Object.assign(this, { saved: text, sent: [], failures: 0, wants: false });
    this.base.value = data.dasar;
    this.settle(data.jam);
    if (this.isDirty()) this.changed();
  }

  again() {
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.failures);
    this.failures += 1;
    this.timer = setTimeout(() => this.save(), pause);
  }
}
