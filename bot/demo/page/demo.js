// The demo's page. In: the workspace's whole state after each change. Out: what people do, as small JSON orders.
// Keeps nothing but who is looking, where, and what is half written. Builds nodes; never parses HTML.
"use strict";

const at = (id) => document.getElementById(id);
let state = null;
const look = { user: "U1", place: "C1", thread: null, home: false, drawer: null, menu: false };
const mine = { editing: null, votes: {}, announced: null, modal: null };

// --- nodes ---------------------------------------------------------------------------------------------------------

function el(tag, facts = {}, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...inside.flat().filter((one) => one !== null && one !== undefined && one !== ""));
  return node;
}

const div = (name, ...inside) => el("div", { class: name }, ...inside);
const span = (name, ...inside) => el("span", { class: name }, ...inside);
const button = (facts, ...inside) => el("button", { type: "button", ...facts }, ...inside);

const SVG = "http://www.w3.org/2000/svg";
const THUMB = "M6 9v8H3V9zm0 0 3.5-6.5c1.5 0 2.2 1 1.9 2.3L10.8 8H16c1 0 1.6.9 1.4 1.8l-1.2 5.6c-.2.9-.9 1.6-1.9 1.6H6";

function thumb(down) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", down ? "thumb down" : "thumb");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", THUMB);
  svg.append(path);
  return svg;
}

// Puts `items` into `list` in their order; a node is made again only when its item changed, and keeps the focus.
function keyed(list, items, key, make) {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const focus = list.contains(document.activeElement) ? document.activeElement : null;
  const name = focus && focus.dataset.k;
  const owner = focus && focus.closest("[data-key]");
  const wanted = items.map((item) => {
    const sign = JSON.stringify(item);
    const id = key(item);
    const known = old.get(id);
    if (known && known.sign === sign) return known;
    const node = make(item);
    node.dataset.key = id;
    node.sign = sign;
    return node;
  });
  const kept = new Set(wanted);
  for (const node of [...list.children]) if (!kept.has(node)) node.remove();
  wanted.forEach((node, n) => { if (list.children[n] !== node) list.insertBefore(node, list.children[n] || null); });
  if (name && owner && !list.contains(document.activeElement)) {
    const back = wanted.find((node) => node.dataset.key === owner.dataset.key);
    const target = back && [...back.querySelectorAll("[data-k]")].find((one) => one.dataset.k === name);
    if (target) target.focus({ preventScroll: true });
  }
}

