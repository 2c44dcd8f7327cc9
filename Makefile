# Detour: `make run` and `make test` are all there is to know; `make help` lists the rest.
# The work is done by the small programs in tools/, which take these variables from the environment.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.SILENT:
.NOTPARALLEL:
.PHONY: help run shell bochs test test-all test-pages check bench profile latency soak mutants docs debug record rewind page live lab grade questions \
        handin autograder labs prove iso doctor format lint clean

export APP OF RING BOOT DISK MEM NPROC MAP_NULL MONITOR TIMEOUT LIMIT INPUT DETERMINISTIC SEED WERROR GDBFLAGS GDBPORT RECORDING \
       RECORD REAL WINDOW TEST NAME OUT STUDENT COURSE FROM HELD KEY CHECK FOR JOBS ONE REPORT

PYTHON := $(firstword $(wildcard /usr/bin/python3) python3)
MACHINE_OPTIONS = $(if $(MEM),--memory $(MEM)) $(if $(or $(CHECK),$(filter 1,$(DETERMINISTIC))),--deterministic) \
                  $(if $(SEED),--seed $(SEED))
# The program of `make debug` and `make record`: that of APP, or the image of one check of a lab.
PROGRAM = $(if $(CHECK),$(PYTHON) tools/labs/check_image.py,sh tools/build/build.sh image)
# DISPLAY=window must not hide the X display of the same name, in make's own environment, from QEMU.
ifeq ($(origin DISPLAY),command line)
WINDOW := $(DISPLAY)
override DISPLAY := $(shell tr '\0' '\n' </proc/$$PPID/environ | sed -n 's/^DISPLAY=//p')
endif
RUN_OPTIONS = $(MACHINE_OPTIONS) $(if $(TIMEOUT),--timeout $(TIMEOUT)) $(if $(or $(LIMIT),$(CHECK)),--limit $(or $(LIMIT),600)) $(if $(INPUT),--input "$$INPUT") \
              $(if $(DISK),--disk "$$DISK")

# A person at a terminal gets a prompt after the tour.
AT_TERMINAL = $(if $(RING)$(INPUT)$(DETERMINISTIC)$(LIMIT)$(TIMEOUT),,$(wildcard apps/welcome.c))

run: ## run the program APP on the kernel in QEMU (Ctrl-A X ends it); on a terminal, the tour ends with a prompt
	sh tools/build/arguments.sh app
	sh tools/build/setup.sh run $(filter iso,$(BOOT)) $(if $(WINDOW),window)
	if [ -t 0 ] && [ -t 1 ]; then export APP="$${APP:-$(AT_TERMINAL)}"; fi; \
	    image=$$(sh tools/build/build.sh $(or $(filter iso,$(BOOT)),image)) && \
	    $(PYTHON) tools/run/run.py $(RUN_OPTIONS) $(if $(WINDOW),--window) "$$image"

shell: ## start the shell, with commands, files and examples; `poweroff` ends it (APP=xsh_NAME.c: with a command of your own)
	$(MAKE) run APP=$(or $(APP),apps/shell.c) $(if $(WINDOW),DISPLAY=$(WINDOW))

bochs: ## run APP in Bochs, another implementation of the CPU, from a GRUB image
	sh tools/build/arguments.sh app bochs
	sh tools/build/setup.sh bochs
	image=$$(sh tools/build/build.sh image) && \
	    $(PYTHON) tools/run/bochs.py $(if $(MEM),--memory $(MEM)) $(if $(TIMEOUT),--timeout $(TIMEOUT)) "$$image"

test: ## build and run the tests but those that take long; with TEST=name, only that one
	sh tools/build/arguments.sh
	sh tools/build/setup.sh test
	sh tools/check/test.sh

test-all: ## build and run all tests, as CI does
	sh tools/build/arguments.sh
	sh tools/build/setup.sh test
	sh tools/check/test.sh all

test-pages: ## try the recorded and the live page of the tour in chromium, and in firefox if that is here
	sh tools/build/arguments.sh
	sh tools/build/setup.sh pages
	sh tools/build/setup.sh live || echo 'test-pages: not all that the live page needs is here'
	$(PYTHON) tests/pages/run.py
	sh tests/pages/live.sh

