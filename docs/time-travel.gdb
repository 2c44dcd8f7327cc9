# The session of docs/time-travel.md:
#   make record APP=wake.c DETERMINISTIC=1
#   make rewind GDBFLAGS='-batch -ex "transcript docs/time-travel.gdb"'
set print frame-arguments presence
set print frame-info location-and-address

bt
break on_message
reverse-continue
bt

break cbfreturn
reverse-continue
set $slot = $esp - 4
x/a $slot
watch -location *(void **) $slot
reverse-continue
bt
reverse-stepi
x/i $eip
x/a $slot

delete
break clkhandler
reverse-continue
bt
seek
reverse-stepi 9 # clkdisp executes 8 instructions before clkhandler
x/i $eip
stepi
x/i $eip
stepi
x/i $eip
x/3wx $esp

delete
seek msec 15
seek detour
wrote *(void **) ($esp - 4)
wrote
timeline 60
calls
calls failed