// --- text ----------------------------------------------------------------------------------------------------------

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " " };
const entities = (text) => text.replace(/&(amp|lt|gt|quot|nbsp|#\d+);/g, (_, name) =>
  name[0] === "#" ? String.fromCodePoint(Number(name.slice(1))) : ENTITIES[name]);
const hide = (text) => text.replace(/\\([!-/:-@[-`{-~])/g, (_, c) => String.fromCharCode(0xe000 + c.charCodeAt(0)));
const unhide = (text) => text.replace(/[\ue021-\ue07e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xe000));
const words = (text) => unhide(entities(text));

function link(url, inside) {
  const to = words(url);
  const place = /^https:\/\/home\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(to);
  if (place) return el("a", { href: "#", onclick: (event) => {
    event.preventDefault();
    Object.assign(look, { place: place[1], thread: `${place[2]}.${place[3]}`, home: false });
    render();
  } }, inside);
  if (!/^(https?:|mailto:)/i.test(to)) return el("span", {}, inside);
  return el("a", { href: to, target: "_blank", rel: "noreferrer noopener" }, inside);
}

function mention(id) {
  const user = [...state.users, state.bot].find((one) => one.id === id);
  return el("span", { class: "mention" }, "@" + (user ? user.name : id));
}

function room(id, name) {
  const found = state.channels.find((one) => one.id === id);
  return el("span", { class: "mention" }, "#" + (name || (found ? found.name : id)));
}

// The pieces of a line: `rules` are [pattern, node from match]; what no pattern takes is text.
function pieces(text, rules) {
  const found = [];
  for (let rest = text; rest;) {
    let first = null;
    for (const [pattern, make] of rules) {
      const match = pattern.exec(rest);
      if (match && (!first || match.index < first.match.index)) first = { match, make };
    }
    if (!first) { found.push(words(rest)); break; }
    if (first.match.index) found.push(words(rest.slice(0, first.match.index)));
    found.push(first.make(first.match));
    rest = rest.slice(first.match.index + first.match[0].length);
  }
  return found;
}

const INLINE = [
  [/`([^`]+)`/, (m) => el("code", {}, words(m[1]))],
  [/!?\[((?:\[[^[\]]*\]|[^[\]])*)\]\(((?:[^()\s]|\([^()\s]*\))*)\)/, (m) => link(m[2], inline(m[1]))],
  [/<(https?:[^>\s]+)>/, (m) => link(m[1], words(m[1]))],
  [/<@(\w+)>/, (m) => mention(m[1])],
  [/\*\*(.+?)\*\*/, (m) => el("strong", {}, inline(m[1]))],
  [/\*(\S(?:.*?\S)?)\*/, (m) => el("em", {}, inline(m[1]))],
  [/(?<!\w)_(\S(?:.*?\S)?)_(?!\w)/, (m) => el("em", {}, inline(m[1]))],
  [/~~(.+?)~~/, (m) => el("s", {}, inline(m[1]))],
];
const inline = (text) => pieces(text, INLINE);

const SLACK = [
  [/`([^`]+)`/, (m) => el("code", {}, words(m[1]))],
  [/<@(\w+)(?:\|[^>]*)?>/, (m) => mention(m[1])],
  [/<#(\w+)(?:\|([^>]*))?>/, (m) => room(m[1], m[2])],
  [/<!([^>|]+)(?:\|([^>]*))?>/, (m) => el("span", { class: "mention" }, m[2] || "@" + m[1])],
  [/<((?:https?|mailto):[^>|]+)(?:\|([^>]*))?>/, (m) => link(m[1], words(m[2] || m[1]))],
  [/(?<!\w)\*(\S(?:.*?\S)?)\*(?!\w)/, (m) => el("strong", {}, pieces(m[1], SLACK))],
  [/(?<!\w)_(\S(?:.*?\S)?)_(?!\w)/, (m) => el("em", {}, pieces(m[1], SLACK))],
  [/(?<!\w)~(\S(?:.*?\S)?)~(?!\w)/, (m) => el("s", {}, pieces(m[1], SLACK))],
  [/\n/, () => el("br")],
];

function mrkdwn(text) {
  const parts = text.split(/^(?:>|&gt;) ?/m);
  return parts.length === 1 ? pieces(text, SLACK) : text.split("\n").map((line) => {
    const quoted = /^(?:>|&gt;) ?(.*)$/.exec(line);
    return el(quoted ? "blockquote" : "div", {}, pieces(quoted ? quoted[1] : line, SLACK));
  });
}

const ITEM = /^(\s*)(?:[-*+•]|(\d+)[.)])\s+(.*)$/;

function markdown(text) {
  const lines = hide(text).split("\n");
  const out = el("div", { class: "markdown" });
  let n = 0;
  while (n < lines.length) {
    const line = lines[n];
    let match;
    if (!line.trim()) { n++; continue; }
    if (/^```/.test(line)) {
      const end = lines.findIndex((one, i) => i > n && /^```/.test(one));
      out.append(el("pre", {}, unhide(lines.slice(n + 1, end < 0 ? undefined : end).join("\n"))));
      n = end < 0 ? lines.length : end + 1;
    } else if ((match = /^(#{1,6})\s+(.*)$/.exec(line))) {
      out.append(el("p", { class: "heading" }, inline(match[2])));
      n++;
    } else if (/^(?:-{3,}|\*{3,})\s*$/.test(line)) {
      out.append(el("hr"));
      n++;
    } else if (/^>/.test(line)) {
      const quoted = [];
      while (n < lines.length && /^>/.test(lines[n])) quoted.push(lines[n++].replace(/^> ?/, ""));
      out.append(el("blockquote", {}, ...markdown(quoted.join("\n")).childNodes));
    } else if (/^\s*\|/.test(line) && /^\s*\|?\s*:?-+/.test(lines[n + 1] || "")) {
      const rows = [];
      while (n < lines.length && /^\s*\|/.test(lines[n])) rows.push(lines[n++].trim().replace(/^\||\|$/g, "").split("|"));
      const row = (cells, tag) => el("tr", {}, cells.map((cell) => el(tag, {}, inline(cell.trim()))));
      out.append(el("table", {}, el("thead", {}, row(rows[0], "th")), el("tbody", {}, rows.slice(2).map((r) => row(r, "td")))));
    } else if (ITEM.test(line)) {
      n = listing(lines, n, out);
    } else {
      const paragraph = [];
      const ends = (one) => !one.trim() || /^(?:```|#{1,6}\s|>)/.test(one) || (paragraph.length && ITEM.test(one));
      while (n < lines.length && !ends(lines[n])) paragraph.push(lines[n++]);
      out.append(el("p", {}, inline(paragraph.join("\n"))));
    }
  }
  return out;
}

function listing(lines, n, out) {
  const [, indent, number] = ITEM.exec(lines[n]);
  const list = el(number ? "ol" : "ul", number ? { start: number } : {});
  out.append(list);
  while (n < lines.length) {
    const match = ITEM.exec(lines[n]);
    if (match && match[1].length > indent.length && list.lastChild) n = listing(lines, n, list.lastChild);
    else if (match && match[1].length === indent.length) { list.append(el("li", {}, inline(match[3]))); n++; }
    else if (!match && list.lastChild && /^\s+\S/.test(lines[n])) list.lastChild.append(" ", ...inline(lines[n++].trim()));
    else break;
  }
  return n;
}

// --- blocks --------------------------------------------------------------------------------------------------------
// `on` is where a block stands: {channel, ts} of a message, {view} of a modal, {view: "home"}.

const said = (text) => !text ? "" : text.type === "mrkdwn" ? mrkdwn(text.text) : breaks(text.text);
const breaks = (text) => text.split("\n").flatMap((line, n) => (n ? [el("br"), line] : [line]));

function rich(element) {
  const style = (part, node) => Object.entries(part.style || {}).reduce((inner, [name, on]) =>
    on ? el({ bold: "strong", italic: "em", strike: "s", code: "code" }[name] || "span", {}, inner) : inner, node);
  const inside = (element.elements || []).map((part) => {
    if (part.type === "link") return style(part, link(part.url, part.text || part.url));
    if (part.type === "user") return mention(part.user_id);
    if (part.type === "channel") return room(part.channel_id);
    if (part.type === "emoji" && !part.unicode) return `:${part.name}:`;
    if (part.type === "emoji") return String.fromCodePoint(...part.unicode.split("-").map((c) => parseInt(c, 16)));
    if (part.type === "text") return style(part, el("span", {}, breaks(part.text)));
    return rich(part);
  });
  const tags = { rich_text_section: "p", rich_text_quote: "blockquote", rich_text_preformatted: "pre" };
  if (element.type !== "rich_text_list") return el(tags[element.type] || "p", {}, inside);
  return el(element.style === "ordered" ? "ol" : "ul", {}, inside.map((one) => el("li", {}, ...one.childNodes)));
}

const elements = (block, on) => block.elements.map((one) => element(one, block, on));
const fields = (list) => div("fields", list.map((one) => el("div", {}, said(one))));
const small = (one) => one.type === "image" ? image(one) : el("span", {}, said(one));
const cell = (one) => el("td", {}, one.type === "rich_text" ? one.elements.map(rich) : one.text);

const BLOCKS = {
  markdown: (block) => markdown(block.text),
  rich_text: (block) => div("rich", block.elements.map(rich)),
  section: (block, on) => div("section",
    el("div", {}, block.text ? el("p", {}, said(block.text)) : "", block.fields ? fields(block.fields) : ""),
    block.accessory ? element(block.accessory, block, on) : ""),
  context: (block) => div("context", block.elements.map(small)),
  context_actions: (block, on) => div("actions", elements(block, on)),
  actions: (block, on) => div("actions", elements(block, on)),
  image: (block) => el("figure", {}, block.title ? el("figcaption", {}, said(block.title)) : "", image(block)),
  header: (block) => el("h3", {}, said(block.text)),
  divider: () => el("hr"),
  table: (block) => el("table", {}, block.rows.map((row) => el("tr", {}, row.map(cell)))),
  input: (block, on) => {
    const id = `in-${block.block_id || block.element.action_id}`;
    const many = ["radio_buttons", "checkboxes"].includes(block.element.type);
    const optional = block.optional ? " (optional)" : "";
    const label = el(many ? "legend" : "label", { for: many ? null : id }, said(block.label), optional);
    const hint = block.hint ? el("p", { class: "hint" }, said(block.hint)) : "";
    const error = el("p", { class: "error", role: "alert" });
    const holder = { class: "input", "data-block": block.block_id };
    return el(many ? "fieldset" : "div", holder, label, element(block.element, block, on, id), hint, error);
  },
};

const image = (one) => el("img", { src: one.image_url || "file/" + one.slack_file.id, alt: one.alt_text, loading: "lazy" });
const unknown = (what, type) => () => el("p", { class: "error" }, `${what} of type ${type}, which this page does not know.`);
const blocks = (list, on) => list.map((block) => (BLOCKS[block.type] || unknown("A block", block.type))(block, on));

function press(on, block, facts) {
  const action = { block_id: block.block_id || "b", ...facts };
  return act("press", { user: look.user, action, ...on, ...(on.view && on.view !== "home" ? { values: values() } : {}) });
}

const option = (one) => ({ text: one.text, value: one.value });
const choice = (value, text, selected) => el("option", { value, selected }, text);

function element(one, block, on, id) {
  const base = { type: one.type, action_id: one.action_id || "" };
  const name = { "data-action": one.action_id, "data-type": one.type, "data-k": one.action_id };
  const listen = block.type !== "input" || block.dispatch_action;
  const choose = (chosen) => listen && press(on, block, { ...base, ...chosen });
  const chosen = one.initial_option && one.initial_option.value;
  const label = { "aria-label": block.type === "input" ? null : (one.placeholder && one.placeholder.text) || one.action_id, id };
  switch (one.type) {
    case "button":
      return button({ class: one.style || "", "aria-label": one.accessibility_label, ...name, onclick: () => {
        if (one.confirm && !window.confirm(`${one.confirm.title.text}\n\n${one.confirm.text.text}`)) return;
        if (one.url && /^https?:/i.test(one.url)) window.open(one.url, "_blank", "noreferrer");
        press(on, block, { ...base, text: one.text, value: one.value });
      } }, said(one.text));
    case "feedback_buttons":
      return span("actions", ["positive_button", "negative_button"].map((side) => {
        const { text, value, accessibility_label } = one[side], key = `${look.user} ${on.ts}`;
        const facts = { "data-k": side, "aria-label": accessibility_label, "aria-pressed": String(mine.votes[key] === value) };
        return button({ ...facts, onclick: () => {
          mine.votes[key] = value;
          press(on, block, { ...base, text, value });
          render();
        } }, thumb(side === "negative_button"), said(text));
      }));
    case "icon_button":
      return button({ ...name, onclick: () => press(on, block, { ...base, value: one.value }) }, said(one.text));
    case "overflow":
    case "static_select":
    case "multi_static_select": {
      const groups = one.options || (one.option_groups || []).flatMap((group) => group.options);
      const many = one.type === "multi_static_select";
      const start = (one.initial_options || []).map((each) => each.value);
      return el("select", { ...name, ...label, multiple: many, onchange: (event) => {
        const found = groups.filter((each, n) => event.target.options[n + (many ? 0 : 1)].selected).map(option);
        if (found.length || many) choose(many ? { selected_options: found } : { selected_option: found[0] });
      } }, many ? "" : choice("", one.placeholder ? one.placeholder.text : "Choose…"),
      groups.map((each) => choice(each.value, each.text.text, each.value === chosen || start.includes(each.value))));
    }
    case "radio_buttons":
    case "checkboxes": {
      const many = one.type === "checkboxes";
      const start = many ? (one.initial_options || []).map((each) => each.value) : [chosen];
      const group = el("div", { ...name, class: "choices" });
      const box = { type: many ? "checkbox" : "radio", name: `${id || "r"}-${one.action_id}` };
      group.append(...one.options.map((each, n) => el("label", {},
        el("input", { ...box, value: each.value, checked: start.includes(each.value), onchange: () => {
          const found = one.options.filter((_, i) => group.querySelectorAll("input")[i].checked).map(option);
          choose(many ? { selected_options: found } : { selected_option: found[0] });
        } }), el("span", {}, said(each.text), each.description ? el("span", { class: "hint" }, said(each.description)) : ""))));
      return group;
    }
    case "plain_text_input": {
      const facts = { ...name, ...label, maxlength: one.max_length, placeholder: one.placeholder && one.placeholder.text };
      const box = one.multiline ? el("textarea", { rows: 3, ...facts }) : el("input", { type: "text", ...facts });
      box.value = one.initial_value || "";
      return box;
    }
    case "datepicker":
      return el("input", {
        type: "date", ...name, ...label, value: one.initial_date, onchange: (event) => choose({ selected_date: event.target.value }),
      });
    case "users_select":
      return el("select", { ...name, ...label, onchange: (event) => choose({ selected_user: event.target.value }) },
        choice("", "Choose…"), state.users.map((user) => choice(user.id, user.name, user.id === one.initial_user)));
    case "image":
      return image(one);
    default:
      return unknown("An element", one.type)();
  }
}

// --- messages ------------------------------------------------------------------------------------------------------

const mayReact = (message) => !message.only_for && !message.streaming_state?.startsWith("in");
const nameOf = (id) => ([...state.users, state.bot].find((one) => one.id === id) || { name: id }).name;
const clock = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
const visible = (message) => !message.only_for || message.only_for === look.user;

function content(message) {
  const on = { channel: message.channel, ts: message.ts };
  if (!message.bot_id) return [el("div", { class: "text" }, mrkdwn(message.text))];
  if (message.streaming_state && !message.edited) return [markdown(message.text), ...blocks(message.blocks, on)];
  return message.blocks.length ? blocks(message.blocks, on) : [el("div", { class: "text" }, mrkdwn(message.text))];
}

function tools(message, inThread) {
  const on = { channel: message.channel, ts: message.ts };
  const tool = (label, key, onclick, ...inside) =>
    button({ class: "plain", "data-k": key, "aria-label": label, title: label, onclick }, ...inside);
  const react = (name, label, down) => tool(label, name, () => act("react", { ...on, user: look.user, name }), thumb(down));
  const found = [];
  if (mayReact(message)) found.push(react("+1", "React with thumbs up", false), react("-1", "React with thumbs down", true));
  if (!message.thread_ts && !message.only_for && !inThread)
    found.push(tool("Reply in thread", "thread", () => openThread(message.ts), "Reply"));
  if (message.user === look.user && !message.bot_id) {
    const edit = () => { mine.editing = `${message.ts} ${inThread}`; render(); focusOn("editing"); };
    found.push(tool("Edit message", "edit", edit, "Edit"), tool("Delete message", "delete", () => act("delete", on), "Delete"));
  }
  if (!message.bot_id) for (const { name, callback_id } of state.shortcuts)
    found.push(tool(name, callback_id, () => act("shortcut", { ...on, user: look.user, callback: callback_id }), name));
  return found.length ? el("div", { class: "tools", role: "group", "aria-label": "Message actions" }, found) : "";
}

function editor(message) {
  const box = el("textarea", { rows: 2, id: "editing", "aria-label": "Edited message" });
  box.value = entities(message.text.replaceAll(`<@${state.bot.id}>`, "@" + state.bot.name));
  const done = () => { mine.editing = null; render(); };
  const save = () => { act("edit", { channel: message.channel, ts: message.ts, text: box.value }); done(); };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") done();
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); save(); }
  });
  return div("editor", box, button({ onclick: save }, "Save"), button({ class: "plain", onclick: done }, "Cancel"));
}