check: ## after a change, in seconds: the tests that boot no image
	sh tools/build/arguments.sh
	sh tools/build/setup.sh test
	sh tools/check/test.sh check

bench: ## what each operation costs, in instructions, and whether that is more than before (RECORD=1: accept it; REAL=1: in real time)
	sh tools/build/arguments.sh
	sh tools/build/setup.sh run
	$(PYTHON) tools/check/bench.py $(if $(filter 1,$(REAL)),--real,$(if $(filter 1,$(RECORD)),--record))

profile: ## where the instructions of APP go; OF=switch, OF=tick or OF=FUNCTION shows one of those
	sh tools/build/arguments.sh app
	sh tools/build/setup.sh profile
	image=$$(APP="$${APP:-$(if $(OF),apps/turns.c,apps/tour)}" sh tools/build/build.sh image) && \
	    $(PYTHON) tools/run/profile.py $(if $(OF),--of $(OF)) $(RUN_OPTIONS) "$$image"

latency: ## the longest stretches with interrupts masked, and the lost clock ticks, of APP or of all test programs
	sh tools/build/arguments.sh $(if $(APP),app)
	sh tools/build/setup.sh profile
	images=$$(sh tools/build/build.sh $(if $(APP),image,programs)) && \
	    $(PYTHON) tools/run/latency.py $(RUN_OPTIONS) $$images

soak: ## a million detours with the clock at other places for every seed
	sh tools/build/arguments.sh
	sh tools/build/setup.sh run
	sh tools/check/soak.sh

mutants: ## apply known wrong versions of the kernel one at a time, and see that the tests notice each
	sh tools/build/setup.sh test
	$(PYTHON) tools/check/mutants.py $(MUTANTS)

prove: ## prove what the code of entries, detours and switches does for every state (MUTANTS=1: which wrong versions that refutes)
	sh tools/build/arguments.sh
	sh tools/build/setup.sh prove
	$(if $(MUTANTS),$(PYTHON) tools/prove/refuted.py $(filter-out 1,$(MUTANTS)),image=$$(APP=apps/tour RING=0 sh tools/build/build.sh image) && \
	    model=$$(sh tools/build/build.sh model) && \
	    $(PYTHON) tools/prove/prove.py --rules 2000 --counterexample build/counterexample.json "$$image" && \
	    $$(! setarch -R true 2>/dev/null || echo setarch -R) "$$model")

docs: ## write into the pages what the kernel really prints
	sh tools/build/setup.sh debug record
	$(PYTHON) tools/check/docs.py

debug: ## run APP stopped at its first instruction, with gdb attached (GDBFLAGS=... are passed on; DETERMINISTIC=1: on a replay)
	sh tools/build/arguments.sh app
	sh tools/build/setup.sh debug $(if $(or $(CHECK),$(filter 1,$(DETERMINISTIC))),record)
	image=$$($(PROGRAM)) && \
	    $(PYTHON) tools/run/debug.py $(RUN_OPTIONS) $(if $(GDBPORT),--gdb $(GDBPORT)) "$$image"

record: ## run APP and record the run, what is typed included (Ctrl-A X ends it)
	sh tools/build/arguments.sh app
	sh tools/build/setup.sh record
	image=$$($(PROGRAM)) && \
	    APP="$(if $(CHECK),$$image,$${APP:-apps/tour})" $(PYTHON) tools/run/record.py $(RUN_OPTIONS) "$$image"

rewind: ## open gdb at the end of the newest recording (of APP), or of RECORDING=n, for going backwards
	sh tools/build/arguments.sh
	sh tools/build/setup.sh rewind
	$(PYTHON) tools/run/rewind.py $(if $(APP),--app "$$APP") $(if $(RING),--ring $(RING)) $(if $(RECORDING),--recording $(RECORDING)) \
	    $(if $(TIMEOUT),--timeout $(TIMEOUT))

page: ## record a run of APP (CHECK=name: of that check), and make of it a page in which one sees each detour (RECORDING=n: of that recording)
	sh tools/build/arguments.sh $(if $(RECORDING),,app)
	sh tools/build/setup.sh record rewind
	$(if $(RECORDING),$(PYTHON) tools/run/record_page.py --recording $(RECORDING),image=$$($(PROGRAM)) && \
	    APP="$${APP:-apps/tour}" $(PYTHON) tools/run/record_page.py $(RUN_OPTIONS) "$$image")

