"use strict";
// The page's keys, selection and requests. Offsets here and on the wire are code points; the DOM counts UTF-16 units,
// and only the two functions under "Offsets" know of both.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const TYPES = ["person", "organisation", "place", "date", "count", "event", "statement"];
const number = document.body.dataset.number;
const csrf = $('meta[name="csrf"]').content;
const work = $("#work"), editor = $("#editor"), bar = $("#pending"), said = $("#said");

let now = null;      // the id of the fact that keys act on
let pending = null;  // {start, end}: the stretch of text that is selected
let isBusy = false;
let nodes = [];      // the text's nodes, each with the code points before it
let chars = [];      // the text by code points
let words = [];      // its words, {start, end}

// ---- Offsets

function index() {
  nodes = [];
  chars = [];
  const walker = document.createTreeWalker($("#text"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const points = [...node.data];
    nodes.push({ node, start: chars.length, length: points.length });
    for (const point of points) chars.push(point);
  }
  words = [];
}

function codePoint(node, offset) {
  if (node.nodeType !== Node.TEXT_NODE) {
    const range = document.createRange();
    range.setStart($("#text"), 0);
    range.setEnd(node, offset);
    return [...range.toString()].length;
  }
  const known = nodes.find((one) => one.node === node);
  return known ? known.start + [...node.data.slice(0, offset)].length : null;
}

function unit(at) {
  let low = 0, high = nodes.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (nodes[middle].start <= at) low = middle; else high = middle - 1;
  }
  const { node, start } = nodes[low];
  return [node, [...node.data].slice(0, at - start).join("").length];
}

// ---- Evidence

function rangeOf(start, end) {
  const range = document.createRange();
  range.setStart(...unit(start));
  range.setEnd(...unit(end));
  return range;
}

function light(name, spans, priority) {
  if (!window.Highlight) return;
  const ranges = spans.filter((span) => span.end <= chars.length && span.start < span.end).map((span) => rangeOf(span.start, span.end));
  const highlight = new Highlight(...ranges);
  highlight.priority = priority;
  CSS.highlights.set(name, highlight);
}

const spansOf = (words_) => (words_ || "").split(" ").filter(Boolean).map(spanOf);
function spanOf(word) {
  const [start, end] = word.split(":").map(Number);
  return { start, end };
}
const said_ = (span) => chars.slice(span.start, span.end).join("");

// ---- Going from fact to fact

const cards = () => $$(".card");
const card = () => (now ? document.getElementById(`f-${now}`) : null);

function show(id, { focus = false, scroll = true } = {}) {
  const all = cards();
  const chosen = all.find((one) => one.dataset.id === id) || all[0];
  now = chosen ? chosen.dataset.id : null;
  for (const one of all) {
    one.hidden = one.dataset.sentence !== chosen.dataset.sentence;
    one.classList.toggle("now", one === chosen);
  }
  if (!chosen) return;
  const sentences = new Set(all.map((one) => one.dataset.sentence)).size;
  $("#where").textContent = `sentence ${Number(chosen.dataset.sentence) + 1} of ${sentences}`;
  light("sentence", [spanOf(chosen.dataset.within)], 0);
  light("current", [spanOf(chosen.dataset.span)], 1);
  light("evidence", [], 2);
  if (scroll) {
    scrollTo_(spanOf(chosen.dataset.span));
    chosen.scrollIntoView({ block: "nearest" });
  }
  if (focus) chosen.focus({ preventScroll: true });
}

function scrollTo_(span) {
  const box = rangeOf(span.start, span.end).getBoundingClientRect(), pane = $(".reading").getBoundingClientRect();
  if (box.top < pane.top + 40 || box.bottom > pane.bottom - 60) {
    $(".reading").scrollTop += box.top - pane.top - pane.height / 3;
  }
}

function step(by) {
  const all = cards(), at = all.indexOf(card());
  const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
  if (next) show(next.dataset.id, { focus: true });
}

function stepSentence(by) {
  const all = cards(), current = card();
  if (!current) return;
  const wanted = Number(current.dataset.sentence) + by;
  const next = all.find((one) => Number(one.dataset.sentence) === wanted);
  if (next) show(next.dataset.id, { focus: true });
}

function nextOpen(from) {
  const all = cards(), at = all.findIndex((one) => one.dataset.id === from);
  const after = all.slice(at + 1).find((one) => one.dataset.state === "open");
  return after ? after.dataset.id : from;
}

// ---- Requests

