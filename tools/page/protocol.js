// protocol.js - who does what in a detour: kernel, hardware and program, each in its column, as in the protocols of
// limited direct execution (Arpaci-Dusseau, Operating Systems: Three Easy Pieces, chapter 6)
"use strict";

const HARDWARE = {
    interrupt: "takes the clock interrupt: pushes EFLAGS, CS and EIP, masks interrupts, goes to clkdisp",
    interrupt3: "takes the clock interrupt: goes to ring 0 and the kernel stack, pushes SS, ESP, EFLAGS, CS and EIP, " +
        "masks interrupts, goes to clkdisp",
    trap: "enters the kernel: goes to ring 0 and the kernel stack, masks interrupts",
    iret: "iret: takes EIP, CS and EFLAGS off the stack",
    iret3: "iret: takes EIP, CS, EFLAGS, ESP and SS off the stack, and is in ring 3",
    sysexit: "sysexit: takes EIP and ESP from registers, and is in ring 3",
};

// What the hardware does in the step to `next` by itself; undefined if it is an ordinary instruction.
function hardware(step, next) {
    if (step.hardware)
        return step.hardware;
    if (next.place.startsWith("clkdisp+0x0") && !step.place.startsWith("clkdisp"))
        return HARDWARE[step.ring ? "interrupt3" : "interrupt"];
    if (step.ring && !next.ring)
        return HARDWARE.trap;
    if (step.insn === "iret")
        return HARDWARE[next.ring ? "iret3" : "iret"];
    return step.insn === "sysexit" ? HARDWARE.sysexit : undefined;
}

// Rows: {first: step, actor, parts: what is done}.
function protocol(view) {
    const {story, states} = view;
    const rows = [];
    const add = (first, actor, part) => {
        const last = rows[rows.length - 1];
        if (!last || last.actor !== actor || actor === "hardware")
            rows.push({first, actor, parts: [part]});
        else if (!last.parts.includes(part))
            last.parts.push(part);
    };
    states.slice(0, -1).forEach((state, i) => {
        const step = state.step, next = states[i + 1].step;
        const actor = step.running ? story.functions[state.frames[0][0]][1] : "kernel";
        const other = step.by !== view.detour.lane ? `${laneName(story, step.by)}: ` : "";
        const event = hardware(step, next);
        if (event)
            add(i, "hardware", event);
        else if (step.insn.startsWith("call ") && next.at - step.at > 1)
            add(i, actor, `${other}${step.place.split("+")[0]} calls ${step.insn.slice(5)}`);
        else
            add(i, actor, other + step.place.split("+")[0]);
    });
    return rows;
}

const ACTORS = ["kernel", "hardware", "program"];

function drawProtocol(view) {
    const rows = protocol(view);
    const body = document.createElement("tbody");
    rows.forEach((row, i) => {
        const line = document.createElement("tr");
        const current = row.first <= view.index && (i + 1 === rows.length || rows[i + 1].first > view.index);
        line.className = current ? "current" : "";
        for (const actor of ACTORS) {
            const place = cell(line, actor === row.actor ? `actor ${actor}` : "", "");
            if (actor !== row.actor)
                continue;
            const link = document.createElement("a");
            link.href = `#${view.number}.${row.first}`;
            link.textContent = row.parts.map(breakable).join("; ");
            if (current)
                link.setAttribute("aria-current", "step");
            place.append(link);
        }
        body.append(line);
    });
    byId("protocol").tBodies[0].replaceWith(body);
}
