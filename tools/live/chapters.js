// chapters.js - which chapter begins at a step: the rules of tools/gdb/chapters.py, whose words facts.py takes
//
// A rule looks at a step and the one before, and names the chapter that begins there; each begins once in a story.
"use strict";

const STANDS = {
    "last event": ["The last event", "From what happened last on the timeline to where the machine was stopped."],
    "stands": ["Here the machine stands", "The next instruction has not been executed yet. The steps that follow are " +
               "what will happen if nothing is typed: a second machine has executed them."],
};

const functionOf = (step) => step.frames.length ? step.frames[0].name : "";
const mnemonic = (step) => step.insn.split(" ")[0];

class Chapters {
    constructor(kinds, texts) {
        Object.assign(this, {kinds, texts: {...texts, ...STANDS}});
    }

    // Whether there is a word of this kind on the stack.
    has(step, kind) {
        return step.words.some((word) => this.kinds[word[2]] === kind);
    }

    tick(step, before) {
        if (!before)
            return "runs";
        const here = functionOf(step), done = mnemonic(before);
        if (here === "clkdisp") {
            if (functionOf(before) !== "clkdisp")
                return "interrupted";
            if (done.startsWith("pusha"))
                return "saved";
            if (before.call)
                return before.entry["prdetour.running"] === step.entry["prdetour.running"] ? "ticked" : "claimed";
            if (done.startsWith("push") && step.words.length > before.words.length && this.has(step, "second"))
                return "second";
        }
        if (here === "cbfmanager" && functionOf(before) === "clkdisp")
            return "manager";
        return this.end(step);
    }

    // What both detours end with.
    end(step) {
        const known = {"callback": "callback", "callback returned": "returned", "home": "home"}[step.mark];
        return known || (functionOf(step) === "cbfmanager" && mnemonic(step).startsWith("popa") ? "popped" : null);
    }

    return(step, before) {
        if (["called", "saving", "away", "sent", "woken"].includes(step.mark))
            return step.mark;
        if (step.mark === "changed" || !before)
            return null;
        const here = functionOf(step);
        if (this.has(step, "planted") && !this.has(before, "planted"))
            return step.running ? "prepared" : "planted";
        if (here === "sleepms" && mnemonic(step) === "ret")
            return "ret";
        if (here === "cbfreturn") {
            if (functionOf(before) === "sleepms")
                return "cbfreturn";
            if (mnemonic(before).startsWith("pusha"))
                return "saved";
            if (before.call)
                return "filled";
        }
        return this.end(step);
    }

    first(step, before) {
        if (!before)
            return "new";
        return step.mark === "begins" ? (step.ring ? "begins in ring 3" : "begins") : null;
    }

    switch(step, before) {
        const marked = {saving: "preempted", woken: "chosen", away: "away"}[step.mark];
        if (marked)
            return marked;
        if (functionOf(step) === "clkdisp" && mnemonic(step).startsWith("popa"))
            return "restored";
        const found = this.tick(step, before);
        return found === "ticked" ? null : found;
    }

    trap(step, before) {
        if (!before)
            return "asks";
        if (step.mark === "home")
            return "answered";
        return before.ring === 3 && step.ring === 0 ? "entered" : null;
    }

    here(step, before) {
        return step.mark === "stands" ? "stands" : before ? null : "last event";
    }

    user(step, before) {
        if (!before)
            return step.mark === "trap" ? "asks" : "runs";
        if (step.mark === "home")
            return "home";
        if (before.ring === 3 && step.ring === 0)
            return this.has(before, "claimed") ? "next" : "entered";
        if (before.ring === 0 && step.ring === 3)
            return this.has(step, "claimed") ? "page" : null;
        return before.call && !this.has(before, "claimed") && this.has(step, "claimed") ? "copied" : null;
    }

    // A list of [index of the first step, title, text] of a story of this kind.
    of(kind, steps) {
        const found = new Map();
        steps.forEach((step, index) => {
            const name = this[kind](step, steps[index - 1]);
            if (name && !found.has(name))
                found.set(name, index);
        });
        return [...found].map(([name, index]) => [index, ...this.texts[name]]);
    }
}
