/* privileged.c - executes the privileged instruction that its argument names */
#include <xinu.h>

static void execute_cli(void)
{
    asm volatile("cli");
}

static void execute_sti(void)
{
    asm volatile("sti");
}

static void execute_hlt(void)
{
    asm volatile("hlt");
}

static void execute_lgdt(void)
{
    static const char table[6];
    asm volatile("lgdt %0" : : "m"(table));
}

static void execute_movcr3(void)
{
    asm volatile("movl %0, %%cr3" : : "r"(0));
}

static void execute_in(void)
{
    asm volatile("inb $0x60, %%al" : : : "eax");
}

static void execute_out(void)
{
    asm volatile("outb %%al, $0x21" : : "a"(0xff)); /* would mask every interrupt */
}

static const struct {
    const char *name;
    void (*execute)(void);
} instructions[] = {
    {"cli", execute_cli},       {"sti", execute_sti}, {"hlt", execute_hlt}, {"lgdt", execute_lgdt},
    {"movcr3", execute_movcr3}, {"in", execute_in},   {"out", execute_out},
};

int main(int argc, char *argv[])
{
    const char *name = argc > 1 ? argv[1] : "cli";

    printf("privileged: %s\n", name);
    for (uint32 i = 0; i < sizeof instructions / sizeof instructions[0]; i++)
        if (strcmp(name, instructions[i].name) == 0)
            instructions[i].execute();
    printf("privileged: goes on\n");
    return OK;
}
