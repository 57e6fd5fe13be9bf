# To be read by a case: runs its words, its output in the file `out`; $code and
# $peak (KiB) are how it ended.
measured() {
    "$@" >out 2>&1 &
    run=$!
    peak=0
    while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$run/status 2>/dev/null) && [ "$now" ]; do
        [ "$now" -gt $peak ] && peak=$now
        sleep 0.02
    done
    wait $run
    code=$?
    tail -5 out
    echo "exit $code, $peak KiB"
}
