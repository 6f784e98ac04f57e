# snapify: builds the library, the tool and the glue; runs the tests.
#
# Sources are found by wildcard, so a new file needs no line here:
#   src/**/*.c but the next two lines -> libsnapify.a
#   src/cli/*.c               -> snapify
#   src/snapshot-tool/*.c     -> snapify-snapshot
#   runtime-glue/*.c and src/snapshot-format/*.c, compiled to wasm32 -> glue.wasm (in libsnapify.a)
#   tests/unit/test_*.c       -> one program each
# Parts with more to say than that have a fragment of their own, read at the end of this file:
# runtime-glue/glue.mk (read earlier), tools/*/*.mk.
#
# Objects stand under build/<config>/, where the config names compiler, sanitizers and flags, so
# that objects of different kinds never mix.

# ---- settings, all may be given on the command line ----
PREFIX ?= /usr/local
DESTDIR ?=
# gcc or clang; `clang` also means Debian's versioned name.
ifeq ($(origin CC),default)
CC := gcc
endif
# For example SANITIZE=address,undefined
SANITIZE ?=
# A prefix that holds include/ and lib/ of another libbinaryen; `scripts/engines path binaryen` says
# one, or DIR/usr when a newer Debian's package was unpacked into DIR.
BINARYEN_DIR ?=
CFLAGS ?= -O2 -g
LDFLAGS ?=
# V=1 shows the commands.
V ?= 0

VERSION := $(shell sed -n 's/^.define SNAPIFY_VERSION "\(.*\)"/\1/p' include/snapify.h)

# ---- compilers ----
first_found = $(firstword $(foreach name,$(1),$(shell command -v $(name) 2>/dev/null)))
REAL_CC := $(if $(filter clang,$(CC)),$(or $(call first_found,clang clang-19 clang-16),clang),$(CC))
WASM_CC ?= $(notdir $(or $(call first_found,clang-19 clang-16 clang),clang-19))
WASM_LD ?= $(subst clang,wasm-ld,$(WASM_CC))

# ---- configuration ----
comma := ,
config_flags := $(CFLAGS)|$(CPPFLAGS)|$(LDFLAGS)|$(BINARYEN_DIR)
config_kind := $(if $(SANITIZE),$(subst $(comma),-,$(SANITIZE)),release)
ifneq ($(config_flags),-O2 -g|||)
config_tail := -$(shell printf '%s' '$(subst ','\'',$(config_flags))' | cksum | cut -d' ' -f1)
endif
CONFIG := $(notdir $(CC))-$(config_kind)$(config_tail)
BUILD := build/$(CONFIG)
BIN := $(if $(filter gcc-release,$(CONFIG)),build/bin,$(BUILD)/bin)

