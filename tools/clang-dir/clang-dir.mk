# clang-dir.mk: the directory for clang's -B; read by the Makefile, whose variables it uses.
#
# `snapify --clang-dir` looks for it beside its own bin/: build/clang-dir for build/bin/snapify,
# PREFIX/libexec/snapify/clang for PREFIX/bin/snapify.
CLANG_DIR := $(patsubst %/,%,$(dir $(BIN)))/clang-dir
CLANG_DIR_NAMES := wasm-opt wasm-ld $(addprefix wasm-ld-,$(shell seq 14 24))
clang_dir_installed = $(DESTDIR)$(PREFIX)/libexec/snapify/clang

.PHONY: clang-dir install-clang-dir uninstall-clang-dir

# make_clang_dir DIRECTORY
define make_clang_dir
mkdir -p '$(1)' && cp -f tools/clang-dir/shim '$(1)/shim' && chmod 755 '$(1)/shim' && \
    for name in $(CLANG_DIR_NAMES); do ln -sf shim '$(1)'/$$name || exit; done
endef

all: clang-dir
clang-dir: $(CLANG_DIR)/wasm-ld ## make the directory for clang's -B
$(CLANG_DIR)/wasm-ld: tools/clang-dir/shim tools/clang-dir/clang-dir.mk
	$(call say,SHIM,$(@D))
	$(Q)$(call make_clang_dir,$(@D))

install: install-clang-dir
install-clang-dir:
	$(Q)$(call make_clang_dir,$(clang_dir_installed))

uninstall: uninstall-clang-dir
uninstall-clang-dir:
	$(Q)rm -rf '$(clang_dir_installed)'
