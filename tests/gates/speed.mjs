// How fast the site is, as Lighthouse sees it.
import { execFile, spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const execute = promisify(execFile);

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const LEAST = 0.95;
// The machine may be busy with other tests, so the best of a few turns counts.
const TURNS = 6;
// A turn takes some 15 s. A browser that hangs must not hang the gates.
const TURN_MS = 120_000;

/** One turn in a browser of its own: the scores of each category, 0 to 1, and the audits that failed. */
const measure = async ({ chromium, require, scratch, address }) => {
  const profile = await mkdtemp(join(scratch, "lighthouse-"));
  // It and Lighthouse are processes that can be ended whatever they wait for.
  const browser = spawn(chromium.path, [...chromium.args, "--headless=new", "--remote-debugging-port=0", `--user-data-dir=${profile}`], { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const end = () => { try { process.kill(-browser.pid, "SIGKILL"); } catch (error) { if (error.code !== "ESRCH") throw error; } };
  const timer = setTimeout(end, TURN_MS);
  try {
    let port;
    for await (const line of createInterface(browser.stderr)) {
      port = /^DevTools listening on .*:(\d+)\//.exec(line)?.[1];
      if (port) break;
    }
    if (!port) throw new Error("the browser does not start");
    browser.stderr.resume();
    const command = [require.resolve("lighthouse/cli/index.js"), address, `--port=${port}`, "--output=json", "--quiet", "--no-enable-error-reporting", `--only-categories=${CATEGORIES}`];
    const { stdout } = await execute(process.execPath, command, { timeout: TURN_MS, killSignal: "SIGKILL", maxBuffer: 64 << 20 });
    const { categories, audits } = JSON.parse(stdout);
    return {
      scores: CATEGORIES.map((id) => categories[id].score ?? 0),
      failed: Object.values(audits).filter(({ score, scoreDisplayMode }) => scoreDisplayMode === "binary" && score === 0).map(({ id }) => id),
    };
  } finally {
    clearTimeout(timer);
    end();
  }
};

/** Lighthouse's categories on the first page and on a page of snippets. */
export const lighthouse = async ({ chromium, require, gate, here, scratch }) => {
  for (const [name, address] of [["first page", here.address], ["a page of snippets", `${here.address}web.html`]]) {
    let best = CATEGORIES.map(() => 0);
    let why = [];
    for (let turn = 0; turn < TURNS && best.some((score) => score < LEAST); turn += 1) {
      try {
        const { scores, failed } = await measure({ chromium, require, scratch, address });
        best = best.map((score, at) => Math.max(score, scores[at]));
        why = failed;
      } catch (error) {
        const [first] = (error.stderr || error.message).split("\n");
        why = [error.killed ? `no answer within ${TURN_MS / 1000} s` : first];
      }
    }
    const problems = best.flatMap((score, at) => score < LEAST ? [`${CATEGORIES[at]} is ${Math.round(score * 100)}: ${why.join(", ")}`] : []);
    gate(`Lighthouse, ${name}`, best.map((score, at) => `${CATEGORIES[at]} ${Math.round(score * 100)}`).join(", "), problems);
  }
};
