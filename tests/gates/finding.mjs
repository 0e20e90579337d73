// What a reader who looks for something is promised.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const WANTED = 0.95;

const kind = (query) => {
  if (/^[ㄱ-ㅎ]+$/.test(query)) return "initials";
  if (/[ㄱ-ㅎ]$/.test(query)) return "unfinished";
  if (!/[가-힣]/.test(query)) return "English and commands";
  return /\s/.test(query) ? "several words" : "a word";
};

// A file of tests/search: queries, each with the pages that answer it.
const queriesOf = async (file) => {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line && !line.startsWith("#"));
  return lines.map((line) => line.split("\t")).map(([query, pages]) => ({ query, pages: pages.split(" ").map((name) => `${name}.html`) }));
};

/** The queries in the tree lead to the pages that answer them, in each kind of query. */
export const ranks = async ({ open, gate, here, guide }) => {
  const problems = [];
  const { page } = await open(`${here.address}run.html`);
  await page.click("button.find");
  await page.waitForSelector("dialog.search input");
  const asked = await queriesOf(join(guide, "tests/search/guide.tsv"));
  const found = await page.evaluate(async (queries) => {
    const all = [];
    for (const query of queries) all.push((await window.haechiFind(query)).map(({ href }) => href.split("#")[0]));
    return all;
  }, asked.map(({ query }) => query));
  const kinds = new Map();
  asked.forEach(({ query, pages }, number) => {
    const at = [...new Set(found[number])].findIndex((href) => pages.includes(href));
    const rank = at < 0 ? 0 : 1 / (at + 1);
    const known = kinds.get(kind(query)) ?? [];
    kinds.set(kind(query), [...known, { query, rank }]);
  });
  const mean = (all) => all.reduce((sum, { rank }) => sum + rank, 0) / all.length;
  const whole = mean([...kinds.values()].flat());
  const each = [["all", whole, []], ...[...kinds].map(([name, all]) => [`${name} (${all.length})`, mean(all), all])];
  for (const [name, value, all] of each) {
    if (value < WANTED) problems.push(`${name}: ${value.toFixed(3)}: ${all.filter(({ rank }) => rank < 1).map(({ query, rank }) => `${query} ${rank.toFixed(2)}`).join(", ")}`);
  }
  await page.close();
  gate("search, mean reciprocal rank", each.map(([name, value]) => `${name} ${value.toFixed(3)}`).join(", "), problems);
};

/** What a beginner types is answered by one of the first three results that the box shows. */
export const beginners = async ({ open, gate, here, guide }) => {
  const problems = [];
  const { page } = await open(`${here.address}index.html`);
  await page.click("button.find");
  await page.waitForSelector("dialog.search input");
  const asked = await queriesOf(join(guide, "tests/search/beginners.tsv"));
  for (const { query, pages } of asked) {
    await page.$eval("dialog.search input", (input) => { input.value = ""; });
    await page.type("dialog.search input", query);
    // The answer to the last letter.
    const shown = await page.waitForFunction(async (query) => {
      const wanted = (await window.haechiFind(query)).slice(0, 3).map(({ href }) => href);
      const hits = [...document.querySelectorAll("#hits a")].slice(0, 3).map((link) => link.getAttribute("href"));
      return wanted.join() === hits.join() && hits;
    }, {}, query);
    const hits = (await shown.jsonValue()).map((href) => href.split("#")[0]);
    if (!hits.some((href) => pages.includes(href))) problems.push(`${query}: ${hits.join(", ")} instead of ${pages.join(" or ")}`);
  }
  await page.close();
  gate("search, beginners", `${asked.length - problems.length} of ${asked.length} answered by the first three results`, problems);
};

/** What the search says is true, it knows synonyms, and helps where there is nothing. */
export const search = async ({ open, gate, there }) => {
  const problems = [];
  const { page } = await open(`${there.address}states.html`);
  await page.click("button.find");
  await page.waitForSelector("dialog.search input");
  const ask = async (query) => {
    await page.$eval("dialog.search input", (input) => { input.value = ""; });
    await page.type("dialog.search input", query);
    await page.waitForFunction(() => document.querySelector(".search .told").textContent !== "");
    // The answer to the last letter.
    await page.waitForFunction(async (query) => {
      const { total } = await window.haechiFind(query);
      return document.querySelector(".search .told").textContent.match(/\d+/)?.[0] === (total ? String(total) : undefined);
    }, {}, query);
    return page.evaluate(() => ({ told: document.querySelector(".search .told").textContent, hits: [...document.querySelectorAll("#hits a")].map((link) => link.href), advice: document.querySelector(".advice").checkVisibility() && document.querySelector(".advice").textContent, more: document.querySelector(".more").checkVisibility() }));
  };
  const many = await ask("a");
  const total = await page.evaluate(async () => (await window.haechiFind("a", 1000)).length);
  if (!many.told.includes(String(total)) || total <= 10 || !many.more) problems.push(`there are ${total} sections with "a", and it says: ${many.told}`);
  await page.click(".more");
  await page.waitForFunction((before) => document.querySelectorAll("#hits a").length > before, {}, many.hits.length);
  const synonym = await ask("erase");
  if (!synonym.hits.some((href) => href.includes("explained.html"))) problems.push(`"erase" does not find what deletes: ${synonym.told}`);
  const nothing = await ask("qqqqzzzz");
  if (nothing.hits.length || !nothing.advice) problems.push(`nothing is found, and there is no advice: ${JSON.stringify(nothing)}`);
  await ask("harm" + "ony").catch(() => {});
  await ask("command");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await page.waitForFunction(() => CSS.highlights.get("found")?.size > 0, { timeout: 5000 }).catch(() => problems.push("nothing is marked on arrival"));
  await page.keyboard.press("Escape");
  if (await page.evaluate(() => CSS.highlights.has("found"))) problems.push("Escape does not clear the marks");
  // Where there is no page, the words of its address are looked for.
  await page.goto(`${there.address}old/docker-volume.html`, { waitUntil: "networkidle0" });
  await page.click("button.find-missing");
  await page.waitForSelector("#hits a");
  const words = await page.$eval("dialog.search input", (input) => input.value);
  if (words !== "old docker volume") problems.push(`the page that is not there looks for ${words}`);
  await page.close();
  gate("search", `${total} found said as ${total}, synonyms, advice, marks, the page that is not there`, problems);
};
