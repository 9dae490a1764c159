/* "Cetak": a browser without scripts prints by its own menu. */
document.querySelectorAll("button[data-cetak]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
