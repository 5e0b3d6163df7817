// The QR code of a slip puts number and code behind "#", which no browser sends: both go into the form, out of the address, and are sent.
const form = document.querySelector("[data-vr-slip]");
const [number, code] = decodeURIComponent(location.hash.slice(1)).split("_");
if (form && /^[0-9-]{10,24}$/.test(number) && /^[0-9A-Z]{6}$/.test(code)) {
  form.querySelector("input[name=number]").value = number;
  form.querySelector("input[name=code]").value = code;
  history.replaceState(null, "", location.pathname);
  form.requestSubmit();
}