# Its versions differ (src/ir/compat.h).
BINARYEN_HEADER := $(or $(wildcard $(BINARYEN_DIR)/include/binaryen-c.h),/usr/include/binaryen-c.h)
MEMORY_NAMES := $(if $(shell grep -s 'const char\* memoryName' $(BINARYEN_HEADER)),1,0)
lib_dir = $(wildcard $(BINARYEN_DIR)/lib $(BINARYEN_DIR)/lib/*-linux-gnu $(BINARYEN_DIR)/lib/binaryen)
ALL_CPPFLAGS = -D_GNU_SOURCE $(if $(BINARYEN_DIR),-I$(BINARYEN_DIR)/include) \
    -Iinclude -Isrc -I. -I$(BUILD)/gen -DSNAPIFY_BINARYEN_MEMORY_NAMES=$(MEMORY_NAMES) $(CPPFLAGS)
ALL_CFLAGS = -std=c11 -Wall -Wextra -Werror -pthread $(CFLAGS) \
    $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
ALL_LDFLAGS = -pthread $(LDFLAGS) $(if $(SANITIZE),-fsanitize=$(SANITIZE))
LIBS = -lbinaryen -ldw -lelf

# A newer Debian's library wants the C library and the loader that lie beside it, and a look at
# versions of symbols that this machine's C library does not have yet would be a wrong alarm. The old
# kind of rpath also holds for the libraries that a library asks for.
binaryen_loader = $(firstword $(wildcard $(addprefix $(BINARYEN_DIR)/lib64/,ld-linux-*) \
    $(BINARYEN_DIR)/lib/ld-linux-*))
ifneq ($(BINARYEN_DIR),)
ALL_LDFLAGS += $(foreach dir,$(lib_dir),-L$(dir) -Wl,-rpath,$(abspath $(dir))) \
    -Wl,--allow-shlib-undefined -Wl,--disable-new-dtags \
    $(if $(binaryen_loader),-Wl$(comma)--dynamic-linker=$(abspath $(binaryen_loader)))
endif

# ---- the glue: runtime-glue/glue.mk may change these ----
GLUE_CFLAGS := --target=wasm32 -std=c11 -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden \
    -nostdlib -ffreestanding -fno-builtin -mcpu=mvp -mmutable-globals -msign-ext \
    -mno-bulk-memory -I. -Iinclude -Isrc
GLUE_LDFLAGS := -shared --experimental-pic --no-entry --strip-debug
-include runtime-glue/glue.mk

# ---- files ----
find_c = $(sort $(shell find $(1) -name '*.c' 2>/dev/null))
LIB_SOURCES := $(filter-out src/cli/% src/snapshot-tool/%,$(call find_c,src))
CLI_SOURCES := $(wildcard src/cli/*.c)
SNAPSHOT_SOURCES := $(wildcard src/snapshot-tool/*.c)
GLUE_SOURCES := $(if $(wildcard runtime-glue/*.c),$(wildcard runtime-glue/*.c src/snapshot-format/*.c))
TEST_SOURCES := $(wildcard tests/unit/test_*.c)
TEST_HELPERS := $(filter-out $(TEST_SOURCES),$(wildcard tests/unit/*.c))

objects = $(1:%.c=$(BUILD)/obj/%.o)
LIB := $(BUILD)/libsnapify.a
TOOL := $(BIN)/snapify
SNAPSHOT_TOOL := $(BIN)/snapify-snapshot
# All of it but main(), for tests.
SNAPSHOT_LIB := $(BUILD)/libsnapshot-tool.a
SNAPSHOT_LIBS := -lzstd -lsodium
GLUE := $(BUILD)/glue.wasm
GLUE_OBJECTS := $(patsubst %.c,$(BUILD)/glue/%.o,runtime-glue/memory.c $(filter-out runtime-glue/memory.c,$(GLUE_SOURCES)))
TESTS := $(TEST_SOURCES:tests/unit/%.c=$(BUILD)/tests/%)
ALL_OBJECTS := $(call objects,$(LIB_SOURCES) $(CLI_SOURCES) $(SNAPSHOT_SOURCES) $(TEST_SOURCES) $(TEST_HELPERS) \
    tests/wasm/print_pass.c)

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-6s %s\n' $(1) $(2))

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all lib tests unit check check-full demo deps bench golden fmt fmt-check asan fuzz oracle \
    install uninstall clean help
.DEFAULT_GOAL := all

all: $(LIB) $(TOOL) $(SNAPSHOT_TOOL) ## build the library and the tools (the default)

lib: $(LIB) ## build libsnapify.a only

$(LIB): $(call objects,$(LIB_SOURCES))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(TOOL): $(call objects,$(CLI_SOURCES)) $(LIB)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(REAL_CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LDFLAGS) $(LIBS)

$(SNAPSHOT_LIB): $(call objects,$(filter-out %/main.c,$(SNAPSHOT_SOURCES)))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# Without Binaryen: what it takes of the library does not need it.
$(SNAPSHOT_TOOL): $(call objects,src/snapshot-tool/main.c) $(SNAPSHOT_LIB) $(LIB)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(REAL_CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LDFLAGS) $(SNAPSHOT_LIBS)

# Binaryen's expression ids as constants; every object waits for them.
KINDS := $(BUILD)/gen/ir_kinds.inc
$(KINDS): tools/print_kinds.c
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D) && $(REAL_CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -o $(@D)/print_kinds $< $(ALL_LDFLAGS) $(LIBS) && \
	    $(@D)/print_kinds >$@
$(ALL_OBJECTS): | $(KINDS)

$(BUILD)/obj/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D) && $(REAL_CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The image is put in by the assembler, which no dependency file mentions.
glue_image := $(BUILD)/obj/src/passes/glue_image.o
$(glue_image): $(GLUE) $(GLUE_ZIP)
$(glue_image): private ALL_CPPFLAGS += -DSNAPIFY_GLUE_FILE='"$(GLUE)"' -DSNAPIFY_GLUE_ZIP_FILE='"$(GLUE_ZIP)"'

$(BUILD)/glue/%.o: %.c
	$(call say,GLUE,$<)
	$(Q)mkdir -p $(@D) && $(WASM_CC) $(GLUE_CFLAGS) -MMD -MP -c -o $@ $<

# Without sources the image is empty, so that everything links.
$(GLUE): $(GLUE_OBJECTS)
	$(call say,GLUE,$@)
	$(Q)mkdir -p $(@D) && $(if $(GLUE_OBJECTS),$(WASM_LD) $(GLUE_LDFLAGS) -o $@.tmp $^ && \
	    $(GLUE_SHRINK) $@.tmp -o $@ && rm $@.tmp,: >$@)

# Likewise without zstd.
$(GLUE_ZIP): $(GLUE_OBJECTS) $(GLUE_ZIP_OBJECTS)
	$(call say,GLUE,$@)
	$(Q)mkdir -p $(@D) && $(if $(GLUE_ZIP_OBJECTS),$(WASM_LD) $(GLUE_LDFLAGS) -o $@.tmp \
	    $(filter-out %/zip_none.o,$^) && $(GLUE_SHRINK) $@.tmp -o $@ && rm $@.tmp,: >$@)

$(BUILD)/tests/%: $(BUILD)/obj/tests/unit/%.o $(call objects,$(TEST_HELPERS)) $(SNAPSHOT_LIB) $(LIB)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(REAL_CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LDFLAGS) $(LIBS) $(SNAPSHOT_LIBS) -lcmocka

# What shows the passes at work, for tests/wasm/run.
PRINT_PASS := $(BUILD)/tests/wasm/print_pass
$(PRINT_PASS): $(call objects,tests/wasm/print_pass.c) $(LIB)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D) && $(REAL_CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LDFLAGS) $(LIBS)

tests: $(TESTS) $(PRINT_PASS) ## build the unit tests

unit: $(TESTS) ## build and run the unit tests of this configuration
	$(Q)tests/unit/run $(CONFIG) $(TESTS)

# deps comes first and make must look at the machine again afterwards: hence the inner make.
check: ## install what is missing, build with gcc and clang, run every test
	$(Q)scripts/deps check
	+$(Q)MAKE='$(MAKE)' scripts/check

check-full: ## every test there is, for hours; started again it goes on where it was
	$(Q)scripts/deps check
	+$(Q)MAKE='$(MAKE)' scripts/check-full

demo: ## install what is missing, build, show a program hop between two engines
	$(Q)scripts/deps demo
	+$(Q)$(MAKE) --no-print-directory all
	$(Q)if [ -x examples/people-counter/demo ]; then \
	    SNAPIFY='$(abspath $(TOOL))' exec examples/people-counter/demo; \
	else echo 'make demo: examples/people-counter/demo is missing' >&2; exit 1; fi

deps: ## install what building and testing needs (DEPS=skip: only name it)
	$(Q)scripts/deps check

bench: all ## measure (bench/README.md says how)
	$(Q)SNAPIFY='$(abspath $(TOOL))' bench/run --publish

golden: all $(PRINT_PASS) ## rewrite the expected texts of the golden tests; review the diff
	$(Q)for run in tests/wasm/run tests/cli/run; do \
	    [ ! -x $$run ] || SNAPIFY='$(abspath $(TOOL))' \
	    PRINT_PASS='$(abspath $(PRINT_PASS))' $$run --update || exit; done

fmt_files = $(sort $(shell find src include runtime-glue tests examples bench \
    \( -name '*.c' -o -name '*.h' \) ! -path '*/build/*' 2>/dev/null))

fmt: ## format the C sources in place (clang-format-19)
	$(Q)clang-format-19 -i $(fmt_files)

fmt-check: ## fail if a C source is not formatted
	$(Q)clang-format-19 --dry-run -Werror $(fmt_files)

asan: ## build and run the unit tests under address and undefined-behaviour sanitizers
	+$(Q)$(MAKE) --no-print-directory SANITIZE=address,undefined unit

fuzz: all ## feed damaged modules and snapshots to the tool (tests/fuzz/run)
	$(Q)SNAPIFY='$(abspath $(TOOL))' tests/fuzz/run

oracle: all ## stop, move and resume MODULE=my.wasm everywhere [ARGS= DIR= STDIN= ENGINES= STOPS= OPTIONS=]
	$(Q)[ -n '$(MODULE)' ] || { echo 'make oracle: say which: MODULE=my.wasm' >&2; exit 2; }
	$(Q)SNAPIFY='$(abspath $(TOOL))' tests/oracle/run $(if $(ENGINES),--engines '$(ENGINES)') module \
	    $(if $(DIR),--dir '$(DIR)') $(if $(STDIN),--stdin '$(STDIN)') $(if $(STOPS),--stops $(STOPS)) \
	    $(if $(OPTIONS),--options='$(OPTIONS)') '$(MODULE)' $(ARGS)

# ---- installation ----
INSTALL ?= install
install_man := $(wildcard docs/*.1)

$(BUILD)/snapify.pc: snapify.pc.in include/snapify.h
	$(Q)mkdir -p $(@D) && sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' $< >$@

.PHONY: $(BUILD)/snapify.pc

install: all $(BUILD)/snapify.pc ## install below DESTDIR/PREFIX
	$(Q)$(INSTALL) -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/include' \
	    '$(DESTDIR)$(PREFIX)/lib/pkgconfig' '$(DESTDIR)$(PREFIX)/share/man/man1'
	$(Q)$(INSTALL) -m 755 $(TOOL) $(SNAPSHOT_TOOL) '$(DESTDIR)$(PREFIX)/bin'
	$(Q)$(INSTALL) -m 644 $(wildcard include/*.h) '$(DESTDIR)$(PREFIX)/include'
	$(Q)$(INSTALL) -m 644 $(LIB) '$(DESTDIR)$(PREFIX)/lib'
	$(Q)$(INSTALL) -m 644 $(BUILD)/snapify.pc '$(DESTDIR)$(PREFIX)/lib/pkgconfig'
	$(if $(install_man),$(Q)$(INSTALL) -m 644 $(install_man) '$(DESTDIR)$(PREFIX)/share/man/man1')

uninstall: ## remove what install put there
	$(Q)rm -f $(foreach tool,snapify snapify-snapshot,'$(DESTDIR)$(PREFIX)/bin/$(tool)') \
	    '$(DESTDIR)$(PREFIX)/lib/libsnapify.a' \
	    '$(DESTDIR)$(PREFIX)/lib/pkgconfig/snapify.pc' \
	    $(foreach h,$(notdir $(wildcard include/*.h)),'$(DESTDIR)$(PREFIX)/include/$(h)') \
	    $(foreach m,$(notdir $(install_man)),'$(DESTDIR)$(PREFIX)/share/man/man1/$(m)')

# For scripts that need the tool of another configuration.
.PHONY: print-tool
print-tool:
	@echo $(TOOL)

clean: ## remove build/
	$(Q)rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16
	@echo 'Settings: CC=gcc|clang SANITIZE=address,undefined PREFIX= DESTDIR= BINARYEN_DIR= CFLAGS= V=1 DEPS=skip'

-include $(ALL_OBJECTS:.o=.d) $(GLUE_OBJECTS:.o=.d) $(BUILD)/glue/runtime-glue/zip/zip.d
-include $(wildcard tools/*/*.mk)
