/* "Salin pesan": puts the text of the field above the button on the clipboard, and says so. What WhatsApp is given
   follows what is typed. */
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
  const done = (await byClipboard(field.value)) || bySelection(field);
  const failed = "Belum tersalin. Tekan lama pada teksnya, lalu pilih Salin.";
  status.textContent = done ? "Pesan disalin. Tempelkan di WhatsApp." : failed;
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
  field.select();
  return document.execCommand("copy");
}
