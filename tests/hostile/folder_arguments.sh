#!/bin/sh
# tries: options with values at the edges and words with escapes
# bound: 60
echo 'print(1)' >case.lua
e=$(printf '\033[2J\342\200\256')
for word in "--deadline -1" "--deadline 99999999999999999999h" "--deadline nan" "--limit -1" "--limit 99999999999999999999" \
    "--only $e" "--only 99999999999999999999" "--wait 1e9" "--summary /dev/full" "--summary /" "--metrics x" "--metrics /dev/null" \
    "--ping file:///etc/passwd" "--ping http://10.255.255.1/" "--log-file /dev/full" "--log-file ." "--log-format x" "--journal /dev/null" \
    "--journal token" "--profile token" "--profile /dev/zero" "--$e" "-$e" "--mock=x" "--deadline" "--only"; do
    timeout -k 1 20 "$OMNITRON" run $word case.lua >out 2>&1
    code=$?
    [ $code -eq 124 ] || [ $code -ge 128 ] || [ $code -eq 70 ] && echo "$word: $code" && tail -3 out && exit 1
    tr -d '\n' <out | grep -q "$(printf '\033')" && echo "RAW $word" && exit 1
done
for word in "$e" "journal $e" "journal show $e" "why $e" "recall $e" "settle" "help $e" "journal list --state $e" "report --since -1d" "report --since 99999999999d"; do
    timeout -k 1 20 "$OMNITRON" $word >out 2>&1
    code=$?
    [ $code -eq 124 ] || [ $code -ge 128 ] || [ $code -eq 70 ] && echo "$word: $code" && tail -3 out && exit 1
    tr -d '\n' <out | grep -q "$(printf '\033')" && echo "RAW $word" && exit 1
done
true
