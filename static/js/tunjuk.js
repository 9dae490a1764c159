/* The page that shows a code to a trainer goes on by itself once the trainer has confirmed it. */
const PAUSE = 4000;
const form = document.getElementById("tunjuk");
const news = document.getElementById("kabar");

async function look() {
  try {
    const reply = await fetch("/masuk/tunjuk/keadaan", { headers: { Accept: "application/json" }, cache: "no-store" });
    const state = await reply.json();
    if (state.confirmed) {
      form.submit();
      return;
    }
    if (state.over) {
      location.reload();
      return;
    }
    news.textContent = "Menunggu pelatih. Halaman ini lanjut sendiri.";
  } catch (noSignal) {
    news.textContent = "Menunggu sinyal. Kode tetap berlaku.";
  }
  setTimeout(look, PAUSE);
}

look();
