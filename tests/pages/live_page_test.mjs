// live_page_test.mjs - the live page in each browser of this machine: it runs, is stepped through, typed at, set back
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import {createRequire} from "node:module";
import path from "node:path";
import {after, before, describe, test} from "node:test";
import {pathToFileURL} from "node:url";

import {load, memoryHash, pagePath, runUntil} from "./live_parts.mjs";

const playwright = createRequire(path.join(process.env.NODE_MODULES, "x"))("playwright-core");
const SECONDS = 60;

const find = (...names) => names.flatMap((name) => process.env.PATH.split(":").map((folder) => path.join(folder, name)))
    .find((file) => fs.existsSync(file));

const BROWSERS = {
    chromium: {executablePath: find("chromium", "chromium-browser", "google-chrome"),
               open: (options) => playwright.chromium.launch({...options, args: ["--no-sandbox", "--disable-gpu"]})},
    // Through WebDriver BiDi, which a Firefox of Debian speaks.
    firefox: {executablePath: find("firefox", "firefox-esr"),
              open: (options) => playwright.firefox.launch({...options, channel: "moz-firefox"})},
};

async function launched({executablePath, open}) {
    try {
        return await open({executablePath, timeout: SECONDS * 1000});
    } catch (error) {
        return null;
    }
}

// The hash of the machine's memory after the tour, in node.
async function expectedHash() {
    const {Run, parts} = await load("tour");
    const run = await Run.create(parts);
    runUntil(run, () => false);
    return memoryHash(run.machine);
}

const hashInPage = async () => {
    const {machine} = live.run;
    const [memory] = machine.points.without(() => machine.memory.slice());
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", memory));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

for (const [name, browserKind] of Object.entries(BROWSERS)) {
    const browser = browserKind.executablePath && await launched(browserKind);
    const skip = browser ? false : `there is no ${name}, or it does not start`;
    describe(name, {skip}, () => {
        let page, trouble;

        before(() => { console.log(`# ${name} ${browser.version()}`); });
        after(() => browser.close());

        // A new page with this program; the status says so when it has come so far.
        async function open(program, status = /./, options = {}, address = pathToFileURL(pagePath(program)).href) {
            if (page)
                await page.context().close();
            const context = await browser.newContext({viewport: {width: 1440, height: 1000}, ...options});
            page = await context.newPage();
            trouble = [];
            page.on("console", (message) => trouble.push(message.text()));
            page.on("pageerror", (error) => trouble.push(error.stack));
            await page.goto(address);
            await page.waitForFunction(() => document.documentElement.dataset.ready, null, {timeout: SECONDS * 1000});
            await waitFor("#status", status);
        }

        async function waitFor(selector, pattern) {
            await page.waitForFunction(([where, text]) => new RegExp(text).test(document.querySelector(where).textContent),
                                       [selector, pattern.source], {timeout: SECONDS * 1000});
        }

        const text = (selector) => page.locator(selector).textContent();
        const body = () => page.locator("main").evaluate((main) => main.innerText);
        const calm = () => assert.deepEqual(trouble, []);

        test("the tour runs from a file, to the same memory as in node", async () => {
            await open("tour", /switched itself off/);
            const ready = await page.evaluate(() => document.documentElement.dataset.ready);
            console.log(`# ${name}: ready after ${ready} msec`);
            assert.equal(await page.evaluate(hashInPage), await expectedHash());
            assert.match(await text("#live-console"), /All user processes have completed/);
            assert.equal(await text("#chapter"), "The process runs");
            calm();
        });

        test("100 steps forward and back is the same text", async () => {
            await open("tour", /switched itself off/);
            await page.locator("#stories a").nth(1).click();
            const first = await body();
            for (let i = 0; i < 100; i++)
                await page.keyboard.press("ArrowRight");
            assert.equal(await text("#chapter"), "The process is back");
            assert.notEqual(await body(), first);
            for (let i = 0; i < 100; i++)
                await page.keyboard.press("ArrowLeft");
            assert.equal(await body(), first);
            calm();
        });

        test("what is typed reaches the shell; the machine stops, and is set back", async () => {
            await open("shell");
            await waitFor("#live-console", /xsh \$ $/);
            await page.locator("#keys").click();
            await page.keyboard.type("echo hellp");
            await page.keyboard.press("Backspace");
            await page.keyboard.type("o");
            await page.keyboard.press("Enter");
            await waitFor("#live-console", /echo hello\nhello\nxsh \$ $/);
            assert.equal(await page.locator("#keys").inputValue(), "");
            await page.locator("#run-button").click();
            await waitFor("#status", /It is stopped/);
            await waitFor("#chapter", /Here the machine stands/);
            const moment = await text("#moment"), stopped = await text("#status");
            await page.locator("#on").click();
            assert.notEqual(await text("#moment"), moment);
            await page.locator("#back").click();
            assert.equal(await text("#moment"), moment);
            assert.equal(await text("#status"), stopped);
            await page.locator("#events button").last().click();
            assert.notEqual(await text("#status"), stopped);
            assert.doesNotMatch(await text("#live-console"), /hello/);
            await page.locator("#run-button").click();
            await waitFor("#live-console", /xsh \$ $/);
            await page.locator("#keys").click();
            await page.keyboard.type("echo again");
            await page.keyboard.press("Enter");
            await waitFor("#live-console", /\nagain\n/);
            calm();
        });

        test("double fault, reset and hang are shown as what they are", async () => {
            await open("double_fault", /switched itself off.* 1 double fault/);
            calm();
            await open("reset", /was reset: .*triple fault/);
            calm();
            await open("hang", /It hangs: .* no clock interrupt for \d+ msec/);
            calm();
        });

        test("a detour in ring 3 is shown", async () => {
            await open("ring3", /switched itself off/);
            assert.match(await text("#stories"), /in ring 3/);
            await page.keyboard.press("Shift+ArrowRight");
            assert.equal(await text("#chapter"), "The kernel is entered");
            calm();
        });

        test("it is light or dark, fits every width, and names its licences", async () => {
            await open("tour", /switched itself off/, {colorScheme: "dark"});
            const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
            const theme = () => page.locator("html").getAttribute("data-theme");
            const wanted = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
            assert.ok(wanted || name === "firefox"); // which cannot be told to want it through BiDi
            assert.equal(await theme(), wanted ? "dark" : "light");
            const before = await ground();
            await page.locator("#theme").click();
            assert.equal(await theme(), wanted ? "light" : "dark");
            assert.notEqual(await ground(), before);
            for (const width of [1440, 1024, 420]) {
                await page.setViewportSize({width, height: 900});
                assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width, `${width} pixels`);
            }
            await page.locator("#about-button").click();
            for (const owner of [/The v86 contributors/, /SoftFloat/, /Meta Platforms/, /Poussineau/, /Detour authors/])
                assert.match(await text("#licences"), owner);
            calm();
        });

        test("it works from a web server", async () => {
            const server = http.createServer((request, response) => {
                response.setHeader("Content-Type", "text/html");
                fs.createReadStream(pagePath("philosophers")).pipe(response);
            });
            await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
            await open("philosophers", /switched itself off/, {}, `http://127.0.0.1:${server.address().port}/page.html`);
            calm();
            server.close();
            server.closeAllConnections();
        });
    });
}
