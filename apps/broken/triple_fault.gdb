# Use: make debug APP=apps/broken/triple_fault.c DETERMINISTIC=1 GDBFLAGS="-batch -x apps/broken/triple_fault.gdb"
set disassemble-next-line off
set trace-commands on
continue
pipe monitor info registers | grep ^[GI]DT=
print &table
ptype /o struct table_pointer
