// The preview: shows a save, what is wrong with it, and how its snippets fare.
(() => {
  "use strict";
  const { path, say } = window.haechi;
  const html = document.documentElement;
  const place = document.createElement("div");
  place.className = "live-notes";
  place.setAttribute("role", "status");
  const [wrong, running] = ["live-wrong", "live-running"].map((name) => {
    const part = document.createElement("pre");
    part.className = name;
    part.hidden = true;
    place.append(part);
    return part;
  });
  document.body.append(place);
  const signs = { pass: "✓", drift: "≈", fail: "✗", error: "!", skipped: "–" };
  const hear = (note) => {
    if (note.kind === "reload" && (!note.pages || note.pages.includes(path))) location.reload();
    if (note.kind === "verified" && note.page === path) location.reload();
    if (note.kind === "problems") { wrong.hidden = !note.text; wrong.textContent = (note.text ?? "").trim(); }
    if (note.kind === "progress" && note.page === path) {
      const done = note.verdicts.map((verdict) => signs[verdict] ?? "·").join("");
      running.hidden = false;
      running.textContent = `${say("검증", "verifying")} ${note.verdicts.length}/${note.steps} ${done}${note.running ? `\n${note.running}` : ""}`;
    }
  };
  const connect = (again) => {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/__haechi/live`);
    socket.addEventListener("open", () => {
      html.classList.add("live");
      // What was saved while nobody listened is shown now.
      if (again) location.reload();
    });
    socket.addEventListener("message", ({ data }) => hear(JSON.parse(data)));
    socket.addEventListener("close", () => setTimeout(connect, 1000, true));
  };
  connect(false);
})();
