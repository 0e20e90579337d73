// The reader's comforts. Every page works without them.
(() => {
  "use strict";
  const own = document.currentScript;
  const { root, path } = own.dataset;
  const html = document.documentElement;
  const themes = ["light", "dark", "system"];
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* a private window forgets */ } },
  };
  const setTheme = (theme) => {
    if (theme === "light" || theme === "dark") html.dataset.theme = theme;
    else delete html.dataset.theme;
  };
  setTheme(store.get("haechi-theme") ?? html.dataset.scheme);
  html.classList.add("scripted");
  // The words of the scripts in the language of the book.
  const say = html.lang.startsWith("ko") ? (korean) => korean : (_, english) => english;
  window.haechiSay = say;

  // Called by toc.js, which stands inside the element that it fills.
  window.haechiContents = (tree, fold) => {
    const place = document.getElementById("contents");
    if (!place) return;
    place.innerHTML = tree;
    for (const link of place.querySelectorAll("a")) {
      const target = link.getAttribute("href");
      if (decodeURI(target) === path) {
        link.setAttribute("aria-current", "page");
        for (let item = link.closest("li"); item; item = item.parentElement.closest("li")) item.classList.add("open");
      }
      link.setAttribute("href", root + target);
    }
    // Chapters below the level `fold` are closed until asked for.
    if (fold !== undefined) {
      for (const list of place.querySelectorAll("li > ol")) {
        const item = list.parentElement;
        let level = 0;
        for (let above = item; above; above = above.parentElement.closest("li")) level += 1;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "fold";
        button.setAttribute("aria-label", say("아래 절", "Sections below"));
        const set = (open) => { list.hidden = !open; button.setAttribute("aria-expanded", String(open)); };
        set(level <= fold || item.classList.contains("open"));
        button.addEventListener("click", () => set(list.hidden));
        item.classList.add("folds");
        list.before(button);
      }
    }
    const saved = sessionStorage.getItem("haechi-contents");
    if (saved) place.scrollTop = Number(saved);
    const current = place.querySelector("[aria-current]");
    if (current) {
      const { top, bottom } = current.getBoundingClientRect();
      const box = place.getBoundingClientRect();
      if (top < box.top || bottom > box.bottom) current.scrollIntoView({ block: "center" });
    }
    addEventListener("pagehide", () => sessionStorage.setItem("haechi-contents", String(place.scrollTop)));
  };

  // The player of recordings, once it is asked for.
  let loading;
  const player = () => loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${root}player.js`;
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button.theme");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const dark = html.dataset.theme ? html.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
        const next = themes[dark ? 0 : 1];
        setTheme(next);
        store.set("haechi-theme", next);
      });
    }

    const find = document.querySelector("button.find");
    if (find) {
      find.hidden = false;
      const open = () => {
        if (window.haechiOpenSearch) { window.haechiOpenSearch(); return; }
        if (document.querySelector("script[src$='search.js']")) return;
        const script = document.createElement("script");
        script.src = `${root}search.js`;
        script.dataset.root = root;
        document.head.append(script);
      };
      find.addEventListener("click", open);
      document.addEventListener("keydown", (event) => {
        const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
        const wanted = (event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey));
        if (wanted && !event.altKey) { event.preventDefault(); open(); }
      });
    }

    const menu = document.querySelector("a.menu");
    const contents = document.getElementById("contents");
    if (menu && contents) {
      menu.setAttribute("role", "button");
      menu.setAttribute("aria-expanded", "false");
      menu.setAttribute("aria-controls", "contents");
      const toggle = (open) => {
        html.classList.toggle("menu-open", open);
        menu.setAttribute("aria-expanded", String(open));
        if (open) (contents.querySelector("[aria-current]") ?? contents.querySelector("a"))?.focus();
      };
      menu.addEventListener("click", (event) => {
        event.preventDefault();
        toggle(!html.classList.contains("menu-open"));
      });
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && html.classList.contains("menu-open")) { toggle(false); menu.focus(); }
      });
      document.querySelector("main")?.addEventListener("click", () => toggle(false));
    }

    // Copies commands without prompts and output.
    for (const block of document.querySelectorAll(".code:not(.output)")) {
      const code = block.querySelector("code");
      const copy = document.createElement("button");
      copy.type = "button";
      copy.className = "copy";
      copy.textContent = say("복사", "Copy");
      copy.addEventListener("click", async () => {
        const commands = [...code.querySelectorAll(".cmd")].map((command) => command.textContent);
        const shown = code.cloneNode(true);
        if (!block.classList.contains("all")) shown.querySelectorAll(".boring").forEach((line) => line.remove());
        await navigator.clipboard.writeText(commands.length ? commands.join("\n") : shown.textContent.trimEnd());
        copy.textContent = say("복사함", "Copied");
        setTimeout(() => { copy.textContent = say("복사", "Copy"); }, 1500);
      });
      block.append(copy);
    }

    // Lines that the author hides at first.
    for (const line of document.querySelectorAll(".code:not(.boring-known) .boring")) {
      const block = line.closest(".code");
      if (block.classList.contains("boring-known")) continue;
      block.classList.add("boring-known");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "reveal";
      const set = (all) => {
        block.classList.toggle("all", all);
        button.setAttribute("aria-pressed", String(all));
        button.textContent = all ? say("덜 보기", "Show less") : say("숨긴 줄 보기", "Show hidden lines");
      };
      set(false);
      button.addEventListener("click", () => set(!block.classList.contains("all")));
      block.append(button);
    }

    // Alternatives, one at a time. The choice is kept, and other groups with the same names follow it.
    const groups = [...document.querySelectorAll(".tabs")].map((group, number) => {
      const sections = [...group.querySelectorAll(":scope > section")];
      const names = sections.map((section) => section.querySelector("h1, h2, h3, h4, h5, h6")?.textContent.trim() ?? "");
      const list = document.createElement("div");
      list.className = "tab-list";
      list.setAttribute("role", "tablist");
      const tabs = sections.map((section, at) => {
        const tab = document.createElement("button");
        tab.type = "button";
        tab.id = `tab-${number}-${at}`;
        tab.textContent = names[at];
        tab.setAttribute("role", "tab");
        section.id ||= `tab-panel-${number}-${at}`;
        tab.setAttribute("aria-controls", section.id);
        section.setAttribute("role", "tabpanel");
        section.setAttribute("aria-labelledby", tab.id);
        list.append(tab);
        return tab;
      });
      const show = (name) => {
        const shown = names.indexOf(name);
        if (shown < 0) return;
        sections.forEach((section, at) => {
          section.hidden = at !== shown;
          tabs[at].setAttribute("aria-selected", String(at === shown));
          tabs[at].tabIndex = at === shown ? 0 : -1;
        });
      };
      list.addEventListener("click", (event) => { if (event.target.role === "tab") choose(event.target.textContent); });
      list.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        const at = tabs.indexOf(event.target);
        if (!step || at < 0) return;
        event.preventDefault();
        event.stopPropagation();
        const next = (at + step + tabs.length) % tabs.length;
        choose(names[next]);
        tabs[next].focus();
      });
      group.classList.add("tabbed");
      group.prepend(list);
      show(names[0]);
      return { show, sections, names };
    });
    const choose = (name) => {
      const top = document.activeElement?.getBoundingClientRect().top;
      groups.forEach(({ show }) => show(name));
      // What was clicked stays where it is.
      if (top !== undefined) scrollBy({ top: document.activeElement.getBoundingClientRect().top - top, behavior: "instant" });
      store.set("haechi-tab", name);
    };
    const chosen = store.get("haechi-tab");
    if (chosen) groups.forEach(({ show }) => show(chosen));
    const toTab = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      for (const { show, sections, names } of groups) {
        const at = sections.findIndex((section) => target && section.contains(target));
        if (at >= 0) { show(names[at]); target.scrollIntoView({ behavior: "instant" }); }
      }
    };
    addEventListener("hashchange", toTab);
    if (location.hash) toTab();

    // A recording is played where it stands: the part of it that belongs to the snippet.
    for (const link of document.querySelectorAll("a.recording")) {
      link.addEventListener("click", async (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        if (link.dataset.playing) return;
        link.dataset.playing = "yes";
        try {
          await player();
          await window.haechiPlay(link);
        } catch {
          location.href = link.href;
        }
      });
    }

    // A section that has moved leads on by itself.
    const goOn = () => document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest(".moved")?.querySelector("a")?.click();
    addEventListener("hashchange", goOn);
    goOn();

    // Marks the heading that is being read.
    const links = new Map([...document.querySelectorAll(".here a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    if (links.size) {
      const headings = [...document.querySelectorAll("article h2[id], article h3[id]")].filter((heading) => links.has(heading.id));
      const mark = () => {
        const line = innerHeight * 0.25;
        const passed = headings.filter((heading) => heading.getBoundingClientRect().top < line);
        const current = passed[passed.length - 1] ?? headings[0];
        for (const [id, link] of links) {
          if (id === current?.id) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        }
      };
      addEventListener("scroll", mark, { passive: true });
      mark();
    }

    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, pre")) return;
      const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
      const link = rel && document.querySelector(`a[rel=${rel}]`);
      if (link) link.click();
    });

    if ("live" in own.dataset) live();
  });

  // The preview: shows a save, what is wrong with it, and how its snippets fare.
  const live = () => {
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
  };
})();