function tell(text, wrong = false) {
  said.textContent = text;
  said.classList.toggle("wrong", wrong);
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(`/articles/${number}/${path}`, { credentials: "same-origin", ...options });
  } catch {
    throw new Error("NOT SAVED: the server doesn’t answer. Is `extract review` running?");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const error = new Error(body.error || `NOT SAVED: the server said ${answer.status}. Open the printed address again.`);
    error.stale = body.stale;
    throw error;
  }
  return body;
}

function swap(html) {
  const reading = $(".reading"), top = reading ? reading.scrollTop : 0;
  work.innerHTML = html;
  $(".reading").style.scrollBehavior = "auto";
  $(".reading").scrollTop = top;
  index();
}

async function decide(wish, { advance = false } = {}) {
  if (isBusy) return false;
  isBusy = true;
  document.body.classList.add("busy");
  const from = now;
  try {
    const after = advance ? nextOpen(from) : null;
    const headers = { "content-type": "application/json", "x-csrf-token": csrf };
    const body = await ask(`decisions${location.search}`, { method: "POST", headers, body: JSON.stringify(wish) });
    drop();
    swap(body.html);
    show(advance && after !== from ? after : body.focus || from, { focus: true });
    tell(body.said);
    return true;
  } catch (error) {
    if (error.stale) await refresh();
    tell(error.message, true);
    return false;
  } finally {
    isBusy = false;
    document.body.classList.remove("busy");
  }
}

async function refresh() {
  if (!editor.hidden || pending) return;
  try {
    const body = await ask(`work${location.search}`);
    if (body.html !== refresh.last) {
      swap(body.html);
      show(now, { scroll: false });
    }
    refresh.last = body.html;
  } catch (error) {
    tell(error.message.replace("NOT SAVED: ", ""), true);
  }
}

// ---- The selected words

function take(span) {
  let { start, end } = span;
  while (start < end && /\s/u.test(chars[start])) start++;
  while (end > start && /\s/u.test(chars[end - 1])) end--;
  if (start >= end) return;
  pending = { start, end };
  light("pending", [pending], 3);
  $("#pending-text").textContent = said_(pending);
  $('[data-do="set-span"]').hidden = !now || !editor.hidden;
  bar.hidden = false;
}

function drop() {
  pending = null;
  bar.hidden = true;
  light("pending", [], 3);
}

function selected() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0), text = $("#text");
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  const start = codePoint(range.startContainer, range.startOffset), end = codePoint(range.endContainer, range.endOffset);
  return start === null || end === null || start >= end ? null : { start, end };
}

function findWords() {
  if (words.length) return words;
  const text = chars.join("");
  let unitAt = 0, at = 0;
  const parts = window.Intl && Intl.Segmenter ? new Intl.Segmenter(undefined, { granularity: "word" }).segment(text) : [];
  for (const part of parts) {
    at += [...text.slice(unitAt, part.index)].length;
    unitAt = part.index;
    if (!/^\s*$/u.test(part.segment)) words.push({ start: at, end: at + [...part.segment].length });
  }
  return words;
}

function stretch(edge, by) {
  if (!pending) return;
  const edges = findWords().map((word) => word[edge]);
  const next = by > 0 ? edges.find((at) => at > pending[edge]) : edges.findLast((at) => at < pending[edge]);
  if (next !== undefined) take({ ...pending, [edge]: next });
}

function beginSpan() {
  const span = selected() || (card() && spanOf(card().dataset.span));
  document.getSelection().removeAllRanges();
  if (span) take(span);
}

// ---- Forms

async function openForm(query) {
  try {
    const { html } = await ask(`form?${new URLSearchParams(query)}`);
    editor.innerHTML = html;
    editor.hidden = false;
    editor.dataset.query = JSON.stringify(query);
    bar.hidden = true;
    const wanted = ['[name="value"]', '[name="event_type"]', '[name="name"]', '[name="direct"]', "select"];
    wanted.map((selector) => $(selector, $("#fields"))).find(Boolean).focus();
  } catch (error) {
    tell(error.message.replace("NOT SAVED: ", ""), true);
  }
}

function closeForm() {
  editor.hidden = true;
  editor.replaceChildren();
  drop();
  if (card()) card().focus({ preventScroll: true });
}

async function saveForm(form) {
  const words_ = [...new FormData(form)].filter(([name]) => !name.startsWith("__") && !name.includes("__n__"));
  const wish = {
    action: form.dataset.fact ? "edit" : "add", fact: form.dataset.fact, type: form.elements.__type.value,
    note: form.elements.__note.value, words: words_,
  };
  editor.hidden = true;
  if (await decide(wish)) {
    closeForm();
  } else {
    editor.hidden = false;
    const error = $(".error", form);
    error.textContent = said.textContent;
    error.hidden = false;
    error.scrollIntoView({ block: "nearest" });
  }
}