function reactions(message) {
  return Object.entries(message.reactions).map(([name, users]) => button({
    class: "reaction", "data-k": "r" + name, "aria-pressed": String(users.includes(look.user)),
    "aria-label": `Reaction ${name}, ${users.length}`,
    onclick: () => act("react", { channel: message.channel, ts: message.ts, user: look.user, name }),
  }, /^(\+1|thumbsup)/.test(name) ? thumb(false) : /^(-1|thumbsdown)/.test(name) ? thumb(true) : `:${name}:`, String(users.length)));
}

function messageNode({ message, count, status, editing, inThread }) {
  const streaming = message.streaming_state === "in_progress";
  const name = nameOf(message.user);
  const note = (when, text) => when ? span("note", text) : "";
  const head = div("head", el("strong", {}, name), message.bot_id ? span("app", "APP") : "", el("time", {}, clock(message.ts)),
    note(message.edited && !message.bot_id, "(edited)"), note(message.only_for, "Only visible to you"));
  const shown = el("div", { class: streaming ? "content streaming" : "content", "aria-busy": streaming ? "true" : null });
  const body = div("body", head, editing ? editor(message) : shown);
  if (!editing) shown.append(...content(message));
  const stop = () => act("stop", { channel: message.channel, ts: message.ts, user: look.user });
  if (streaming) body.append(div("actions", button({ "data-k": "stop", onclick: stop }, "Stop")));
  const found = reactions(message);
  if (found.length) body.append(div("actions", found));
  const replies = count === 1 ? "1 reply" : `${count} replies`;
  if (!inThread && count) body.append(button({ class: "replies", "data-k": "replies", onclick: () => openThread(message.ts) }, replies));
  if (!inThread && status) body.append(el("p", { class: "status" }, `${state.bot.name} ${status}`));
  const face = el("div", { class: `face ${message.bot_id ? "bot" : message.user}`, "aria-hidden": "true" }, name[0].toUpperCase());
  const facts = { class: message.only_for ? "message only" : "message", "data-ts": message.ts };
  return el("li", facts, face, body, editing ? "" : tools(message, inThread));
}

