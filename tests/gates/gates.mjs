// What the site promises every reader, measured in Chromium: gates.mjs NODE_MODULES HAECHI GUIDE SCRATCH [NAME]
// With a name, such as `menu` or `keys`, only the gates of that function or file; with `files` those of all files.
//
// Two sites are measured: the guide at the root of a host, and a book with everything that a page can hold
// below a path. Ends with 1 if a gate is not met.
import { spawnSync } from "node:child_process";
import { createReadStream, existsSync } from "node:fs";
import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, normalize, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createGzip, gzipSync } from "node:zlib";
import * as finding from "./finding.mjs";
import * as help from "./help.mjs";
import * as keys from "./keys.mjs";
import * as moving from "./moving.mjs";
import * as paper from "./paper.mjs";
import * as phone from "./phone.mjs";
import * as reader from "./reader.mjs";
import * as speed from "./speed.mjs";
import * as steady from "./steady.mjs";

const [modules, haechi, guide, scratch, only] = process.argv.slice(2);
const require = createRequire(join(modules, "/"));
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const puppeteer = (await load("puppeteer-core")).default;
const { HtmlValidate, StaticConfigLoader } = await load("html-validate");
const axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");

const files = { phone, keys, paper, finding, help, steady, reader, moving };
const FIRST_LOAD = 30_000;
const THEME_LOAD = 18_000;

const wrong = [];
const gate = (name, found, problems) => {
  console.log(`${problems.length ? "✗" : "✓"} ${name}: ${found}`);
  for (const problem of problems) console.log(`    ${problem}`);
  wrong.push(...problems.map((problem) => `${name}: ${problem}`));
};

const run = (...command) => {
  const done = spawnSync(haechi, command, { encoding: "utf8" });
  if (done.error) throw done.error;
  return done;
};

// A host that compresses, as a reader's does. It is nobody's but this run's.
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".json": "application/json", ".xml": "application/xml", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8", ".cast": "text/plain; charset=utf-8", ".png": "image/png" };
const host = (folder, below) => new Promise((resolve) => {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    let file = path.startsWith(below) ? normalize(join(folder, path.slice(below.length))) : "";
    if (file.endsWith(sep) || file === folder) file = join(file, "index.html");
    let status = 200;
    const there = file.startsWith(folder) && await readFile(file).then(() => true, () => false);
    if (!there) { status = 404; file = join(folder, "404.html"); }
    const headers = { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream", "Cache-Control": "max-age=3600" };
    const text = /text|javascript|json|xml/.test(headers["Content-Type"]);
    response.writeHead(status, text ? { ...headers, "Content-Encoding": "gzip" } : headers);
    const stream = createReadStream(file);
    (text ? stream.pipe(createGzip()) : stream).pipe(response);
  });
  server.listen(0, "127.0.0.1", () => resolve({ address: `http://127.0.0.1:${server.address().port}${below}`, close: () => server.close() }));
});

// The two sites.
const site = join(scratch, "guide");
const book = join(scratch, "book");
const everything = join(scratch, "everything");
await cp(join(dirname(fileURLToPath(import.meta.url)), "book"), book, { recursive: true });
run("verify", "--engine", "local", "--trust", book);
// One page's text changes after it was verified; another has never been.
const below = join(book, "src/deep/below.md");
await writeFile(below, (await readFile(below, "utf8")).replace("echo never", "echo again"));
await rm(join(book, "evidence/README.json"));
for (const [from, to] of [[guide, site], [book, everything]]) {
  // The guide's own evidence is as good as the commit that it is in.
  const trusted = existsSync(join(from, ".git")) ? ["--trust-evidence", "HEAD"] : [];
  const built = run("build", from, "--dest-dir", to, ...trusted);
  if (built.status) throw new Error(built.stderr);
}
const here = await host(site, "/");
const there = await host(everything, "/docs/guide/");

// HTML as its standard has it.
const htmlOf = async (folder) => (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".html")).map((name) => join(folder, name));
const validator = (rules) => new HtmlValidate(new StaticConfigLoader({
  root: true,
  extends: ["html-validate:standard", "html-validate:document"],
  // Everything comes from the site itself.
  rules: { "require-sri": ["error", { target: "crossorigin" }], ...rules },
}));
if (!only) {
  const files = [...await htmlOf(site), ...await htmlOf(everything)];
  const whole = (file) => file.endsWith("print.html");
  // The whole book has a first heading for each of its pages.
  const reports = [
    await validator({}).validateMultipleFiles(files.filter((file) => !whole(file))),
    await validator({ "heading-level": ["error", { allowMultipleH1: true }] }).validateMultipleFiles(files.filter(whole)),
  ];
  const problems = reports.flatMap(({ results }) => results).flatMap(({ filePath, messages }) => messages.filter(({ severity }) => severity === 2).map(({ line, column, ruleId, message }) => `${filePath.slice(scratch.length + 1)}:${line}:${column} ${ruleId}: ${message}`));
  gate("html-validate", `${problems.length} errors in ${files.length} pages`, problems.slice(0, 20));
}

const chromium = {
  path: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};
