# make demo, make test: set up this machine (Debian or Ubuntu), build, run.
# make: build only.  CC=clang, BUILD=folder, WERROR=1 as one likes.
# make help: the rest.

# The packages this is built with, and those its tests need besides. (Ubuntu
# has no chromium but a snap, which a container cannot run.)
PACKAGES = gcc binutils libc6-dev pkg-config liblua5.4-dev libcurl4-openssl-dev \
	lua-cjson-dev lua-check libsqlite3-dev libmicrohttpd-dev zlib1g-dev \
	libedit-dev libssl-dev
# The sanitizers of the clang that the distribution has.
CLANG_RT = libclang-rt-$(if $(shell grep -s \
	'^VERSION_CODENAME=trixie' /etc/os-release),19,14)-dev
TEST_PACKAGES = libcmocka-dev clang $(CLANG_RT) clang-format perl \
	mandoc curl openssl sqlite3 strace gdb lua5.4 tmux iproute2 \
	systemd cron libxml2-utils locales \
	$(shell grep -qs '^ID=debian' /etc/os-release && echo chromium)
# What the Debian package is made and looked through with.
DEB_PACKAGES = build-essential debhelper dpkg-dev lintian
# And what it is measured against.
BENCH_PACKAGES = nginx-light python3-requests python3-aiohttp \
	python3-djangorestframework curl lua5.4 \
	perl libcmocka-dev $(if $(BENCH_CALLGRIND),valgrind)

BUILD ?= build
# However it was named: what make knows of the headers goes by the name.
override BUILD := $(patsubst $(CURDIR)/%,%,$(abspath $(BUILD)))
PREFIX ?= /usr/local
MAKEFLAGS += --no-print-directory
Q = @

CPPFLAGS += -D_GNU_SOURCE -Ihost -isystem /usr/include/lua5.4
# clang from 19 on minds a number that is a constant of an enum without a name
# (which C says is an int) beside a double; those before it, and gcc, do not.
WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow \
	-Wstrict-prototypes -Wmissing-prototypes -Wcast-qual \
	-Wwrite-strings -Wundef -Wvla -Wformat=2 -Wnull-dereference \
	-Wno-enum-float-conversion
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=c11 $(WARNINGS) $(if $(WERROR),-Werror) $(CFLAGS) \
	$(SANITIZE) -pthread
# Lua and lua-cjson are linked in; -E lets C modules of a profile find Lua.
CJSON = $(BUILD)/cjson.a
LDLIBS = $(CJSON) -l:liblua5.4.a -lcurl -lsqlite3 \
	-lmicrohttpd -lz -ledit -lssl -lcrypto -lm -ldl
LDFLAGS += -Wl,-E

SOURCES := $(sort $(wildcard host/*.c host/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embedded_files.o \
	$(BUILD)/commit.o
# What --version says it was made of; a package's sources have it as a file.
COMMIT := $(or $(shell cat host/commit 2>/dev/null || { \
	git rev-parse --short=10 HEAD && { git diff --quiet HEAD || echo +; }; \
	} 2>/dev/null | tr -d '\n'),unknown)
$(shell text='const char version_commit[] = "$(COMMIT)";'; \
	test "$$(tail -1 $(BUILD)/commit.c 2>/dev/null)" = "$$text" || { \
	mkdir -p $(BUILD); printf '\043include "base/version.h"\n%s\n' \
	"$$text" >$(BUILD)/commit.c; })
LIBRARY := $(filter-out $(BUILD)/host/main.o,$(OBJECTS))
# Where the package lua-check has it, and what is taken of it.
LUACHECK ?= $(firstword $(wildcard /usr/share/lua/5.*/luacheck))
NO_LUACHECK = luacheck is missing: apt-get install lua-check, or say \
	LUACHECK=folder