function showMessages(list, messages, inThread) {
  const all = state.messages.filter((one) => one.channel === look.place);
  const items = messages.map((message) => ({
    message, inThread, editing: mine.editing === `${message.ts} ${inThread}`,
    who: look.user, vote: mine.votes[`${look.user} ${message.ts}`],
    count: all.filter((one) => one.thread_ts === message.ts && !one.only_for).length, status: state.statuses[`${look.place} ${message.ts}`],
  }));
  const where = `${look.user} ${look.place} ${look.thread}`;
  if (list.dataset.of !== where) list.low = true;
  list.dataset.of = where;
  keyed(list, items, (item) => item.message.ts, messageNode);
  stick(list);
}

// Whoever reads the end of a list goes on reading its end.
function stick(list) {
  if (list.low) list.scrollTop = list.scrollHeight;
}

// --- the page ------------------------------------------------------------------------------------------------------

function render() {
  if (!state) return;
  if (!state.users.some((one) => one.id === look.user)) look.user = state.users[0].id;
  const dm = "D" + look.user;
  const open = state.channels.filter((one) => one.members.includes(look.user));
  const place = open.find((one) => one.id === look.place) || open[0];
  look.place = place.id;
  const root = look.thread && state.messages.find((one) => one.ts === look.thread && one.channel === look.place);
  if (!root) look.thread = null;
  history.replaceState(null, "", `#${[look.user, look.place, look.thread || ""].join("/")}`);

  const online = { online: "bot online", starting: "bot starting…", down: "bot down" }[state.bot_state];
  if (at("botstate").textContent !== online) at("botstate").textContent = online;
  at("botstate").className = state.bot_state;
  if (at("who").dataset.sign !== state.users.length + look.user) {
    const label = (user) => state.roles[user.id] ? `${user.name} (${state.roles[user.id]})` : user.name;
    at("who").replaceChildren(...state.users.map((user) => choice(user.id, label(user), user.id === look.user)));
    at("who").dataset.sign = state.users.length + look.user;
  }
  const go = (id, label, home = false) => ({ id, label, home, current: look.place === id && look.home === home });
  const item = (one) => el("li", {}, button(
    { "data-k": "go", "aria-current": one.current ? "page" : null, onclick: () => visit(one.id, one.home) }, one.label));
  const rooms = open.filter((one) => one.kind !== "im");
  keyed(at("channels"), rooms.map((one) => go(one.id, "# " + one.name)), (one) => one.id, item);
  keyed(at("apps"), [go(dm, state.bot.name), go(dm, "Home", true)], (one) => one.label, item);
  at("side").classList.toggle("open", look.menu);
  at("menu").setAttribute("aria-expanded", String(look.menu));

  at("title").textContent = place.kind === "im" ? state.bot.name : "# " + place.name;
  const tabs = [{ label: "Messages", home: false, on: !look.home }, { label: "Home", home: true, on: look.home }];
  keyed(at("tabs"), place.kind === "im" ? tabs : [], (one) => one.label, (one) => button(
    { class: "plain", "data-k": "tab", "aria-pressed": String(one.on), onclick: () => visit(dm, one.home) }, one.label));
  const home = look.home && place.kind === "im";
  at("home").hidden = !home;
  at("log").hidden = at("compose").hidden = home;
  if (home) {
    const view = state.homes[look.user] || { blocks: [{ type: "markdown", text: "The bot has put nothing on its Home tab." }] };
    keyed(at("home"), [view.blocks], () => "home", (inside) => div("content", blocks(inside, { view: "home" })));
  }
  const here = state.messages.filter((one) => one.channel === look.place && !one.thread_ts && visible(one));
  showMessages(at("log"), here, false);
  const prompts = (state.prompts[place.id] || {}).prompts || [];
  const offered = prompts.length ? prompts : state.examples.map((one) => ({ title: one, message: one }));
  const tries = here.length || home ? [] : offered;
  at("welcome").hidden = !tries.length;
  keyed(at("examples"), tries, (one) => one.message, (one) => button({
    onclick: () => send(at("words"), (place.kind === "im" ? "" : `@${state.bot.name} `) + one.message, null),
  }, one.title));
  document.body.classList.toggle("threaded", Boolean(look.thread));
  at("thread").hidden = !look.thread;
  if (look.thread) {
    const inThread = (one) => one.channel === look.place && [one.ts, one.thread_ts].includes(look.thread) && visible(one);
    showMessages(at("replies"), state.messages.filter(inThread), true);
    const status = state.statuses[`${look.place} ${look.thread}`];
    const line = status ? `${state.bot.name} ${status}` : "";
    if (at("status").textContent !== line) at("status").textContent = line;
  }
  for (const [box, thread] of [["words", false], ["replywords", true]]) {
    const hint = place.kind === "im" ? `Message ${state.bot.name}` : `Message #${place.name} (@${state.bot.name} asks the bot)`;
    at(box).placeholder = thread ? "Reply" : hint;
  }
  renderDrawer();
  renderModal();
  announce();
}

