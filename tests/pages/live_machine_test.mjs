// live_machine_test.mjs - the machine of the live page, in node: the same run every time, the console of QEMU, going
// back, typing, and how runs end
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import fs from "node:fs";
import {test} from "node:test";

import {imagePath, load, memoryHash, pagePath, runUntil, written} from "./live_parts.mjs";

const ended = () => false;

const MOST_BYTES = 1 << 20; // of the page of the tour

async function started(name) {
    const page = await load(name);
    return {...page, run: await page.Run.create(page.parts)};
}

async function finished(name) {
    const made = await started(name);
    runUntil(made.run, ended);
    return made;
}

test("the page of the tour is less than a mebibyte", () => {
    const {size} = fs.statSync(pagePath("tour"));
    assert.ok(size < MOST_BYTES, `${size} bytes`);
});

test("a run is the same every time, with breakpoints and without", async () => {
    const {run, parts, Machine} = await finished("tour");
    const again = (await finished("tour")).run;
    const bare = await Machine.create(parts);
    runUntil(bare, ended);
    assert.equal(run.machine.end, "powered off");
    assert.equal(bare.count, run.machine.count);
    for (const machine of [again.machine, bare])
        assert.equal(memoryHash(machine), memoryHash(run.machine));
    assert.ok(run.moments.all.length > 100);
});

test("but for ring-3 programs that nothing starts, the run is that of the whole image", async () => {
    const {run: {machine}, parts, Machine} = await finished("tour");
    const elf = new Uint8Array(fs.readFileSync(imagePath("tour"))).buffer;
    const whole = await Machine.create({...parts, elf});
    runUntil(whole, ended);
    assert.equal(machine.count, whole.count);
    assert.equal(written(machine), written(whole));
    const [ours, theirs] = [machine, whole].map(({points, memory}) => points.without(() => memory.slice())[0]);
    const differing = ours.filter((byte, i) => byte !== theirs[i]);
    assert.ok(differing.length > 100000 && differing.every((byte) => byte === 0), `${differing.length} bytes`);
});

test("the shell can start its ring-3 programs", async () => {
    const {run} = await started("shell");
    runUntil(run, () => written(run.machine).endsWith("xsh $ "));
    run.machine.type([...Buffer.from("run hello\r")]);
    runUntil(run, () => /hello from process \d+\nxsh \$ $/.test(written(run.machine)));
    assert.match(written(run.machine), /\nhello from process \d+\nxsh/);
});

test("a run that was set back goes on in the same way", async () => {
    const {run} = await finished("tour");
    const hash = memoryHash(run.machine), moments = JSON.stringify(run.moments.all), output = written(run.machine);
    for (const slice of [run.sliceOfLastEvent(), 100, 0]) {
        run.back(slice);
        assert.equal(run.machine.slices, slice);
        assert.ok(!run.machine.end && output.startsWith(written(run.machine)));
        runUntil(run, ended);
        assert.equal(memoryHash(run.machine), hash);
        assert.equal(JSON.stringify(run.moments.all), moments);
        assert.equal(written(run.machine), output);
    }
});

// How many KiB are free depends on where a loader puts the command line.
const comparable = (text) => text.replaceAll("\r", "").replace(/\d+ KiB/, "KiB");

for (const [name, code] of [["philosophers", 0], ["null_pointer", 0], ["reset", 12], ["ring3", 0]]) {
    test(`the console of ${name} is that of QEMU`, async () => {
        const {run} = await finished(name);
        const qemu = spawnSync("/usr/bin/python3", ["tools/run/run.py", "--deterministic", "--memory", "16",
                                                    imagePath(name)], {input: "", timeout: 120000});
        assert.equal(qemu.status, code);
        assert.equal(comparable(written(run.machine)), comparable(qemu.stdout.toString("latin1")));
        assert.equal(run.machine.end, code ? "reset" : "powered off");
    });
}

test("a double fault ends one process, and the others go on", async () => {
    const {run} = await finished("double_fault");
    assert.equal(run.machine.doubleFaults, 1);
    assert.match(written(run.machine), /ended by double fault: .*stack overflow: the guard page[^]*main is done/);
    assert.equal(run.machine.end, "powered off");
});

test("without clock interrupts it hangs", async () => {
    const {run} = await started("hang");
    runUntil(run, ended, 300);
    assert.equal(run.machine.end, null);
    assert.ok(run.machine.now() - run.moments.lastTick > 200);
});

test("what is typed is read, and typed again when the run is repeated", async () => {
    const {run} = await started("shell");
    runUntil(run, () => written(run.machine).endsWith("xsh $ "));
    run.machine.type([...Buffer.from("echo hellp\bo\r")]);
    runUntil(run, () => /echo hellp\x08 \x08o\nhello\n/.test(written(run.machine)));
    assert.match(written(run.machine), /\nhello\n/);
    runUntil(run, ended, run.machine.now() + 20);
    const {slices} = run.machine, hash = memoryHash(run.machine);
    run.back(slices);
    assert.equal(memoryHash(run.machine), hash);
});

// Every line that a story shows is in the page.
function assertSources(story) {
    assert.ok(story.files.length > 0);
    assert.deepEqual(story.files.filter(({lines}) => lines.length < 2).map(({name}) => name), []);
}

test("the detours of the tour are told from end to end", async () => {
    const {run, unfold} = await finished("tour");
    await run.prepare();
    const story = run.story(true);
    assert.deepEqual(story.stories.map(({kind}) => kind), ["tick", "return", "first", "switch"]);
    const hash = memoryHash(run.machine);
    for (const told of story.stories) {
        run.tell(told);
        const titles = told.chapters.map(([, title]) => title);
        assert.ok(!titles.includes("This cannot be told any further"), `${told.kind}: ${titles}`);
    }
    assertSources(run.story(true));
    const [tick, message] = story.stories.map((told) => unfold(story, told));
    assert.deepEqual([...tick[0].words], [...tick.at(-1).words].map(([at, word]) => [at, {...word, since: 0}]));
    assert.ok(story.stories[0].chapters.some(([, title]) => title === "The callback runs"));
    const planted = message.filter((state) => [...state.words.values()].some(({kind}) => kind === "planted"));
    assert.ok(planted.length > 10 && !planted.includes(message[0]) && !planted.includes(message.at(-1)));
    assert.equal(memoryHash(run.machine), hash);
});

test("a story repeats what was typed", async () => {
    const {run} = await started("shell");
    runUntil(run, () => written(run.machine).endsWith("xsh $ "));
    run.machine.type([...Buffer.from("ps\r")]);
    runUntil(run, ended, run.machine.now() + 200);
    await run.prepare();
    const told = run.story(true).stories.at(-1);
    run.tell(told);
    assert.equal(told.kind, "here");
    const stands = told.chapters.find(([, title]) => title === "Here the machine stands");
    assert.equal(told.steps[stands[0]].at, run.machine.count);
    assert.equal(told.steps[stands[0]].eip, run.machine.eip);
});

test("a detour in ring 3 is told from the kernel's side", async () => {
    const {run} = await finished("ring3");
    await run.prepare();
    const told = run.story(true).stories.find(({kind}) => kind === "user");
    run.tell(told);
    assertSources(run.story(true));
    const titles = told.chapters.map(([, title]) => title);
    for (const title of ["The kernel is entered", "In the return page", "The return page asks what is next",
                         "The process is back"])
        assert.ok(titles.includes(title), `${title}: ${titles}`);
    const page = told.steps[told.chapters.find(([, title]) => title === "In the return page")[0]];
    assert.equal(page.eip, 0xBFFFF000);
});