LUACHECK_PARTS := $(if $(LUACHECK),$(addprefix $(LUACHECK)/,check_state.lua \
	core_utils.lua filter.lua format.lua lexer.lua options.lua parser.lua \
	standards.lua utils.lua) $(sort $(wildcard $(LUACHECK)/stages/*.lua)))
EMBEDDED := $(sort $(wildcard scripts/*.lua scripts/*.bash scripts/*.css \
	scripts/lib/*.lua \
	scripts/types/*.lua scripts/check/*.lua scripts/cmd/*.lua) \
	$(shell find -L scripts/init -type f)) $(LUACHECK_PARTS)
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/unit/%, \
	$(sort $(wildcard tests/unit/*_test.c)))
# Delivery in a world of its own: one program of several files.
SIMULATION := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/simulation/*.c))
# Limiters of all kinds, in virtual time: one of several files, too.
LIMITS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/limits/*.c))
UNIT += $(BUILD)/unit/simulation_test $(BUILD)/unit/limits_test
# What tests link of it is what they use. The programs of tests/memory bring
# their own base/mem, in which allocations fail: the linker takes that one.
ARCHIVE = $(BUILD)/libomnitron.a
MEMORY := $(BUILD)/memory/omnitron $(patsubst tests/memory/%.c, \
	$(BUILD)/memory/%,$(sort $(wildcard tests/memory/*_test.c)))
HELPERS := $(patsubst tests/faults/%.c,$(BUILD)/faults/%, \
	$(sort $(wildcard tests/faults/*.c)))
# Loaded before the C library, into programs of any build: no sanitizer.
HELPERS += $(patsubst tests/faults/preload/%.c,$(BUILD)/faults/%.so, \
	$(sort $(wildcard tests/faults/preload/*.c)))

BENCH := $(patsubst tests/bench/%.c,$(BUILD)/bench/%, \
	$(sort $(wildcard tests/bench/*.c)))

# What is installed of examples/: what a customer's folder may have.
EXAMPLES := $(sort $(shell find examples -type f \( -name '*.lua' -o \
	-name '*.json' -o -name '*.csv' -o -name README.md \) \
	-not -path '*/inbox/*' -not -path '*/archive/*'))

.PHONY: all demo test asan debug soak bench help install uninstall deb clean \
	setup setup-tests programs
.SECONDARY:

all: $(BUILD)/omnitron

$(BUILD)/omnitron: $(OBJECTS) $(CJSON)
	$(Q)$(CC) $(SANITIZE) -pthread $(LDFLAGS) -o $@ $(OBJECTS) $(LDLIBS)

# lua-cjson ends the process when its malloc fails: it gets one that raises.
$(CJSON):
	$(Q)mkdir -p $(@D)
	$(Q)objcopy --redefine-sym malloc=json_lua_cjson_malloc \
		--redefine-sym realloc=json_lua_cjson_realloc \
		--redefine-sym free=json_lua_cjson_free \
		"$$($(CC) -print-file-name=liblua5.4-cjson.a)" $@

# What a target of its own source is made anew for: the headers, too.
HEADERS = -MMD -MP -MF $(basename $@).d -MT $@

$(BUILD)/%.o: %.c Makefile
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(HEADERS) -c -o $@ $<

# What is under scripts/ as bytes of the binary: the Lua that runs in it is
# compiled, the rest as it is.
$(BUILD)/scripts/compile: scripts/compile.c
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -o $@ $< -l:liblua5.4.a -lm -ldl

$(BUILD)/embedded_files.c: $(EMBEDDED) $(BUILD)/scripts/compile Makefile
	$(Q)test "$(LUACHECK)" || { echo "$(NO_LUACHECK)" >&2; exit 1; }
	$(Q)set -e; { echo '#include "lua/embedded.h"'; n=0; \
	for f in $(EMBEDDED); do \
		case $$f in \
		scripts/check/*) name==check ;; \
		$(LUACHECK)/*) name==luacheck ;; \
		scripts/lib/*|scripts/cmd/*|scripts/prelude.lua) name==omnitron ;; \
		*) name= ;; \
		esac; \
		if [ "$$name" ]; then $(BUILD)/scripts/compile $$name "$$f"; \
		else cat "$$f"; fi >$@.bytes; \
		echo "static const unsigned char file_$$n[] = {"; \
		od -An -v -tu1 $@.bytes | sed 's/\([0-9]\{1,\}\)/\1,/g'; \
		echo '0};'; n=$$((n + 1)); done; \
	echo 'const struct embedded embedded_files[] = {'; n=0; \
	for f in $(EMBEDDED); do \
		name=$${f#scripts/}; name=$${name#$(dir $(LUACHECK))}; \
		echo "{\"$$name\", file_$$n, sizeof file_$$n - 1},"; \
		n=$$((n + 1)); done; \
	echo '{0, 0, 0}};'; } > $@.new; mv $@.new $@; rm $@.bytes

$(BUILD)/commit.o $(BUILD)/embedded_files.o: %.o: %.c
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(HEADERS) -c -o $@ $<

$(ARCHIVE): $(LIBRARY)
	$(Q)rm -f $@
	$(Q)ar rcs $@ $(LIBRARY)

$(BUILD)/unit/simulation_test: $(SIMULATION) $(ARCHIVE) $(CJSON)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(SANITIZE) -pthread $(LDFLAGS) -o $@ $(SIMULATION) \
		$(ARCHIVE) $(LDLIBS)

$(BUILD)/unit/limits_test: $(LIMITS) $(ARCHIVE) $(CJSON)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(SANITIZE) -pthread $(LDFLAGS) -o $@ $(LIMITS) \
		$(ARCHIVE) -lcmocka $(LDLIBS)

$(BUILD)/unit/%: tests/unit/%.c $(ARCHIVE) $(CJSON)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(ALL_CFLAGS) $(HEADERS) $(LDFLAGS) \
		-o $@ $< \
		$(ARCHIVE) -lcmocka $(LDLIBS)

$(BUILD)/memory/%_test: tests/memory/%_test.c $(ARCHIVE) $(CJSON)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(ALL_CFLAGS) $(HEADERS) $(LDFLAGS) \
		-o $@ $< \
		$(ARCHIVE) -lcmocka $(LDLIBS)

$(BUILD)/memory/omnitron: $(BUILD)/tests/memory/mem.o \
		$(BUILD)/host/main.o $(ARCHIVE) $(CJSON)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(SANITIZE) -pthread $(LDFLAGS) -o $@ \
		$(filter %.o,$^) $(ARCHIVE) $(LDLIBS)

$(BUILD)/faults/%.so: tests/faults/preload/%.c
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(filter-out $(SANITIZE),$(ALL_CFLAGS)) \
		-fPIC -shared -o $@ $<

$(BUILD)/faults/%: tests/faults/%.c
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -o $@ $<

# With all libraries that omnitron has, used or not.
$(BUILD)/bench/%: tests/bench/%.c $(CJSON)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -Wl,--no-as-needed -o $@ \
		$(filter %.c %.o,$^) $(LDLIBS)

$(BUILD)/bench/csv: $(LIBRARY)

help:
	@echo 'make            build/omnitron'
	@echo 'make demo       the main job, against the built-in mock'
	@echo 'make test       every test, as it ships and under the sanitizers'
	@echo 'make test T=csv those whose name has "csv", and such cases of cli'
	@echo 'make soak       the long form'
	@echo 'make bench      how fast it is here, as ratios'
	@echo 'make asan       build/asan/omnitron, under the sanitizers'
	@echo 'make debug      build/debug/omnitron, for gdb; core dumps allowed'
	@echo 'make install    into PREFIX ($(PREFIX)), with DESTDIR if given'
	@echo 'make deb        a Debian package, in BUILD'
	@echo 'make clean      takes BUILD ($(BUILD)) away'

programs: $(BUILD)/omnitron $(UNIT) $(MEMORY) $(HELPERS)

setup:
	$(Q)sh tests/setup $(PACKAGES)

setup-tests:
	$(Q)sh tests/setup $(PACKAGES) $(TEST_PACKAGES)

demo: setup
	$(Q)$(MAKE) all
	$(Q)sh examples/csv-drop/demo $(abspath $(BUILD))

# Everything twice: as it ships, and under the sanitizers. T=brake: what fits.
test: setup-tests
	$(Q)$(MAKE) -j2 programs WERROR=$(CI)
	$(Q)$(MAKE) -j2 asan
	$(Q)T='$(T)' sh tests/run $(BUILD) $(BUILD)/asan

# The long form: every allocation, not every few; 200,000 simulated worlds, or
# OMNITRON_SEEDS of them; random calls for half an hour, or as many seconds as
# OMNITRON_CALLS_SECONDS says.
soak: setup-tests
	$(Q)$(MAKE) -j2 programs
	$(Q)OMNITRON_SOAK=1 sh tests/run $(BUILD)

# How fast it is here: see tests/bench/run for what may be set.
bench: setup
	$(Q)sh tests/setup $(BENCH_PACKAGES)
	$(Q)$(MAKE) -j2 all $(BENCH) $(BUILD)/unit/limits_test
	$(Q)perl tests/bench/run $(abspath $(BUILD))
	$(Q)perl tests/bench/why $(abspath $(BUILD))

asan:
	$(Q)$(MAKE) programs BUILD=$(BUILD)/asan CC=clang CFLAGS='-O1 -g' \
		WERROR=$(CI) \
		SANITIZE='-fsanitize=address,undefined -fno-omit-frame-pointer'

# The token may then be in a core file: for a developer's own machine. gdb
# understands tasks and releases by tests/debug/omnitron_gdb.py.
debug:
	$(Q)$(MAKE) all BUILD=$(BUILD)/debug CFLAGS='-O0 -g3 -DOMNITRON_DEBUG'

$(BUILD)/omnitron.bash: $(BUILD)/omnitron
	$(Q)$< help --bash >$@.new
	$(Q)mv $@.new $@

SHARE = $(DESTDIR)$(PREFIX)/share
COMPLETION = $(SHARE)/bash-completion/completions/omnitron

install: all $(BUILD)/omnitron.bash
	install -D $(BUILD)/omnitron $(DESTDIR)$(PREFIX)/bin/omnitron
	install -D -m 644 host/omnitron.1 $(SHARE)/man/man1/omnitron.1
	install -D -m 644 $(BUILD)/omnitron.bash $(COMPLETION)
	install -D -m 644 -t $(SHARE)/omnitron/types scripts/types/omnitron.lua
	install -D -m 644 -t $(SHARE)/doc/omnitron host/doc/*.md
	$(Q)for f in $(EXAMPLES); do \
		install -D -m 644 $$f $(SHARE)/doc/omnitron/$$f || exit 1; done
	install -d $(SHARE)/doc/omnitron/examples/csv-drop/inbox \
		$(SHARE)/doc/omnitron/examples/csv-drop/archive

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/omnitron $(COMPLETION) \
		$(SHARE)/man/man1/omnitron.1
	rm -rf $(SHARE)/omnitron $(SHARE)/doc/omnitron

# $(BUILD)/omnitron_VERSION_ARCHITECTURE.deb, of a copy of the sources.
deb:
	$(Q)sh tests/setup $(PACKAGES) $(DEB_PACKAGES)
	$(Q)sh host/debian/assemble $(abspath $(BUILD)) $(PACKAGES)
	lintian --allow-root --fail-on error,warning $(BUILD)/omnitron_*.deb

clean:
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d) $(SIMULATION:.o=.d) $(LIMITS:.o=.d) $(UNIT:=.d) $(MEMORY:=.d) \
	$(BUILD)/tests/memory/mem.d
