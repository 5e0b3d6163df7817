// The secret of a link stands behind its "#", which no browser sends: it goes into the form and out of the address.
const form = document.querySelector("[data-vr-secret]");
const secret = decodeURIComponent(location.hash.slice(1));
if (form && /^[0-9A-Z-]{16,24}$/i.test(secret)) {
  form.querySelector("input[name=code]").value = secret;
  history.replaceState(null, "", location.pathname + location.search);
}