const browser = await puppeteer.launch({ executablePath: chromium.path, args: chromium.args });

// A page that says whatever the browser complains of, and what it asks of others.
const open = async (address, { scheme = "light", width = 1300, height = 900, touch = false, javascript = true } = {}) => {
  const page = await browser.newPage();
  const complaints = [];
  const loaded = [];
  page.on("console", (message) => { if (["error", "warn"].includes(message.type())) complaints.push(`the console says: ${message.text()}`); });
  page.on("pageerror", (error) => complaints.push(`a script fails: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (["http:", "https:"].includes(url.protocol) && url.origin !== new URL(address).origin) complaints.push(`asks ${url.origin}`);
  });
  page.on("response", (response) => loaded.push(response));
  await page.setJavaScriptEnabled(javascript);
  await page.setViewport({ width, height, hasTouch: touch, isMobile: touch });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
  await page.goto(address, { waitUntil: "networkidle0" });
  return { page, complaints, loaded };
};

const tap = async (page, selector) => {
  const { x, y } = await page.$eval(selector, (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  });
  await page.touchscreen.tap(x, y);
};

// The gates that stand in files of their own.
const tools = { browser, chromium, require, open, tap, gate, here, there, guide, run, scratch, site, everything, axe };
for (const file of Object.values(files)) {
  for (const [name, check] of Object.entries(file)) {
    if (only && ![name, "files"].includes(only) && file !== files[only]) continue;
    await check(tools).catch((error) => gate(name, "it fails", [error.message]));
  }
}
if (only) {
  await browser.close();
  if (only in speed) await speed[only](tools);
  here.close();
  there.close();
  process.exit(wrong.length ? 1 : 0);
}

const openProofs = (page) => page.$$eval("details", (all) => all.forEach((details) => { details.open = true; }));
const play = async (page) => {
  await openProofs(page);
  await page.click("a.recording");
  // To its end, which is the end of what was printed.
  await page.waitForFunction(() => {
    const position = document.querySelector(".player input[type=range]");
    return position && position.value === position.max;
  }, { timeout: 20_000 });
  const [played, printed] = await page.$eval(".player", (player) => [player.querySelector("pre").textContent, [...player.closest(".proof").querySelectorAll(".sides figure:last-child pre")].at(-1).innerText]);
  const last = printed.trimEnd().split("\n").at(-1);
  if (!played.includes(last)) throw new Error(`the recording ends without ${JSON.stringify(last)}`);
};
const search = async (page) => {
  await page.click("button.find");
  await page.waitForSelector("dialog.search input");
  await page.type("dialog.search input", page.url().startsWith(here.address) ? "컨테이너" : "snippet");
  await page.waitForSelector("#hits a");
};
const kinds = [
  ["first page", here.address, null],
  ["snippets, proofs open", `${here.address}web.html`, openProofs],
  ["diagrams", `${here.address}architecture.html`, openProofs],
  ["a recording", `${here.address}run.html`, play],
  ["search", `${here.address}run.html`, search],
  ["contents", `${here.address}toc.html`, null],
  ["state", `${here.address}state.html`, null],
  ["everything", there.address, openProofs],
  ["states of a snippet", `${there.address}states.html`, openProofs],
  ["below a folder", `${there.address}deep/below.html`, openProofs],
  ["whole book", `${there.address}print.html`, null],
  ["no such page", `${there.address}deep/none/at-all.html`, null],
];
{
  const problems = [];
  const complained = [];
  let looked = 0;
  for (const [kind, address, prepare] of kinds) {
    for (const scheme of ["light", "dark"]) {
      for (const width of [390, 1300]) {
        const { page, complaints } = await open(address, { scheme, width });
        if (prepare) await prepare(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) problems.push(`${kind}, ${width} px: wider than the screen by ${wide} px`);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
        looked += 1;
        for (const { id, help, nodes } of violations) problems.push(`${kind}, ${scheme}, ${width} px: ${id}: ${help}: ${nodes.slice(0, 2).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary.split("\n").slice(1, 2)}`).join(" | ")} (${nodes.length})`);
        // A page that is not there is told so by the browser, too.
        complained.push(...complaints.filter((text) => !(kind === "no such page" && text.includes("404"))).map((text) => `${kind}, ${scheme}: ${text}`));
        await page.close();
      }
    }
  }
  gate("axe-core", `${problems.length} violations in ${looked} views of ${kinds.length} kinds of pages, light and dark, 390 and 1300 px`, problems);
  gate("console and policy", `${complained.length} complaints, nothing asked of others`, [...new Set(complained)]);
}

