/* "Salin pesan", "Salin tautan": puts the text of a field or link on the clipboard, and says so.
   What WhatsApp is given follows what is typed. */
const status = document.getElementById("kabar-salin");

document.querySelectorAll("button[data-salin]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
});

document.querySelectorAll("a[data-pesan]").forEach((link) => {
  const field = document.getElementById(link.dataset.pesan);
  const follow = () => (link.href = link.href.replace(/text=.*/, `text=${encodeURIComponent(field.value)}`));
  field.addEventListener("input", follow);
  // Some browsers give back what was typed before.
  follow();
});

async function copy(button) {
  const field = document.getElementById(button.dataset.salin);
  const done = (await byClipboard(field.value || field.textContent)) || bySelection(field);
  const failed = "Belum tersalin. Tekan lama pada teksnya, lalu pilih Salin.";
  status.textContent = done ? "Sudah disalin. Tempelkan di WhatsApp." : failed;
  if (done) button.textContent = "✓ Tersalin";
}

/* Only a page over https has a clipboard; it may still refuse. */
function byClipboard(text) {
  if (!navigator.clipboard) return false;
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

function bySelection(field) {
  field.focus();
  if (field.select) field.select();
  else getSelection().selectAllChildren(field);
  return document.execCommand("copy");
}
