// code.cpp - the addresses of the program's functions, which are never called
asm(R"(
        .section .rodata
        .globl text, etext, on_alarm, on_message, on_vacation, on_nothing
        .skip 16
text:
on_alarm:
        .skip 16
on_message:
        .skip 16
on_vacation:
        .skip 16
on_nothing:
        .skip 16
etext:
        .skip 16
        .previous
)");