// The brightness that a reader chooses reaches the pictures, too.
{
  const problems = [];
  const { page } = await open(there.address, { scheme: "dark" });
  await page.click("button.theme");
  const scheme = await page.$eval(".diagram img", (image) => getComputedStyle(image).colorScheme);
  if (scheme !== "light") problems.push(`the scheme of a diagram is ${scheme}`);
  const [first, second] = await page.$$eval("[role=tab]", (tabs) => tabs.map((tab) => tab.textContent));
  const shown = () => page.$$eval(".tabs > section", (all) => all.filter((section) => section.checkVisibility()).map((section) => section.querySelector("h3").textContent).join());
  if (await shown() !== first) problems.push(`at first ${await shown()} is shown, not ${first}`);
  await page.focus("[role=tab]");
  await page.keyboard.press("ArrowRight");
  if (await shown() !== second) problems.push(`the arrow key leads to ${await shown()}, not ${second}`);
  await page.goto(`${there.address}#debian`);
  if (await shown() !== first) problems.push("a link to a heading does not open its tab");
  await page.close();
  gate("brightness and tabs", "as the reader chooses, by mouse, keys and links", problems);
}

// Commands are copied without prompts and output.
{
  const problems = [];
  await browser.defaultBrowserContext().overridePermissions(new URL(there.address).origin, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
  const { page } = await open(`${there.address}states.html`);
  await page.bringToFront();
  const wanted = await page.$eval(".code:has(.p):has(.cmd)", (block) => {
    block.querySelector(".copy").click();
    return [...block.querySelectorAll(".cmd")].map((command) => command.textContent).join("\n");
  });
  await page.waitForSelector(".copy.copied");
  const said = await page.$eval("p[role=status]", (status) => status.textContent);
  if (said !== "Copied.") problems.push(`said is ${JSON.stringify(said)}`);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  if (copied !== wanted || copied.includes("$ ")) problems.push(`copied ${JSON.stringify(copied)}, not ${JSON.stringify(wanted)}`);
  await page.close();
  gate("copy", JSON.stringify(copied), problems);
}

// Without scripts everything is there and leads everywhere.
{
  const problems = [];
  const { page } = await open(there.address, { javascript: false });
  const seen = await page.evaluate(() => ({
    sections: [...document.querySelectorAll(".tabs section")].every((section) => section.checkVisibility()),
    contents: document.querySelector("noscript a, a.menu")?.getAttribute("href"),
    next: document.querySelector("a[rel=next]")?.href,
  })).catch(() => null);
  // Scripts are off in the page itself, so the answer comes from outside of it.
  const html = await page.content();
  if (seen && !seen.sections) problems.push("a tab is hidden");
  if (!html.includes("toc.html")) problems.push("nothing leads to the contents");
  const frame = await page.$("#contents iframe");
  const framed = await (await frame?.contentFrame())?.$$eval("a", (all) => all.map((link) => link.textContent));
  if (!framed || framed.length < 3) problems.push(`beside the page there are ${framed?.length} entries`);
  const toc = await open(`${there.address}toc.html`, { javascript: false });
  const links = await toc.page.$$eval("main a", (all) => all.map((link) => link.href));
  for (const link of links) {
    const answer = await fetch(link);
    if (!answer.ok) problems.push(`${link} answers ${answer.status}`);
  }
  if (links.length < 3) problems.push(`the contents have ${links.length} links`);
  await toc.page.close();
  await page.close();
  gate("without JavaScript", `${links.length} of the contents' links lead to a page`, problems);
}

// Opened from disk, without any server.
{
  const problems = [];
  const { page, complaints } = await open(pathToFileURL(join(everything, "index.html")).href);
  await page.click("button.find");
  await page.waitForSelector("dialog.search input");
  await page.type("dialog.search input", "snippet");
  await page.waitForSelector("#hits a");
  await page.click("#hits a");
  await page.waitForFunction(() => location.href.includes("states.html"));
  await page.waitForSelector("#contents a[aria-current=page]");
  const found = await page.$eval("#contents a[aria-current=page]", (link) => link.textContent);
  if (!found.includes("States of a snippet")) problems.push(`the contents mark ${found}`);
  await page.close();
  problems.push(...complaints);
  gate("from disk", "search and contents lead to a page", problems);
}

// What a first visit loads, letters and the book's pictures left out: what the theme needs on every page, and
// all of it on pages of a usual length. A long page is as heavy as its own text.
{
  const problems = [];
  const sizes = [];
  for (const [address, usual] of [[here.address, true], [`${here.address}web.html`, true], [`${here.address}troubleshooting.html`, false], [there.address, true]]) {
    const { page, loaded } = await open(address);
    let [text, theme] = [0, 0];
    for (const response of loaded) {
      if (/\.woff2$|\/pictures\/|^data:/.test(response.url())) continue;
      const size = gzipSync(await response.buffer(), { level: 6 }).length;
      if (response.request().resourceType() === "document") text += size;
      else theme += size;
    }
    await page.close();
    sizes.push(`${((text + theme) / 1000).toFixed(1)} kB (${(theme / 1000).toFixed(1)} of the theme)`);
    if (theme > THEME_LOAD) problems.push(`${address}: ${theme} bytes of the theme`);
    if (usual && text + theme > FIRST_LOAD) problems.push(`${address}: ${text + theme} bytes`);
  }
  gate("first load, compressed, without letters and pictures", sizes.join(", "), problems);
}
await browser.close();

// Last, alone: another open browser would take its time.
await speed.lighthouse(tools);
here.close();
there.close();
console.log(wrong.length ? `${wrong.length} gates are not met` : "all gates are met");
process.exitCode = wrong.length ? 1 : 0;
