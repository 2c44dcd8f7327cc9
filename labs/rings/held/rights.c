/* rights.c - task 10: ports */
#include <rings.h>

static pid32 run_with(uint32 capabilities, const char *what, uint32 first, uint32 second)
{
    pid32 pid = prepare_with(capabilities, "rights", what, first, second);

    recvclr();
    resume(pid);
    return pid;
}

static void report_asking(const char *what, uint32 capabilities, uint32 first, uint32 count)
{
    run_with(capabilities, "ask", first, count);
    report("%s: %d", what, (int)hear());
    await_end_of_program();
}

void check_ports(void)
{
    uint32 value = given(0, 0, 255), got;

    report_asking("without the right to", CAP_ALL & ~CAP_PORTS, 0x3ff, 1);
    report_asking("all ports", CAP_PORTS, 0, 0x10000);
    report_asking("one behind the last", CAP_PORTS, 0xffff, 2);
    report_asking("far behind it", CAP_PORTS, 0xfffffffe, 4);
    run_with(CAP_PORTS, "use", value, 0);
    report("one port: %d", (int)hear());
    got = hear();
    report("it writes %u there, and reads %u", value, got);
    await_end_of_program();
}

static void report_with_ports(const char *what, const char *how, uint32 number)
{
    report("%s: it %s", what, ending_of(prepare_with(CAP_PORTS, "rights", how, number, 0)));
}

void check_closed(void)
{
    pid32 holder = run_with(CAP_PORTS, "hold", 0, 0);

    report("one has a port: %s", hear_yes());
    report_with_ports("another that uses it", "touch", 0);
    recvclr();
    send(holder, 0);
    report("the one uses it again: it %s", hear() == GOES_ON ? "goes on" : "is ended");
    report_with_ports("the next port", "other", 0x3fe);
    report_with_ports("a port 8 further", "other", 0x3f7);
    report_with_ports("two ports at once", "wide", 0);
    report_with_ports("when it is closed again", "closed", 0);
}