function announce() {
  const done = state.messages.filter((one) => one.bot_id && one.channel === look.place && visible(one) && one.streaming_state !== "in_progress");
  const fresh = mine.announced ? done.filter((one) => !mine.announced.has(one.ts)) : [];
  mine.announced = new Set([...(mine.announced || []), ...done.map((one) => one.ts)]);
  if (fresh.length) {
    const node = el("div", {}, ...content(fresh.at(-1)));
    at("live").textContent = `${state.bot.name}: ${node.textContent.slice(0, 400)}`;
  }
}

function renderDrawer() {
  at("drawer").hidden = !look.drawer;
  document.body.classList.toggle("drawn", Boolean(look.drawer));
  for (const name of ["faults", "wire"]) {
    at(name).hidden = look.drawer !== name;
    at("open" + name).setAttribute("aria-expanded", String(look.drawer === name));
  }
  if (look.drawer === "faults") {
    at("drawertitle").textContent = "Faults";
    const models = Object.entries(state.models).map(([name, label]) => ({ name, label, on: name === state.model }));
    keyed(at("models"), models, (one) => one.name, ({ name, label, on }) => {
      const facts = { type: "radio", name: "model", value: name, checked: on, "data-k": "model" };
      return el("label", {}, el("input", { ...facts, onchange: () => act("model", { name }) }), " " + label);
    });
    at("botlog").textContent = state.log;
    at("manner").value = state.manner;
    at("manner").disabled = state.model !== "stand-in";
    for (const one of document.querySelectorAll("[data-fault]")) {
      const kind = one.dataset.fault;
      const left = state.faults.throttled ? ` (${state.faults.throttled} left)` : "";
      if (one.hasAttribute("aria-pressed")) one.setAttribute("aria-pressed", String(state.faults[kind]));
      if (kind === "throttle") one.textContent = `429 on the next calls${left}`;
      if (kind === "kill") one.disabled = state.bot_state === "down";
      if (kind === "start") one.disabled = state.bot_state !== "down";
    }
  }
  if (look.drawer === "wire") { at("drawertitle").textContent = "On the wire"; loadWire(); }
}

