/* Puts the chat on another page of the same site:
 *   <script src="/static/widget.js" defer></script>
 * data-label: the launcher's text; data-side="left": the other corner.
 * A page of another origin must be named in BOT_FRAME_ANCESTORS. Styles are set through the DOM so that a strict
 * Content-Security-Policy of the host page allows them; it needs script-src and frame-src for the chat's origin.
 */
(function () {
  "use strict";

  const script = document.currentScript;
  if (!script || document.getElementById("hdtthc-launcher")) return;
  const chat = new URL("../?embed=1", script.src);
  const side = script.dataset.side === "left" ? "left" : "right";
  const label = script.dataset.label || "Hỏi thủ tục";
  let panel = null;

  function style(node, values) {
    Object.assign(node.style, values);
    return node;
  }

  function button(text) {
    const node = document.createElement("button");
    node.type = "button";
    node.textContent = text;
    return style(node, {
      minHeight: "48px",
      minWidth: "48px",
      padding: "10px 18px",
      border: "2px solid #ffffff",
      borderRadius: "26px",
      background: "#0b4a7f",
      color: "#ffffff",
      font: "600 18px/1.2 system-ui, Roboto, 'Segoe UI', sans-serif",
      cursor: "pointer",
    });
  }

  const launcher = style(button(""), {
    display: "flex",
    alignItems: "center",
    gap: "10px",
    position: "fixed",
    bottom: "16px",
    [side]: "16px",
    zIndex: "2147483000",
    boxShadow: "0 2px 10px rgba(0, 0, 0, 0.35)",
  });
  launcher.id = "hdtthc-launcher";
  launcher.setAttribute("aria-expanded", "false");
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  said.textContent = label;
  launcher.append(bubble(), said);

  /** A drawing of a speech bubble. */
  function bubble() {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const look = { viewBox: "0 0 24 24", width: "24", height: "24", fill: "none", stroke: "currentColor", "stroke-width": "2", "aria-hidden": "true" };
    for (const name of Object.keys(look)) drawing.setAttribute(name, look[name]);
    line.setAttribute("d", "M4 4.5h16a1.5 1.5 0 0 1 1.5 1.5v9.5A1.5 1.5 0 0 1 20 17h-8.5l-5 4v-4H4a1.5 1.5 0 0 1-1.5-1.5V6A1.5 1.5 0 0 1 4 4.5M7 9.5h10M7 13h6");
    drawing.append(line);
    return drawing;
  }

  function fit() {
    const small = window.innerWidth < 600 || window.innerHeight < 560;
    style(panel, {
      [side]: small ? "0" : "16px",
      bottom: small ? "0" : "16px",
      width: small ? "100%" : "420px",
      height: small ? "100%" : Math.min(720, window.innerHeight - 32) + "px",
      borderRadius: small ? "0" : "14px",
    });
  }

  function build() {
    panel = style(document.createElement("div"), {
      position: "fixed",
      zIndex: "2147483001",
      overflow: "hidden",
      flexDirection: "column",
      background: "#ffffff",
      boxShadow: "0 4px 24px rgba(0, 0, 0, 0.4)",
    });
    panel.id = "hdtthc-panel";
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", "Hỏi đáp thủ tục hành chính");
    const bar = style(document.createElement("div"), {
      display: "flex",
      alignItems: "center",
      justifyContent: "space-between",
      flex: "none",
      paddingLeft: "16px",
      background: "#0b4a7f",
      color: "#ffffff",
      font: "700 19px/1.3 system-ui, Roboto, 'Segoe UI', sans-serif",
    });
    bar.append("Hỏi đáp thủ tục hành chính");
    const frame = style(document.createElement("iframe"), { width: "100%", flex: "1 1 auto", minHeight: "0", border: "0" });
    frame.src = chat.href;
    frame.title = "Hỏi đáp thủ tục hành chính";
    frame.setAttribute("allow", "clipboard-write");
    const shut = style(button("✕"), { minHeight: "52px", padding: "0", borderColor: "transparent", background: "transparent", width: "56px" });
    shut.setAttribute("aria-label", "Đóng ô hỏi đáp");
    shut.addEventListener("click", close);
    bar.append(shut);
    panel.append(bar, frame);
    panel.addEventListener("keydown", (event) => event.key === "Escape" && close());
    window.addEventListener("message", (event) => {
      if (event.source === frame.contentWindow && event.origin === chat.origin) heard(event.data);
    });
    window.addEventListener("resize", fit);
    document.body.append(panel);
  }

  /** What the page in the frame says. */
  function heard(word) {
    if (word === "hdtthc:close") close();
    else if (word === "hdtthc:news" && panel.style.display === "none") said.textContent = "Cán bộ đã trả lời";
  }

  function open() {
    said.textContent = label;
    if (!panel) build();
    panel.style.display = "flex";
    fit();
    launcher.style.display = "none";
    launcher.setAttribute("aria-expanded", "true");
    panel.querySelector("button").focus();
  }

  function close() {
    panel.style.display = "none";
    launcher.style.display = "flex";
    launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
  }

  launcher.addEventListener("click", open);
  document.body.append(launcher);
})();
