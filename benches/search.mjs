// Search beside its peers: node benches/search.mjs MODULES SITE QUERIES [SITE QUERIES]...
// MODULES is a node_modules folder with minisearch and pagefind; SITE a folder that haechi built;
// QUERIES a file of tests/search. Prints the mean reciprocal rank of the ten best pages, and bytes.
// Needs chromium: Pagefind runs only in a browser.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, createReadStream, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import vm from "node:vm";

const [modules, ...rest] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "x"));
const { default: MiniSearch } = require("minisearch").default ? require("minisearch") : { default: require("minisearch") };

const queries = (file) => readFileSync(file, "utf8").split("\n").filter((line) => line && !line.startsWith("#"))
  .map((line) => line.split("\t")).map(([query, pages]) => ({ query, pages: pages.split(" ").map((page) => `${page}.html`) }));
const rank = (hits, pages) => {
  const unique = [...new Set(hits)].slice(0, 10);
  const at = unique.findIndex((hit) => pages.includes(hit));
  return at < 0 ? 0 : 1 / (at + 1);
};
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

// The sections of a site, read from the texts that haechi's own index shows.
const sections = (site) => {
  const found = [];
  const names = readdirSync(join(site, "search")).filter((name) => /^p\d+-\d+\.js$/.test(name));
  for (const name of names) {
    vm.runInNewContext(readFileSync(join(site, "search", name), "utf8"), {
      haechiSearch: { page: (_, data) => data.sections.forEach(([anchor, path, text]) => found.push({ page: data.href, title: data.title, heading: path.at(-1) ?? data.title, text })) },
    });
  }
  return found;
};

const miniSearch = (site, asked) => {
  const index = new MiniSearch({ fields: ["title", "heading", "text"], storeFields: ["page"] });
  index.addAll(sections(site).map((section, id) => ({ id, ...section })));
  const options = { prefix: true, fuzzy: 0.2, boost: { title: 3, heading: 2 } };
  const ranks = asked.map(({ query, pages }) => rank(index.search(query, options).map((hit) => hit.page), pages));
  return { ranks, bytes: Buffer.byteLength(JSON.stringify(index)) };
};

// Serves a folder; what the page posts settles `told`.
const serve = (folder) => new Promise((ready) => {
  const kinds = { html: "text/html", js: "text/javascript", css: "text/css", json: "application/json" };
  let tell;
  const told = new Promise((done) => { tell = done; });
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      let body = "";
      request.on("data", (piece) => { body += piece; }).on("end", () => { response.end(); tell(JSON.parse(body)); });
      return;
    }
    const path = join(folder, decodeURIComponent(new URL(request.url, "http://x").pathname));
    if (!existsSync(path)) { response.writeHead(404).end(); return; }
    response.writeHead(200, { "content-type": kinds[path.split(".").pop()] ?? "application/octet-stream" });
    createReadStream(path).pipe(response);
  });
  server.listen(0, "127.0.0.1", () => ready({ server, told }));
});

// Both haechi and Pagefind in the same browser, the same way.
const browser = async (site, asked, modules) => {
  const folder = mkdtempSync(join(tmpdir(), "haechi-search-"));
  cpSync(site, folder, { recursive: true });
  execFileSync(join(resolve(modules), ".bin", "pagefind"), ["--site", folder, "--root-selector", "main"], { stdio: "ignore" });
  const ask = `
    const asked = ${JSON.stringify(asked.map(({ query }) => query))};
    const wait = (test) => new Promise((done) => { const look = () => (test() ? done() : setTimeout(look, 20)); look(); });
    const own = document.createElement("script"); own.src = "search.js"; own.dataset.root = ""; document.head.append(own);
    await wait(() => window.haechiFind);
    const haechi = [];
    for (const query of asked) haechi.push((await window.haechiFind(query, 10)).map((hit) => hit.href.split("#")[0]));
    const pf = await import("./pagefind/pagefind.js");
    const pagefind = [];
    for (const query of asked) {
      const { results } = await pf.search(query);
      pagefind.push((await Promise.all(results.slice(0, 10).map((r) => r.data()))).map((d) => d.raw_url ?? d.url));
    }
    await fetch("done", { method: "POST", body: JSON.stringify({ haechi, pagefind }) });`;
  writeFileSync(join(folder, "ask.html"), `<!doctype html><meta charset="utf-8"><script type="module">${ask}</script>`);
  const { server, told: answer } = await serve(folder);
  const profile = mkdtempSync(join(tmpdir(), "haechi-chromium-"));
  const chromium = spawn("chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", `--user-data-dir=${profile}`,
    "--remote-debugging-port=0", `http://127.0.0.1:${server.address().port}/ask.html`], { stdio: "ignore" });
  const told = await answer;
  chromium.kill();
  await new Promise((done) => chromium.on("exit", done));
  server.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(profile, { recursive: true, force: true });
  const strip = (hits) => hits.map((hit) => hit.replace(/^\//, "").split("#")[0]);
  return {
    haechi: asked.map(({ pages }, at) => rank(told.haechi[at], pages)),
    pagefind: asked.map(({ pages }, at) => rank(strip(told.pagefind[at]), pages)),
  };
};

console.log("| queries | haechi | Pagefind | MiniSearch |\n| --- | ---: | ---: | ---: |");
const all = { haechi: [], pagefind: [], mini: [] };
for (let at = 0; at < rest.length; at += 2) {
  const asked = queries(rest[at + 1]);
  const { ranks: mini } = miniSearch(rest[at], asked);
  const { haechi, pagefind } = await browser(rest[at], asked, modules);
  console.log(`| ${rest[at + 1]} (${asked.length}) | ${mean(haechi).toFixed(3)} | ${mean(pagefind).toFixed(3)} | ${mean(mini).toFixed(3)} |`);
  all.haechi.push(...haechi); all.pagefind.push(...pagefind); all.mini.push(...mini);
}
console.log(`| all (${all.haechi.length}) | ${mean(all.haechi).toFixed(3)} | ${mean(all.pagefind).toFixed(3)} | ${mean(all.mini).toFixed(3)} |`);
