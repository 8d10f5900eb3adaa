# ddlint: `make` builds build/ddlint, `make help` lists the rest.
-include local.mk

CC ?= cc
CFLAGS ?= -O2 -g
VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=

# Where libpg_query 18 is: a prefix with include/ and lib/. `make deps` unpacks it below build/deps when the system has none.
DEPS := build/deps
LIBPG_QUERY ?= $(if $(wildcard $(DEPS)/usr/include/pg_query/pg_query_internal.h),$(DEPS)/usr,/usr)
PG_QUERY_LIB = $(firstword $(wildcard $(LIBPG_QUERY)/lib/*/libpg_query.a $(LIBPG_QUERY)/lib/libpg_query.a) -lpg_query)
PG_QUERY_INCLUDE := -isystem $(LIBPG_QUERY)/include -isystem $(LIBPG_QUERY)/include/pg_query -isystem $(LIBPG_QUERY)/include/pg_query/postgres

# `make asan` builds the same tree once more with the sanitizers, beside the ordinary one.
BUILD ?= build
SANITIZE ?=
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wvla -Wstrict-prototypes -Wmissing-prototypes
WERROR ?=
comma := ,
# What a binary that reads strangers' files is built with; sanitizers look closer themselves.
HARDEN ?= $(if $(SANITIZE)$(filter-out Linux,$(shell uname -s)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection -fPIE $(if $(filter x86_64,$(shell uname -m)),-fcf-protection))
HARDEN_LINK ?= $(if $(HARDEN),-pie -Wl$(comma)-z$(comma)relro -Wl$(comma)-z$(comma)now -Wl$(comma)-z$(comma)noexecstack)
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE $(WARNINGS) $(WERROR) $(CFLAGS) $(HARDEN) $(SANITIZE) -Ianalyzer -DDDLINT_VERSION='"$(VERSION)"'
# libpg_query's headers need GNU C and are not ours to warn about.
PARSE_CFLAGS = -std=gnu17 -Wno-sign-conversion $(PG_QUERY_INCLUDE)
LIBS = $(PG_QUERY_LIB) -lxxhash -lbsd -lmd -lyaml -lpcre2-8 -ljansson -lpthread -lm

PROGRAMS := analyzer/main.c analyzer/yaml_trees.c
SOURCES := $(filter-out $(PROGRAMS),$(sort $(shell find analyzer rules -name '*.c')))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
GENERATED := $(patsubst %,$(BUILD)/generated/%.o,rules layouts reporters packs page extensions)
LIBRARY := $(BUILD)/libddlint.a
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/unit/*.c)))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c)))
MUTILATORS := $(FUZZERS:%=$(BUILD)/mutilate/%)

V ?= 0
quiet = $(if $(filter 1,$(V)),,@echo '  $(1)	$(patsubst $(BUILD)/%,%,$@)';)

all: $(BUILD)/ddlint ## build build/ddlint

$(BUILD)/ddlint: $(BUILD)/analyzer/main.o $(LIBRARY)
	$(call quiet,LINK)$(CC) $(SANITIZE) $(HARDEN_LINK) $(LDFLAGS) -o $@ $^ $(LIBS)

$(LIBRARY): $(OBJECTS) $(GENERATED)
	$(call quiet,AR)rm -f $@ && ar rcs $@ $^

# Runs while building: packs are trees in the binary, not YAML.
$(BUILD)/yaml_trees: $(addprefix $(BUILD)/analyzer/,yaml_trees.o base/arena.o base/base.o base/files.o discover/yaml.o)
	$(call quiet,LINK)$(CC) $(SANITIZE) $(LDFLAGS) -o $@ $^ -lyaml

$(BUILD)/analyzer/parse/%.o: analyzer/parse/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(ALL_CFLAGS) $(PARSE_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/generated/%.o: $(BUILD)/generated/%.c
	$(call quiet,CC)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The folders are the registries: their listings, and so the tables, change when a file comes or goes.
$(BUILD)/generated/rules.c: analyzer/registry.sh $(wildcard rules/*.c fixtures/rules/*/bad.sql fixtures/rules/*/good.sql) rules
$(BUILD)/generated/layouts.c: analyzer/registry.sh $(wildcard analyzer/discover/layouts/*.c) analyzer/discover/layouts
$(BUILD)/generated/reporters.c: analyzer/registry.sh $(wildcard analyzer/report/*.c) analyzer/report
$(BUILD)/generated/packs.c: analyzer/registry.sh $(BUILD)/yaml_trees $(wildcard rules/packs/*.yml) rules/packs
$(BUILD)/generated/page.c: analyzer/registry.sh analyzer/audit/audit.css analyzer/audit/audit.js
$(BUILD)/generated/extensions.c: analyzer/registry.sh $(BUILD)/yaml_trees $(wildcard analyzer/effect/extensions/*.yml) analyzer/effect/extensions
$(BUILD)/generated/%.c:
	@mkdir -p $(@D)
	$(call quiet,GEN)BUILD=$(BUILD) sh analyzer/registry.sh $* > $@.new && mv $@.new $@

$(BUILD)/tests/%: tests/unit/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -o $@ $< $(LIBRARY) $(LIBS) -lcmocka

# --- Getting ready --------------------------------------------------------------------------------------------------------------

deps: ## install what building and testing need (Debian); does nothing when nothing is missing
	@sh .ci/deps.sh $(DEPS)

$(LIBPG_QUERY)/include/pg_query/pg_query_internal.h:
	@echo "libpg_query 18 is not in $(LIBPG_QUERY): run 'make deps', or 'make LIBPG_QUERY=/prefix'" >&2; exit 1
$(filter $(BUILD)/analyzer/parse/%,$(OBJECTS)): | $(LIBPG_QUERY)/include/pg_query/pg_query_internal.h

demo: ## install what is missing, build, and lint the example history
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory all
	@$(BUILD)/ddlint --fail-on never fixtures/shop

# --- Tests -------------------------------------------------------------------------------------------------------------------------

test: ## install what is missing, build, and run every test
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory check

check: $(BUILD)/ddlint $(UNIT_TESTS) $(MUTILATORS) ## run every test
	@sh tests/run.sh $(BUILD)

unit: $(UNIT_TESTS)

verify: ## install a PostgreSQL server if there is none, and hold the facts against it
	@sh .ci/deps.sh $(DEPS) postgresql libpq-dev
	@$(MAKE) --no-print-directory verify-facts

verify-facts: $(BUILD)/ddlint $(BUILD)/verify
	@sh tests/verify/server.sh sh -c '$(BUILD)/verify $(BUILD)/ddlint "$$CONNECTION"'
	@sh tests/verify/server.sh sh tests/verify/catalog.sh
	@sh tests/verify/server.sh sh tests/verify/fix.sh
	@sh tests/verify/server.sh sh tests/verify/proofs.sh
	@sh tests/verify/server.sh sh tests/verify/split.sh

$(BUILD)/verify: tests/verify/verify.c tests/verify/seen.h tests/postgres_cases.h $(LIBRARY)
	$(call quiet,CC)$(CC) $(ALL_CFLAGS) -Itests -isystem $(shell pg_config --includedir 2>/dev/null || echo /usr/include/postgresql) -o $@ $< $(LIBRARY) $(LIBS) -lpq

SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan: ## build with the address and undefined behaviour sanitizers below build/asan and run every test
	@$(MAKE) --no-print-directory BUILD=build/asan CFLAGS='-O1 -g' SANITIZE='$(SANITIZERS)' check

tsan: ## build with the thread sanitizer below build/tsan and run everything on several threads
	@$(MAKE) --no-print-directory BUILD=build/tsan CFLAGS='-O1 -g' SANITIZE='-fsanitize=thread -fno-omit-frame-pointer' build/tsan/ddlint
	@TSAN_OPTIONS=exitcode=66:halt_on_error=1 DDLINT=build/tsan/ddlint sh tests/same.sh

valgrind: $(UNIT_TESTS) ## run the unit tests under valgrind's memcheck: minutes
	@for test in $(UNIT_TESTS); do echo $$test; \
		valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite $$test > $(BUILD)/valgrind.log 2>&1 || { cat $(BUILD)/valgrind.log; exit 1; }; done

coverage: ## which lines the tests run: build/coverage/report has them, what is run too little is listed
	@$(MAKE) --no-print-directory BUILD=build/coverage CFLAGS='-O0 -g --coverage' HARDEN= LDFLAGS=--coverage check > build/coverage.log || { tail -n 40 build/coverage.log; exit 1; }
	@sh tests/coverage/run.sh build/coverage

# Inputs that found something new are kept in build/fuzz/found and are where the next run starts; an input that breaks something
# becomes a file of build/fuzz/broken, and then a fixture. An hour of each: make fuzz FUZZ_SECONDS=3600
FUZZ_SECONDS ?= 60
fuzz: ## throw random bytes at everything that reads any: FUZZ_SECONDS=60 for each fuzzer, FUZZERS='sql lsp'
	@$(MAKE) --no-print-directory BUILD=build/fuzz CC=clang CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' SANITIZE='$(SANITIZERS)' $(FUZZERS:%=build/fuzz/%)
	@sh tests/fuzz/run.sh build/fuzz $(FUZZ_SECONDS) $(FUZZERS)

# The language server's sees no folder but its own.
fuzzer_link = $(if $(filter %/lsp,$@),-Wl$(comma)--wrap=folder_list) $(LIBRARY) $(LIBS)
$(BUILD)/%: tests/fuzz/%.c tests/everything.h $(LIBRARY)
	$(call quiet,CC)$(CC) $(ALL_CFLAGS) -Itests -fsanitize=fuzzer -o $@ $< $(fuzzer_link)

# The same, over inputs that are known: a part of make check.
$(BUILD)/mutilate/%: tests/fuzz/%.c tests/mutilate.c tests/everything.h $(LIBRARY)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(ALL_CFLAGS) -Itests -o $@ $< tests/mutilate.c $(fuzzer_link)

# CORPUS=folder measures on your own migrations; SQUAWK=path on squawk, too.
bench: $(BUILD)/ddlint $(BUILD)/bench/floor ## measure what ddlint costs, beside the parser alone and other linters: RUNS=5, CORPUS=FOLDER
	@python3 tests/bench/run.py $(BUILD) $(CORPUS)

compare: $(BUILD)/ddlint ## compare ddlint with other linters (of npm, and what PATH has) and write the table of README.md anew
	@python3 tests/bench/compare.py $(BUILD)

$(BUILD)/bench/floor: tests/bench/floor.c $(LIBRARY)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(WARNINGS) $(CFLAGS) $(PARSE_CFLAGS) -o $@ $< $(BUILD)/analyzer/parse/parse.o $(LIBRARY) $(LIBS)

scaling: $(BUILD)/ddlint ## count instructions for N, 2N and 4N of everything that can be many: minutes, with valgrind
	@DDLINT=$(BUILD)/ddlint sh tests/bench/scaling.sh

# --- House rules --------------------------------------------------------------------------------------------------------------------

HEADERS := $(sort $(shell find analyzer -name '*.h'))
headers: ## compile every header alone
	@for header in $(filter-out analyzer/parse/%,$(HEADERS)); do $(CC) $(ALL_CFLAGS) -Werror -fsyntax-only -x c $$header || exit 1; done
	@for header in $(filter analyzer/parse/%,$(HEADERS)); do $(CC) $(ALL_CFLAGS) $(PARSE_CFLAGS) -Werror -fsyntax-only -x c $$header || exit 1; done

tidy: ## clang-tidy over our own sources
	@clang-tidy --quiet $(filter-out analyzer/parse/%,$(SOURCES)) -- $(ALL_CFLAGS) 2>/dev/null
	@clang-tidy --quiet $(filter analyzer/parse/%,$(SOURCES)) -- $(ALL_CFLAGS) $(PARSE_CFLAGS) 2>/dev/null

analyze: ## gcc's static analyzer over our own sources
	@$(MAKE) --no-print-directory BUILD=build/analyze CC=gcc CFLAGS='-O1 -fanalyzer' WERROR=-Werror build/analyze/libddlint.a

format: ## clang-format over our own sources
	@clang-format -i $(SOURCES) $(HEADERS) $(wildcard tests/unit/*.c)

# --- Installing ---------------------------------------------------------------------------------------------------------------------

BINARY ?= $(BUILD)/ddlint
SHARE := $(PREFIX)/share
ZSH ?= $(SHARE)/zsh/site-functions
COMPLETIONS := analyzer/commands/completions
install: $(BINARY) ## install ddlint, its manual page and shell completions: PREFIX=/usr/local DESTDIR=
	install -d $(addprefix $(DESTDIR),$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/bash-completion/completions $(ZSH) $(SHARE)/fish/vendor_completions.d)
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/ddlint
	install -m 644 analyzer/commands/ddlint.1 $(DESTDIR)$(SHARE)/man/man1/ddlint.1
	install -m 644 $(COMPLETIONS)/ddlint.bash $(DESTDIR)$(SHARE)/bash-completion/completions/ddlint
	install -m 644 $(COMPLETIONS)/_ddlint $(DESTDIR)$(ZSH)/_ddlint
	install -m 644 $(COMPLETIONS)/ddlint.fish $(DESTDIR)$(SHARE)/fish/vendor_completions.d/ddlint.fish

uninstall: ## remove what install put there: with the same PREFIX and DESTDIR
	rm -f $(addprefix $(DESTDIR),$(PREFIX)/bin/ddlint $(SHARE)/man/man1/ddlint.1 $(SHARE)/bash-completion/completions/ddlint \
		$(ZSH)/_ddlint $(SHARE)/fish/vendor_completions.d/ddlint.fish)

# --- Packages -----------------------------------------------------------------------------------------------------------------------

# One binary for every Linux: nothing is looked for when it starts. macOS has no static programs.
PORTABLE := $(if $(filter Darwin,$(shell uname -s)),,-static -Wl$(comma)-Map=$(BUILD)/portable/ddlint.map)
$(BUILD)/portable/ddlint: $(BUILD)/analyzer/main.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call quiet,LINK)$(CC) $(SANITIZE) $(LDFLAGS) $(PORTABLE) -s -o $@ $^ $(LIBS)

dist: $(BUILD)/portable/ddlint ## make a release in build/dist: the source, a Linux binary, what is linked into it, checksums
	@sh .ci/dist.sh $(VERSION) $< $(BUILD)/dist

# On releases without libpg_query 18 it is not a package: -d, and LIBPG_QUERY says where it is.
deb: ## build the Debian package in build/deb
	@rm -rf $(BUILD)/deb && mkdir -p $(BUILD)/deb
	@git archive --format=tar --prefix=deb/ddlint/ HEAD | tar -x -C $(BUILD)
	@cd $(BUILD)/deb/ddlint && LIBPG_QUERY=$(abspath $(LIBPG_QUERY)) dpkg-buildpackage -b -d -us -uc

npm: $(BUILD)/portable/ddlint ## pack the npm packages into build/npm
	@sh editors/npm/pack.sh $< $(BUILD)/npm

vsix: $(BUILD)/portable/ddlint ## package the extension for Visual Studio Code into build/ddlint.vsix
	@sh editors/vscode/pack.sh $< $(BUILD)/ddlint.vsix

wheel: $(BUILD)/portable/ddlint ## make the Python wheel in build/wheel
	@python3 editors/pip/wheel.py $< $(VERSION) $(BUILD)/wheel

clean: ## remove everything that was built, the fetched dependencies too
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

.DEFAULT_GOAL := all
.PHONY: all analyze compare coverage fuzz scaling tsan valgrind deps demo test check bench unit verify verify-facts asan headers tidy format install uninstall dist deb npm vsix wheel clean help
.SECONDARY:
-include $(shell find $(BUILD)/analyzer $(BUILD)/rules $(BUILD)/generated $(BUILD)/tests -name '*.d' 2>/dev/null)