let wiring = false, again = false;
async function loadWire() {
  if (wiring) { again = true; return; }
  wiring = true;
  const rows = await (await fetch("wire")).json();
  keyed(at("rows"), rows.reverse(), (row) => `${row.s} ${row.to} ${row.name}`, (row) => {
    const line = el("summary", { "data-k": "row" }, span("at", row.s.toFixed(2)),
      span("", row.to === "slack" ? "bot → Slack" : "Slack → bot"), el("code", {}, row.name),
      span("", row.ms === null ? "…" : `${row.ms} ms`), span("error", row.error || (row.broken.length ? "breaks a rule" : "")));
    const rules = row.broken.map((one) => el("p", { class: "error" }, `Slack's rule: ${one}`));
    const failed = row.error || row.broken.length;
    return el("li", { class: failed ? "failed" : "" }, el("details", {}, line, ...rules, el("pre", {}, row.body)));
  });
  setTimeout(() => { wiring = false; if (again) { again = false; if (look.drawer === "wire") loadWire(); } }, 250);
}

// --- modals --------------------------------------------------------------------------------------------------------

function values() {
  const found = {};
  for (const holder of at("modal").querySelectorAll("[data-block]")) {
    const box = holder.querySelector("[data-action]");
    if (!box) continue;
    const type = box.dataset.type;
    const label = (one) => ({ type: "plain_text", text: (one.closest("label") || one).textContent });
    const texts = (nodes) => [...nodes].map((one) => ({ value: one.value, text: label(one) }));
    const value = { type };
    if (type === "radio_buttons") value.selected_option = texts(box.querySelectorAll("input:checked"))[0] || null;
    else if (type === "checkboxes") value.selected_options = texts(box.querySelectorAll("input:checked"));
    else if (type === "multi_static_select") value.selected_options = texts(box.selectedOptions);
    else if (type === "static_select") value.selected_option = box.value ? texts(box.selectedOptions)[0] : null;
    else if (type === "users_select") value.selected_user = box.value || null;
    else if (type === "datepicker") value.selected_date = box.value || null;
    else value.value = box.value || null;
    found[holder.dataset.block] = { [box.dataset.action]: value };
  }
  return found;
}

