"""omnitron_gdb.py: what a run is at, for gdb.

    gdb -x tests/debug/omnitron_gdb.py --args build/debug/omnitron run ...

or with -p PID, or with a core file. Then

    omnitron tasks             the tasks, the oldest first, and where each is
    omnitron stack [N]         the Lua stack of task N, without N of all
    omnitron releases [PHASE]  how many are in each phase, or those in one

It only reads memory: nothing is called in the program, which may be stopped
anywhere, or be dead. What is ours it knows by the debug information; Lua's own
has none, and lies as Lua 5.4 lays it out on a 64-bit machine (struct Lua).
Where the stop is inside a Lua function and not in C, the innermost line may be
some instructions old, since Lua keeps the counter in a register.
"""

import gdb

# The clock of Lua's work and the nudge are no events (host/task).
gdb.execute("handle SIGVTALRM SIGURG nostop noprint pass", to_string=True)


class Lua:
    """Offsets of Lua 5.4 (lstate.h, lobject.h), in bytes."""

    STATE_CI, STATE_BASE_CI, EXTRA = 32, 96, 8
    CI_FUNC, CI_PREVIOUS, CI_SAVEDPC, CI_CALLSTATUS = 0, 16, 32, 62
    VALUE_SIZE, VALUE_TAG = 16, 8
    CLOSURE_F = 24  # Proto of a Lua closure, the function of one of C
    PROTO_SIZE_ABSLINES, PROTO_LINE = 40, 44
    PROTO_CODE, PROTO_LINES, PROTO_ABSLINES, PROTO_SOURCE = 64, 88, 96, 112
    STRING_BYTES = 24
    IS_C = 2  # of callstatus
    LUA_CLOSURE, LIGHT_C, C_CLOSURE, THREAD = 0x46, 0x16, 0x66, 0x48


def read(address, size, signed=False):
    """The integer that lies there."""
    data = gdb.selected_inferior().read_memory(address, size)
    return int.from_bytes(bytes(data), "little", signed=signed)


def pointer(address):
    return read(address, 8)


def symbol(address):
    """The name of a function, or its address."""
    block = gdb.block_for_pc(address)
    while block and not block.function:
        block = block.superblock
    if block:
        return block.function.name
    said = gdb.execute("info symbol %d" % address, to_string=True)
    return hex(address) if said.startswith("No symbol") else said.split()[0]


class Call:
    """One call on a Lua stack."""

    def __init__(self, ci):
        self.func = pointer(ci + Lua.CI_FUNC)
        self.tag = read(self.func + Lua.VALUE_TAG, 1)
        self.is_lua = self.tag == Lua.LUA_CLOSURE
        if self.is_lua:
            self.proto = pointer(pointer(self.func) + Lua.CLOSURE_F)
            code = pointer(self.proto + Lua.PROTO_CODE)
            self.pc = (pointer(ci + Lua.CI_SAVEDPC) - code) // 4 - 1

    def source(self):
        """As Lua has it: "@rules.lua"; "=omnitron" of what is in the program;
        or the text itself."""
        text = pointer(self.proto + Lua.PROTO_SOURCE)
        if not text:
            return "=?"
        return gdb.Value(text + Lua.STRING_BYTES).cast(
            gdb.lookup_type("char").pointer()).string("utf-8", "replace")

    def first_line(self):
        return read(self.proto + Lua.PROTO_LINE, 4)

    def _known_line(self):
        """(instruction, its line), the last whose line is kept in full."""
        lines = pointer(self.proto + Lua.PROTO_ABSLINES)
        at = (-1, self.first_line())
        for i in range(read(self.proto + Lua.PROTO_SIZE_ABSLINES, 4)):
            pc = read(lines + 8 * i, 4)
            if pc > self.pc:
                break
            at = (pc, read(lines + 8 * i + 4, 4))
        return at

    def line(self):
        """As luaG_getfuncline; 0: the chunk has no lines."""
        steps = pointer(self.proto + Lua.PROTO_LINES)
        if not steps:
            return 0
        pc, line = self._known_line()
        for i in range(pc + 1, self.pc + 1):
            line += read(steps + i, 1, signed=True)
        return line

    def is_script(self):
        """As host/task/spot.c has it."""
        return self.is_lua and self.source().startswith("@")

    def place(self):
        source = self.source()
        name = source[1:] if source[:1] in ("@", "=") else "[string]"
        return "%s:%d" % (name, self.line())

    def function(self):
        """The name of a C function."""
        at = pointer(self.func)
        if self.tag == Lua.C_CLOSURE:
            at = pointer(at + Lua.CLOSURE_F)
        elif self.tag != Lua.LIGHT_C:
            return "?"
        return symbol(at)

    def __str__(self):
        if not self.is_lua:
            return "C function " + self.function()
        first = self.first_line()
        return "%s, in %s" % (self.place(), "the main chunk" if first == 0
                              else "the function at line %d" % first)


def calls(co):
    """The calls of a coroutine, the innermost first."""
    ci = pointer(co + Lua.STATE_CI)
    while ci and ci != co + Lua.STATE_BASE_CI:
        yield Call(ci)
        ci = pointer(ci + Lua.CI_PREVIOUS)


def address(value):
    return int(value.cast(gdb.lookup_type("unsigned long")))


