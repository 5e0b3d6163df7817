// The choosing page without reloads: agency, official and week are exchanged in place.

import { combobox } from "./combobox.js";
import { isProven } from "./proof.js";
import { fetchPage, swap } from "./swap.js";
import { tellZone } from "./zone.js";

const page = document.getElementById("choosing");
const announcement = document.getElementById("announcement");
const TYPING_PAUSE = 300;
const url = document.querySelector("[data-vr-choose]").dataset.vrChoose;

// As in vr.css: a phone shows one thing at a time, and each has an address to come back to.
const phone = matchMedia("(max-width: 39.99rem)");

function link(parameters) {
  // The seat of a centre is chosen on a page of its own and stays with whatever else changes here.
  const all = { ...parameters, seat: page.dataset.vrSeat };
  const query = new URLSearchParams(Object.entries(all).filter(([, value]) => value));
  return `${url}?${query}`;
}

function announce(id) {
  announcement.textContent = document.getElementById(id)?.dataset.vrSummary ?? "";
}

function settle() {
  for (const element of page.querySelectorAll("[data-vr-without-script]")) {
    element.hidden = true;
  }
  tellZone();
  showChosen();
}

function showChosen() {
  const place = page.querySelector("[data-vr-chosen]");
  if (place) {
    const time = page.querySelector("[name=time]:checked");
    place.textContent = time ? time.dataset.words : place.dataset.none;
    const label = document.getElementById("chosen-label");
    label.textContent = time ? label.dataset.chosen : label.dataset.none;
  }
  for (const way of page.querySelectorAll("[data-vr-comes-back]")) {
    const { agency, official, week, time } = Object.fromEntries(new FormData(way.closest("form")));
    const url = new URL(way.href);
    url.searchParams.set("next", link({ agency, official, week, time }));
    way.href = url.href;
  }
}

// The proof of work is kept while its form stays: only what changes is exchanged.
function swapTimes(fetched) {
  page.dataset.vrStage = fetched.getElementById("choosing").dataset.vrStage;
  swap(fetched, ["stage", "part"]);
  const kept = document.getElementById("booking") && fetched.getElementById("booking");
  swap(fetched, kept ? ["week", "chosen"] : ["times"]);
}

async function chooseAgency(agency) {
  if (phone.matches) {
    location.assign(link({ agency }));
    return;
  }
  const fetched = await fetchPage(link({ agency }));
  if (fetched) {
    swap(fetched, ["officials", "times", "stage", "part"]);
    settle();
    announce("officials-list");
  }
}

async function chooseOfficial(radio) {
  const agency = radio.form.elements.agency.value;
  const fetched = await fetchPage(link({ agency, official: radio.value }));
  if (fetched) {
    showNearest(radio, fetched);
    swapTimes(fetched);
    settle();
    announce("week");
  }
}

function showNearest(radio, fetched) {
  for (const near of page.querySelectorAll("[data-vr-near]:has([data-vr-nearest])")) {
    replaceNear(near.closest("label").querySelector("input"), fetched);
  }
  replaceNear(radio, fetched);
}

function replaceNear(radio, fetched) {
  const after = fetched.querySelector(`[name=official][value="${radio.value}"]`);
  const near = after?.closest("label").querySelector("[data-vr-near]");
  if (near) {
    radio.closest("label").querySelector("[data-vr-near]").replaceWith(near);
  }
}

async function findOfficials(form) {
  const field = form.elements.q;
  const agency = field.form.elements.agency.value;
  const official = page.querySelector("[name=official]:checked")?.value;
  const free = form.elements.free.checked ? 1 : "";
  const fetched = await fetchPage(link({ agency, official, q: field.value.trim(), free }));
  if (fetched) {
    swap(fetched, ["officials-list"]);
    announce("officials-list");
  }
}

async function follow(anchor) {
  const ids = anchor.dataset.vrSwap.split(" ");
  const fetched = await fetchPage(anchor.href.split("#")[0]);
  if (fetched) {
    swap(fetched, ids);
    settle();
    announce(ids[0]);
  }
}

function sendWhenProven(event) {
  if (!isProven(event.target)) {
    event.preventDefault();
    announcement.textContent = event.target.dataset.vrWait;
  }
}

let pause;
function afterPause(act) {
  clearTimeout(pause);
  pause = setTimeout(act, TYPING_PAUSE);
}

page.addEventListener("change", ({ target }) => {
  if (target.name === "agency") {
    chooseAgency(target.value);
  } else if (target.name === "official") {
    afterPause(() => chooseOfficial(target));
  } else if (target.name === "free") {
    findOfficials(target.form);
  } else if (target.name === "time") {
    showChosen();
  }
});
page.addEventListener("input", ({ target }) => {
  if (target.name === "q") {
    afterPause(() => findOfficials(target.form));
  }
});
page.addEventListener("click", (event) => {
  const anchor = event.target.closest("a[data-vr-swap]");
  const leadsOn = phone.matches && anchor?.dataset.vrKey === "nearest";
  if (anchor && !leadsOn && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    follow(anchor);
  }
});
page.addEventListener("submit", (event) => {
  if (event.submitter?.name === "look") {
    return;
  }
  if (event.target.matches("[data-vr-reserve]")) {
    sendWhenProven(event);
  } else if (event.target.id === "officials") {
    event.preventDefault();
    findOfficials(event.target);
  }
});

combobox(page.querySelector("[data-vr-combobox]"), document.getElementById("combobox"));
settle();