live: ## make of APP a page in which the kernel itself runs: with its console, stopped and set back at will
	sh tools/build/arguments.sh app
	sh tools/build/setup.sh live
	image=$$(sh tools/build/build.sh image) && $(PYTHON) tools/live/make_live.py "$$image"

lab: ## make the starter of the lab NAME, a git repository with one commit (OUT=folder, STUDENT=id, COURSE=name)
	sh tools/build/setup.sh run
	$(PYTHON) tools/labs/make_lab.py

grade: ## run a lab's checks (CHECK=name: only this one); of all hand-ins in a folder with NAME=lab FROM=folder
	sh tools/build/setup.sh run
	$(PYTHON) tools/labs/grade.py

questions: ## print what the lab NAME asks about the kernel of this tree
	$(PYTHON) tools/labs/ask.py

handin: ## in a starter: pack what is handed in, after a look at it
	sh tools/build/setup.sh run
	$(PYTHON) tools/labs/handin.py

autograder: ## pack the grader of the lab NAME FOR=plain, gradescope, autolab or actions
	$(PYTHON) tools/labs/autograder.py

labs: ## prove that each lab can be solved, and that its checks tell right from wrong (NAME=lab: only this one)
	sh tools/build/setup.sh run
	$(PYTHON) tools/labs/prove.py

iso: ## make a bootable GRUB image of APP; print its path
	sh tools/build/arguments.sh app
	sh tools/build/setup.sh iso
	sh tools/build/build.sh iso

doctor: ## tell which tools are here and which are not; installs nothing
	sh tools/build/setup.sh doctor

format: ## format the C++ sources in place
	sh tools/build/setup.sh format
	sh tools/check/lint.sh format

lint: ## check the format, and run clang-tidy
	sh tools/build/setup.sh lint
	sh tools/check/lint.sh

clean: ## remove everything that was built; recordings are kept
	sh tools/build/clean.sh

help: ## print this
	echo 'Usage: make VERB [VARIABLE=value]...'
	sed -n 's/^\([a-z-]*\): ## /  \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12
	echo 'Variables:'
	echo '  APP=path         the program: a .c or .cpp file, or a folder of them (default apps/tour)'
	echo '  RING=3           run APP in ring 3: isolated, with the calls of include/xinu/systemcalls.h'
	echo '  BOOT=iso         boot from a GRUB image instead of directly'
	echo '  DISK=file        the disk with the files; the file is made if it does not exist'
	echo '  MEM=128          memory of the machine in MiB'
	echo '  NPROC=100        entries of the process table, 4 to 16384'
	echo '  MAP_NULL=1       map the page at address 0, for old course code that touches it'
	echo '  MONITOR=1        int3 opens a monitor on the console, instead of ending the process'
	echo '  TIMEOUT=seconds  end the run after this time'
	echo '  LIMIT=msec       end the run after this time of the machine, with a report'
	echo '  INPUT=file       type this file at the console'
	echo '  DISPLAY=window   with make run and shell: show the screen of the machine; its keyboard is in that window'
	echo '  DETERMINISTIC=1  the same run every time, in virtual time'
	echo '  SEED=n           vary the time between clock interrupts, in a sequence that n determines'
	echo '  RECORD=1         with make bench: write tests/costs/costs.json, docs/costs.md and its plots'
	echo '  REAL=1           with make bench: real time beside the instructions, as ratios'
	echo '  RECORDING=n      with make rewind and page: the recording of this number'
	echo '  GDBPORT=n        with make debug: wait at this port for the gdb of an editor'
	echo '  TEST=name        with make test: the test of this name, or those that this regular expression matches'
	echo '  OF=function      with make profile: one call of this kernel function, or switch, or tick'
	echo '  NAME=lab         with make lab, grade, autograder and labs: which lab'
	echo '  CHECK=name       with make grade, debug and record: one check of a lab'
	echo '  FROM=folder      with make grade: all hand-ins in it; KEY, OUT, HELD, JOBS, ONE: see docs/teaching.md'
	echo '  WERROR=1         treat warnings in the kernel as errors'
