/* "Cetak", with all that belongs on paper unfolded: a browser without scripts prints what is open by its own menu. */
document.querySelectorAll("button[data-cetak]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    document.querySelectorAll("details[data-kertas]").forEach((part) => {
      part.open = true;
    });
    window.print();
  });
});
