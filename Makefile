# Skerry's targets; build.ps1 has the same. "make help" lists them.

TOPOLOGY ?= 4x4
CLUSTER ?= l2
MITIGATIONS ?= off
CONFIG ?=
SUITE ?=
SOAK ?= 0
SEED ?=
CALLS ?= 1000000
PIECES ?= 1
KVM ?= off

# Which variables each target reads. One that is given on the command line and read by none of the targets is refused: a
# name that is spelt wrong would run something else than was asked for.
READS_run = $(READS_machine) KVM
READS_test = SUITE SOAK
# A suite has machines of its own.
READS_bench = SUITE $(if $(SUITE),,$(READS_machine))
READS_fuzz = SEED CALLS PIECES MITIGATIONS
READS_debug = $(READS_machine)
READS_machine = TOPOLOGY CLUSTER MITIGATIONS CONFIG

GOALS := $(or $(MAKECMDGOALS),help)
READ := $(foreach goal,$(GOALS),$(READS_$(goal)))
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
UNREAD := $(filter-out $(READ) MAKEFLAGS MAKEOVERRIDES SHELL -%,$(GIVEN))
ifneq ($(UNREAD),)
$(error make $(GOALS)$(if $(filter bench,$(GOALS)),$(if $(SUITE), SUITE=$(SUITE))) does not read $(sort $(UNREAD)); it reads $(or $(sort $(READ)),no variable))
endif

# A value as one word of the shell, whatever it holds.
quoted = '$(subst ','\'',$(1))'

SKERRY := dotnet exec out/bin/Skerry.Qemu/release/skerry.dll
MACHINE = --topology $(call quoted,$(TOPOLOGY)) --cluster $(call quoted,$(CLUSTER)) \
	--mitigations $(call quoted,$(MITIGATIONS)) --config $(call quoted,$(CONFIG))

# A build is asked for only when a source is newer than the last one, so that a second "make run" starts at once. Folders
# count, too: theirs is the time when a source was removed or came under another name.
newer = $(shell find . -mindepth 1 \( -name out -o -name .git -o -name docs -o -name .vscode $(1) \) -prune -o \
	-type d -printf '%p/.\n' -o -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' \
	-o -name '*.slnx' -o -name '*.slnf' -o -name '*.ld' -o -name .editorconfig -o -name global.json \
	-o -name dotnet-tools.json \) -print)
SOURCES := $(call newer)
# What Machine.slnf builds: no tests, and no kernel that checks itself.
MACHINE_SOURCES := $(call newer,-o -path ./tests -o -path ./kernel/Checking)
# An image that was removed, or that no build has left there.
STALE := $(if $(wildcard out),$(shell build/images.sh changed && echo stale))
# What a restore reads.
PROJECTS := $(filter %.csproj %.props %.targets %.slnx %global.json,$(SOURCES))

BUILD := -c Release --no-restore --nologo -v:minimal

export DOTNET_CLI_TELEMETRY_OPTOUT = 1
export DOTNET_NOLOGO = 1

.PHONY: help setup setup-debug build run test bench fuzz debug format clean machine stale
# Two builds must not write out/ at once; build/step.sh keeps those of another make away.
.NOTPARALLEL:
.DEFAULT_GOAL := help

help:
	@echo 'make setup    install what is missing: QEMU and binutils by apt, packages and tools by NuGet'
	@echo 'make build    build the host tool, the tests and all images into out/'
	@echo 'make machine  build the host tool and what it boots, as run, bench and debug do first'
	@echo 'make run      boot a machine into a system of components'
	@echo 'make test     build, check the formatting, run every test'
	@echo 'make fuzz     make random system calls on four CPUs and check the kernel'
	@echo 'make bench    run the measurements and print what they cost'
	@echo 'make debug    stop at the kernel entry in gdb, with C# source lines'
	@echo 'make format   format the sources'
	@echo 'make clean    remove out/'
	@echo
	@echo 'TOPOLOGY=4x4      machine: a name (dotnet exec out/bin/Skerry.Qemu/release/skerry.dll topologies) or a file'
	@echo 'CLUSTER=l2        one kernel per l2, cpu, node or machine'
	@echo 'MITIGATIONS=off   on: guard against vulnerabilities of processors, at a price (docs/kernel.md)'
	@echo 'CONFIG=           system of components: a name among qemu/configs or a file; else the demo that fits'
	@echo 'KVM=off           auto: run on the host processor where a probe shows that KVM works'
	@echo 'SUITE=            test: only classes whose name below Skerry.Tests begins so, such as Host.Qemu'
	@echo '                  bench: kernel, the operations of the kernel beside those of seL4'
	@echo '                         latency, how long a thread waits behind them'
	@echo '                         images, how large the programs are that every system has'
	@echo 'SOAK=0            test: 1 for long runs: ten times the rounds, and ten million random system calls;'
	@echo '                  0 to 1000: that many times as much'
	@echo 'SEED= CALLS=      fuzz: what the calls are drawn from (a new one), and how many'
	@echo 'PIECES=1          fuzz: so many runs of CALLS each; those that are done are left out the next time'

setup:
	@qemu/setup.sh

setup-debug:
	@qemu/setup.sh gdb

build: out/built

machine: out/machine-built

stale:

# A stamp has the time when its build began: what changed while it ran is newer.
out/built: $(SOURCES) $(STALE) | out/restored
	@build/step.sh out/built out/machine-built -- dotnet build Skerry.slnx $(BUILD)

out/machine-built: $(MACHINE_SOURCES) $(STALE) | out/restored
	@build/step.sh out/machine-built -- dotnet build Machine.slnf $(BUILD)

out/restored: $(PROJECTS)
	@build/step.sh out/restored -- dotnet restore Skerry.slnx --nologo -v:minimal

run: machine
	@$(SKERRY) run $(MACHINE) --kvm $(call quoted,$(KVM))

test: build
	@$(SKERRY) test --suite $(call quoted,$(SUITE)) --soak $(call quoted,$(SOAK))

bench: machine
	@$(SKERRY) bench $(if $(SUITE),--suite $(call quoted,$(SUITE)),$(MACHINE))

fuzz: build
	@$(SKERRY) fuzz --calls $(call quoted,$(CALLS)) --pieces $(call quoted,$(PIECES)) \
		--mitigations $(call quoted,$(MITIGATIONS)) $(if $(SEED),--seed $(call quoted,$(SEED)))

debug: machine setup-debug
	@$(SKERRY) debug $(MACHINE)

format: setup
	dotnet csharpier format .

clean:
	rm -rf out