function renderModal() {
  const dialog = at("modal");
  const top = state.modals.filter((one) => one.user === look.user).at(-1);
  const sign = JSON.stringify(top || null);
  if (dialog.dataset.sign === sign) return;
  dialog.dataset.sign = sign;
  mine.modal = top ? top.id : null;
  if (!top) { if (dialog.open) dialog.close(); return; }
  const view = top.view;
  const leave = { onclick: () => closeModal() };
  const send_ = view.submit ? el("button", { type: "submit", class: "primary" }, said(view.submit)) : "";
  const form = el("form", { method: "dialog", novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(top.id); } },
    div("bar", el("h2", { id: "modaltitle" }, said(view.title)), button({ class: "plain", "aria-label": "Close", ...leave }, "✕")),
    el("div", { class: "content", tabindex: "0", role: "region", "aria-labelledby": "modaltitle" }, blocks(view.blocks, { view: top.id })),
    div("actions end", button(leave, view.close ? said(view.close) : "Close"), send_));
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  const first = form.querySelector(".content input, .content textarea, .content select");
  if (first) first.focus();
}

const closeModal = () => mine.modal && act("close", { view: mine.modal });

async function submit(view) {
  const { errors } = await act("submit", { view, values: values() });
  for (const node of at("modal").querySelectorAll(".error")) node.textContent = "";
  for (const [id, text] of Object.entries(errors || {})) {
    const holder = [...at("modal").querySelectorAll("[data-block]")].find((one) => one.dataset.block === id);
    if (holder) holder.querySelector(".error").textContent = text;
    else at("live").textContent = text;
  }
}

