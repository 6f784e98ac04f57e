# completion.mk: installs the completion for bash; read by the Makefile, whose variables it uses.
completion_installed = $(DESTDIR)$(PREFIX)/share/bash-completion/completions

.PHONY: install-completion uninstall-completion

install: install-completion
install-completion:
	$(Q)$(INSTALL) -d '$(completion_installed)'
	$(Q)$(INSTALL) -m 644 tools/completion/snapify.bash '$(completion_installed)/snapify'

uninstall: uninstall-completion
uninstall-completion:
	$(Q)rm -f '$(completion_installed)/snapify'