function fillSpan(button) {
  const control = button.closest(".span-control");
  const span = button.dataset.span === "take" ? pending || selected() : null;
  if (button.dataset.span === "take" && !span) return tell("Select words in the text first.", true);
  $("input", control).value = span ? `${span.start}:${span.end}` : "";
  $("q", control).textContent = span ? said_(span) : "";
}

let rows = 1000;
function changeRows(button) {
  if (button.dataset.row === "remove") return button.closest(".row").remove();
  const holder = button.closest(".rows"), row = $("template", holder).content.cloneNode(true);
  for (const control of $$("[name]", row)) control.name = control.name.replace("__n__", rows);
  rows += 1;
  button.before(row);
}

// ---- What can be done

const DO = {
  accept: () => now && decide({ action: "accept", fact: now }, { advance: true }),
  reject: () => now && decide({ action: "reject", fact: now }, { advance: true }),
  "accept-all": () => {
    const facts = cards().filter((one) => !one.hidden && one.dataset.state === "open").map((one) => one.dataset.id);
    if (facts.length) decide({ action: "accept", facts }, { advance: true });
  },
  edit: () => now && openForm({ fact: now }),
  undo: () => decide({ action: "undo" }),
  next: () => step(1),
  previous: () => step(-1),
  keys: () => $("#keys").showModal(),
  close: closeForm,
  cancel: () => { document.getSelection().removeAllRanges(); drop(); },
  "set-span": () => pending && now && decide({ action: "span", fact: now, span: `${pending.start}:${pending.end}` }),
  merge: (button) => decidePair(button, "merge"),
  keep_apart: (button) => decidePair(button, "keep_apart"),
};

function decidePair(button, action) {
  const holder = button.closest(".card");
  decide({ action, fact: holder.dataset.id, other: $("select", holder).value });
}

const add = (type) => pending && openForm({ type, span: `${pending.start}:${pending.end}` });

const KEYS = {
  j: DO.next, k: DO.previous, n: () => stepSentence(1), p: () => stepSentence(-1), a: DO.accept, x: DO.reject,
  A: DO["accept-all"], e: DO.edit, u: DO.undo, s: beginSpan, h: () => stretch("end", -1), l: () => stretch("end", 1),
  H: () => stretch("start", -1), L: () => stretch("start", 1), Enter: DO["set-span"], Escape: DO.cancel, "?": DO.keys,
  m: () => { const list = card() && $("select", card()); if (list) list.focus(); },
  f: () => { const filters = $(".filtering"); filters.open = true; $("select", filters).focus(); },
  g: () => $("#to-list").click(),
  "]": () => { if (document.body.dataset.next) location.href = `/articles/${document.body.dataset.next}${location.search}`; },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("#keys").open) return;
  if (event.key === "Escape" && !editor.hidden) return closeForm();
  if (event.target.closest("input, select, textarea, #editor")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.target.closest("button, a, summary") && event.key === "Enter") return;
  if (/^[1-7]$/.test(event.key) && pending) {
    event.preventDefault();
    return add(TYPES[Number(event.key) - 1]);
  }
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) {
    if (button.dataset.do) DO[button.dataset.do](button);
    else if (button.dataset.add) add(button.dataset.add);
    else if (button.dataset.span) fillSpan(button);
    else if (button.dataset.row) changeRows(button);
    return;
  }
  if (event.target.closest("select, input, label, a, summary")) return;
  const piece = event.target.closest(".p"), chosen = event.target.closest(".card");
  if (piece && document.getSelection().isCollapsed) {
    const facts = piece.dataset.f.split(" ");
    show(facts[(facts.indexOf(now) + 1) % facts.length], { scroll: false });
  } else if (chosen) {
    show(chosen.dataset.id, { scroll: false });
  }
});

document.addEventListener("selectionchange", () => {
  const span = selected();
  if (span) take(span);
});
document.addEventListener("submit", (event) => {
  if (event.target.id === "fields") {
    event.preventDefault();
    saveForm(event.target);
  }
});
document.addEventListener("change", (event) => {
  if (event.target.name === "__type") {
    const form = event.target.form, span = form.elements.span.value;
    openForm(form.dataset.fact ? { fact: form.dataset.fact, type: event.target.value } : { type: event.target.value, span });
  }
});
document.addEventListener("mouseover", (event) => {
  const row = event.target.closest("[data-evidence]"), over = event.target.closest(".card");
  light("evidence", row ? spansOf(row.dataset.evidence) : over ? spansOf(over.dataset.spans) : [], 2);
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
window.addEventListener("focus", refresh);

index();
show(nextOpen(null));
