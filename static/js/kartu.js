/* A card's link carries its letters behind the #, which no server and no log sees: they are typed for the person. */
const letters = location.hash.slice(1);

if (/^[0-9A-Za-z-]{24,40}$/.test(letters)) {
  // Nobody who looks at the address, or goes back to it, finds the card there.
  history.replaceState(null, "", location.pathname);
  document.getElementById("kode").value = letters;
  document.getElementById("kartu").submit();
}
