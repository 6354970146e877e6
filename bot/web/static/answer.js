/* An answer's plain text as the blocks of a page: headings, lists, notes, sources, links. Text becomes text nodes, never HTML. */
(function () {
  "use strict";

  const NOTES_SHOWN = 3; // of one more than that, the rest waits behind a line to press
  const SOURCES_SHOWN = 3;
  const NOTICE = "📢 Thông báo: ";
  const EMERGENCY = /\b(11[1345])\b(?: \(([^)]+)\))?/g;

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "onclick") node.addEventListener("click", value);
      else if (name === "class") node.className = value;
      else node.setAttribute(name, value);
    }
    for (const child of children.flat()) {
      if (child !== null && child !== undefined) node.append(child);
    }
    return node;
  }

  const icon = window.hdtthc.icon;
  const hidden = (text) => el("span", { class: "hidden" }, text);

  function safeUrl(text) {
    try {
      const url = new URL(text);
      return url.protocol === "http:" || url.protocol === "https:" ? url : null;
    } catch (_) {
      return null;
    }
  }

  function anchor(url, className, ...children) {
    return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", class: className || "" }, children, hidden(" (mở trang mới)"));
  }

  function link(address, text) {
    const url = safeUrl(address);
    if (!url) return document.createTextNode(text || address);
    const bare = address.replace(/^https?:\/\//, "").replace(/\/$/, "");
    const whole = !text && bare.length <= 42;
    return anchor(url, whole ? "bare" : "", text || (whole ? bare : url.host + "/…"));
  }

  /** Text with its addresses as links. */
  function linked(text) {
    const parts = [];
    let from = 0;
    for (const match of text.matchAll(/https?:\/\/[^\s<>"“”]+/g)) {
      let address = match[0].replace(/[.,;:!?…]+$/, "");
      while (address.endsWith(")") && address.split(")").length > address.split("(").length) {
        address = address.slice(0, -1).replace(/[.,;:!?…]+$/, "");
      }
      if (!safeUrl(address)) continue;
      parts.push(text.slice(from, match.index), link(address));
      from = match.index + address.length;
    }
    parts.push(text.slice(from));
    return parts.filter((p) => p !== "");
  }

  const items = (nodes) => nodes.map((node) => el("li", null, node));

  function list(tag, lines, start) {
    const node = el(tag, { class: "lines" }, items(lines.map(linked)));
    if (start && start !== 1) node.setAttribute("start", String(start));
    return node;
  }

  /** A list; where it is long, its end behind a line to press. */
  function folded(nodes, most, rest) {
    const all = items(nodes);
    if (all.length <= most + 1) return [el("ul", { class: "lines" }, all)];
    return [
      el("ul", { class: "lines" }, all.slice(0, most)),
      el("details", null, el("summary", null, "Xem thêm " + (all.length - most) + " " + rest), el("ul", { class: "lines" }, all.slice(most))),
    ];
  }

  const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  /** "Nguồn: …" as a list whose links carry the titles instead of long addresses. */
  function source(text) {
    const checked = /\s*(Kiểm tra ngày [\d/]+\.?)\s*$/.exec(text);
    const body = checked ? text.slice(0, checked.index) : text;
    const parts = body.replace(/\.\s*$/, "").split(/;\s+/);
    const shown = parts.map((part) => {
      const match = /^(.+?)\s*\((https?:\/\/[^\s]+)\)$/.exec(part);
      return match ? [link(match[2], match[1])] : linked(part);
    });
    const node = el("div", { class: "source" });
    if (shown.length === 1) node.append(el("p", null, el("strong", null, "Nguồn: "), shown[0], "."));
    else node.append(el("p", null, el("strong", null, "Nguồn:")), ...folded(shown, SOURCES_SHOWN, "nguồn"));
    if (checked) node.append(el("p", null, checked[1]));
    return node;
  }

  function official(address) {
    const url = safeUrl(address);
    if (!url) return document.createTextNode(address);
    const said = el("span", null, el("strong", null, "Mở trang chính thức"), hidden(": "), el("span", { class: "host" }, url.host));
    return anchor(url, "official", said, icon("out"));
  }

  /** The blocks of one text. ``options``: lines that are shown as buttons elsewhere; ``plain``: its first line is no heading. */
  function blocks(text, options, plain) {
    const lines = text.split("\n").map((line) => line.trim()).filter(Boolean)
      .filter((line) => !options.includes(line.replace(/^\d+\.\s+/, "")));
    const nodes = [];
    const notes = [];
    const sources = [];
    let note = null;
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i];
      const number = /^(\d+)\.\s+/.exec(line);
      if (line.startsWith("- ") || number) {
        const pattern = number ? /^\d+\.\s+/ : /^- /;
        const found = [];
        while (i < lines.length && pattern.test(lines[i])) found.push(lines[i++].replace(pattern, ""));
        i--;
        nodes.push(list(number ? "ol" : "ul", found, number ? Number(number[1]) : 0));
      } else if (line.startsWith("Lưu ý:")) {
        if (!note) nodes.push((note = el("div", { class: "note" })));
        notes.push(upper(line.slice(6).trim()));
      } else if (line.startsWith("Nguồn:")) {
        sources.push(source(line.slice(6).trim()));
      } else if (/^Trang chính thức: https?:\/\/\S+$/.test(line)) {
        nodes.push(official(line.slice(line.indexOf("http"))));
      } else if (i === 0 && lines.length > 1 && !plain) {
        const parts = line.length <= 160 ? null : /^(.{20,160}?[.!?:])\s+(?=\p{Lu})/u.exec(line);
        if (parts) nodes.push(el("h3", null, linked(parts[1])), el("p", null, linked(line.slice(parts[0].length))));
        else nodes.push(el(line.length <= 200 ? "h3" : "p", null, linked(line)));
      } else if (line.endsWith(":") && line.length <= 80) {
        nodes.push(el("h4", null, line));
      } else {
        const label = /^([^:.]{2,40}):\s+(?!\/\/)/.exec(line);
        if (label && lines.length > 1) nodes.push(el("p", null, el("strong", null, label[1] + ": "), linked(line.slice(label[0].length))));
        else nodes.push(el("p", null, linked(line)));
      }
    }
    if (note) {
      note.append(el("strong", null, "Lưu ý"));
      note.append(...(notes.length === 1 ? [el("p", null, linked(notes[0]))] : folded(notes.map(linked), NOTES_SHOWN, "lưu ý")));
    }
    return [...nodes, ...sources];
  }

  const isNotice = (part) => part.startsWith(NOTICE);

  /** A text with the notices of staff taken out that the server put before and after it. */
  function withoutNotices(text) {
    const parts = text.split(/\n{2,}/);
    const before = [];
    while (parts.length > 1 && isNotice(parts[0])) before.push(parts.shift());
    const at = parts.findIndex(isNotice);
    const after = at > 0 ? parts.splice(at) : [];
    return { before: before.map(notice), body: parts.join("\n\n"), after: after.map(notice) };
  }

  function notice(text) {
    const lines = text.replace(NOTICE, "").split("\n").filter((line) => line.trim());
    return el("div", { class: "notice" }, icon("horn"), el("div", null, el("strong", null, "Thông báo"), lines.map((line) => el("p", null, linked(line)))));
  }

  /** The blocks of an answer; each of several answers in one is a section with its own notes and sources. */
  function sections(text, options, plain) {
    const parts = text.split(/\n{2,}(?=Việc thứ \d+: )/);
    if (parts.length === 1) return blocks(text, options, plain);
    return [...blocks(parts[0], options, true), ...parts.slice(1).map((part) => el("section", { class: "part" }, blocks(part, options, false)))];
  }

  /** The emergency numbers of a text as buttons that a phone calls. */
  function calls(text) {
    const found = new Map();
    for (const match of text.matchAll(EMERGENCY)) found.set(match[1], match[2] || found.get(match[1]));
    const buttons = [...found].map(([number, who]) =>
      el("a", { class: "call", href: "tel:" + number }, icon("call"), el("span", null, el("strong", null, "Gọi " + number), who ? el("span", { class: "host" }, who) : null)),
    );
    return el("ul", { class: "calls", "aria-label": "Gọi khẩn cấp" }, items(buttons));
  }

  Object.assign(window.hdtthc, { el: el, linked: linked, sections: sections, withoutNotices: withoutNotices, calls: calls });
})();