def frames():
    """What Lua runs, the innermost first (host/task/cpu_tick.h)."""
    try:
        frame = gdb.parse_and_eval("'cpu_tick.c'::running")
    except gdb.error:
        raise gdb.GdbError("this is no omnitron with debug information")
    try:
        frame.fetch_lazy()
        while frame:
            yield frame
            frame = frame["outer"]
    except gdb.MemoryError:
        raise gdb.GdbError("the program has not been started")


def all_tasks():
    """struct tasks of the script."""
    for frame in frames():
        if not frame["L"]:
            continue
        place = gdb.Value(pointer(address(frame["L"]) - Lua.EXTRA)).cast(
            gdb.lookup_type("struct task_place").pointer())
        tasks = place["tasks"]
        if tasks and tasks["frame"].address == frame:
            return tasks
    raise gdb.GdbError("no script is open, here and now")


def numbered():
    """[(number, struct task *)], the oldest first."""
    task, found = all_tasks()["all"], []
    while task:
        found.append(task)
        task = task["next"]
    return list(enumerate(reversed(found), 1))


def state_of(task):
    if task["tasks"]["current"] == task:
        return "runs"
    return "ready" if task["queued"] else "waits"


def running_in(task):
    """The coroutines that run inside of the current task, and its own."""
    own, found = address(task["co"]), []
    for frame in frames():
        found.append(address(frame["L"]))
        if found[-1] == own:
            return [co for co in found if co]
    return [own]


def inside(co):
    """The coroutine that waits inside of one, as scripts/prelude.lua holds
    it: the first argument of its innermost Lua function; or 0."""
    for call in calls(co):
        if call.is_lua:
            value = call.func + Lua.VALUE_SIZE
            is_thread = read(value + Lua.VALUE_TAG, 1) == Lua.THREAD
            return pointer(value) if is_thread else 0
    return 0


def parked_in(task):
    """Likewise of one that waits: only when one is known to be inside."""
    co, inner = address(task["co"]), address(task["inner"])
    found = [co]
    while inner and co != inner and len(found) < 200:
        co = inside(co) or inner
        found.insert(0, co)
    return found


def coroutines(task):
    """The coroutines of a task, the innermost first."""
    return running_in(task) if state_of(task) == "runs" else parked_in(task)


def where(task):
    """What a task is in: the innermost C function and line of a script."""
    function, place = "", ""
    for co in coroutines(task):
        for call in calls(co):
            if not call.is_lua and not function and not place:
                function = call.function()
            if call.is_script() and not place:
                place = call.place()
    return function or "-", place or "-"


class Omnitron(gdb.Command):
    """What a run of omnitron is at."""

    def __init__(self):
        super().__init__("omnitron", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)


class Tasks(gdb.Command):
    """The tasks: number, state, the C function and the line of the script
that each is in."""

    def __init__(self):
        super().__init__("omnitron tasks", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        for number, task in numbered():
            function, place = where(task)
            print("%3d  %-5s  %-24s  %s"
                  % (number, state_of(task), function, place))


class Stack(gdb.Command):
    """The Lua stack of a task by its number, the innermost call first; without
a number of all."""

    def __init__(self):
        super().__init__("omnitron stack", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        wanted = [(n, task) for n, task in numbered()
                  if argument in ("", str(n))]
        if argument and not wanted:
            raise gdb.GdbError("there is no task %s: see omnitron tasks"
                               % argument)
        for number, task in wanted:
            print("task %d %s" % (number, state_of(task)))
            stacks = coroutines(task)
            for co in stacks:
                for call in calls(co):
                    print("    %s" % call)
                if co != stacks[-1]:
                    print("  inside of")


def releases():
    """Those that delivery has, in any phase but done."""
    script = all_tasks()["host"].cast(
        gdb.lookup_type("struct script").pointer())
    delivery = script["loop"]["delivery"]
    if not delivery:
        raise gdb.GdbError("nothing is delivered: this is a plan")
    buckets = delivery["table"]["bucket"]
    for i in range(buckets.type.range()[1] + 1):
        first = buckets[i]
        while first:
            release = first
            while release:
                yield release
                release = release["same"]
            first = first["in_bucket"]


def phases():
    """{value: name}, in the order of enum release_phase."""
    return {field.enumval: field.name.replace("RELEASE_", "").lower()
            for field in gdb.lookup_type("enum release_phase").fields()}


class Releases(gdb.Command):
    """How many releases are in each phase; or, of one phase, the item, the
requests so far and the code of each."""

    def __init__(self):
        super().__init__("omnitron releases", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        names = phases()
        if argument and argument not in names.values():
            raise gdb.GdbError("no phase is called %s: they are %s"
                               % (argument, ", ".join(names.values())))
        found = {name: [] for name in names.values()}
        for release in releases():
            found[names[int(release["phase"])]].append(release)
        if argument:
            self.show(found[argument])
            return
        for name, those in found.items():
            if those:
                print("%-9s  %d" % (name, len(those)))

    def show(self, those):
        for release in sorted(
                those, key=lambda r: int(r["result"]["order_item_id"])):
            print("%12d  tries %d  %s"
                  % (release["result"]["order_item_id"], release["tries"],
                     release["result"]["code"].string("utf-8", "replace")))


Omnitron()
Tasks()
Stack()
Releases()