// --- what people do ------------------------------------------------------------------------------------------------

async function act(name, facts = {}) {
  const body = JSON.stringify({ act: name, ...facts });
  const answer = await fetch("do", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return answer.ok ? answer.json() : {};
}

const focusOn = (id) => requestAnimationFrame(() => at(id) && at(id).focus());

function visit(place, home) {
  Object.assign(look, { place, home, thread: null, menu: false });
  if (place[0] === "D") act("home", { user: look.user, tab: home ? "home" : "messages" });
  render();
  if (!home) prefill(at("words"));
}

function openThread(ts) {
  look.thread = ts;
  render();
  at("replywords").focus();
}

// In a channel the bot answers those who name it; in a thread of its own it is not needed.
function prefill(box) {
  if (box.id === "replywords") return;
  if (!box.value.trim() || box.value.trim() === "@" + state.bot.name) box.value = look.place[0] === "D" ? "" : `@${state.bot.name} `;
}

async function send(box, text, thread) {
  const named = `@${state.bot.name} `;
  while (text.startsWith(named + named)) text = text.slice(named.length);  // ours, and the one that was typed
  if (!text.trim() || text.trim() === "@" + state.bot.name) return;
  box.value = "";
  const { ts } = await act("say", { channel: look.place, user: look.user, text: text.trim(), thread });
  const asks = look.place[0] === "D" || text.includes("@" + state.bot.name);
  if (!thread && asks && ts) { await until(() => state.messages.some((one) => one.ts === ts)); openThread(ts); } else prefill(box);
}

async function until(true_) {
  for (let n = 0; n < 100 && !true_(); n++) await new Promise((resolve) => setTimeout(resolve, 20));
}

function wireUp() {
  for (const list of [at("log"), at("replies")]) {
    list.addEventListener("scroll", () => { list.low = list.scrollHeight - list.scrollTop - list.clientHeight < 60; });
    new ResizeObserver(() => stick(list)).observe(list);
  }
  for (const [form, box, thread] of [["compose", "words", () => null], ["reply", "replywords", () => look.thread]]) {
    at(form).addEventListener("submit", (event) => { event.preventDefault(); send(at(box), at(box).value, thread()); });
    at(box).addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); at(form).requestSubmit(); }
    });
    at(box).addEventListener("focus", () => state && prefill(at(box)));
  }
  at("who").addEventListener("change", () => {
    const dm = look.place[0] === "D";
    Object.assign(look, { user: at("who").value, thread: dm ? null : look.thread, place: dm ? "D" + at("who").value : look.place });
    if (look.home) act("home", { user: look.user });
    render();
  });
  at("menu").addEventListener("click", () => { look.menu = !look.menu; render(); });
  at("closethread").addEventListener("click", () => { look.thread = null; render(); at("words").focus(); });
  for (const name of ["faults", "wire"]) at("open" + name).addEventListener("click", () => {
    Object.assign(look, { drawer: look.drawer === name ? null : name, menu: false });
    render();
  });
  at("closedrawer").addEventListener("click", () => { look.drawer = null; render(); });
  at("manner").addEventListener("change", () => act("model", { manner: at("manner").value }));
  for (const one of document.querySelectorAll("[data-fault]"))
    one.addEventListener("click", () => act("fault", { kind: one.dataset.fault }));
  at("modal").addEventListener("cancel", (event) => { event.preventDefault(); closeModal(); });
  const preferred = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (document.documentElement.dataset.theme || (preferred.matches ? "dark" : "light")) === "dark";
  const label = () => { at("theme").textContent = dark() ? "Light" : "Dark"; };
  at("theme").addEventListener("click", () => { document.documentElement.dataset.theme = dark() ? "light" : "dark"; label(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !at("modal").open && mine.editing === null) {
      if (look.drawer) look.drawer = null; else if (look.thread) look.thread = null; else return;
      render();
    }
  });
  label();
  const [user, place, thread] = location.hash.slice(1).split("/");
  Object.assign(look, { user: user || look.user, place: place || look.place, thread: thread || null });
  const events = new EventSource("events");
  events.onmessage = (event) => { const first = !state; state = JSON.parse(event.data); render(); if (first) prefill(at("words")); };
  events.onerror = () => { at("botstate").textContent = "the demo has ended"; at("botstate").className = "down"; };
}

wireUp();
