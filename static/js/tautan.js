/* A link carries its secret behind the #, which no server and no log sees: it is typed for the person. */
const secret = location.hash.slice(1);

if (/^[\w-]{24,40}$/.test(secret)) {
  // Nobody who looks at the address, or goes back to it, finds the secret there.
  history.replaceState(null, "", location.pathname);
  const field = document.getElementById("kode");
  field.value = secret;
  field.form.submit();
}
